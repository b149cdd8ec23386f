// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";

contract WithdrawTest is BundlerRegistryTest {
    Joined private alice;
    address payable private purse = payable(makeAddr("purse"));

    function setUp() public override {
        super.setUp();
        alice = join("alice", MINIMUM_STAKE);
    }

    function _exit() private returns (uint64 exitBlock) {
        vm.prank(alice.operator);
        registry.requestExit(alice.id);
        return registry.bundler(alice.id).exitBlock;
    }

    // ─── Refused ─────────────────────────────────────────────────────────────

    function test_RevertWhen_TheCallerIsNotItsOperator() public {
        vm.roll(_exit());
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.NotOperator.selector, alice.id, purse));
        vm.prank(purse);
        registry.withdraw(alice.id, purse);
    }

    function test_RevertWhen_ItHasNotAskedToLeave() public {
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.NotExiting.selector, alice.id));
        vm.prank(alice.operator);
        registry.withdraw(alice.id, purse);
    }

    function test_RevertWhen_TheDelayIsNotOver() public {
        uint64 exitBlock = _exit();
        vm.roll(exitBlock - 1);
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.ExitDelayNotOver.selector, exitBlock));
        vm.prank(alice.operator);
        registry.withdraw(alice.id, purse);
    }

    function test_RevertWhen_ItHasWithdrawn() public {
        vm.roll(_exit());
        vm.prank(alice.operator);
        registry.withdraw(alice.id, purse);
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.AlreadyWithdrawn.selector, alice.id));
        vm.prank(alice.operator);
        registry.withdraw(alice.id, purse);
    }

    function test_RevertWhen_TheReceiverTakesNoCoins() public {
        vm.roll(_exit());
        vm.expectRevert(
            abi.encodeWithSelector(IBundlerRegistry.TransferFailed.selector, address(registry), MINIMUM_STAKE)
        );
        vm.prank(alice.operator);
        registry.withdraw(alice.id, payable(address(registry)));
    }

    // ─── Works ───────────────────────────────────────────────────────────────

    function testFuzz_AllThatIsLeftOfTheStakeComesBack(uint256 finedWei, uint256 strikes) public {
        finedWei = bound(finedWei, 0, 2 * MINIMUM_STAKE);
        strikes = bound(strikes, 0, 5);
        Joined memory bob = join("bob", MINIMUM_STAKE);
        vm.prank(bob.operator);
        registry.requestExit(bob.id);
        rollTo(41);
        rollTo(42);
        // Alice alone leads here.
        for (uint256 i = 0; i < strikes; ++i) {
            note(bob.executor);
            vm.roll(block.number + 1);
        }
        vm.prank(registry.court());
        uint256 takenWei = registry.slash(bob.id, finedWei, purse);
        uint256 leftWei = stakeOf(bob.id);
        vm.assertEq(leftWei + takenWei + strikes * STRIKE, MINIMUM_STAKE);
        vm.roll(registry.bundler(bob.id).exitBlock);
        vm.prank(bob.operator);
        vm.assertEq(registry.withdraw(bob.id, purse), leftWei);
        vm.assertEq(purse.balance, leftWei);
        vm.assertEq(stakeOf(bob.id), 0);
    }

    function test_TheKeyMayComeBackUnderAnotherId() public {
        vm.roll(_exit());
        vm.prank(alice.operator);
        registry.withdraw(alice.id, purse);
        vm.assertEq(registry.bundlerOfKey(alice.nodeKey), 0);
        Joined memory again = registered("alice", MINIMUM_STAKE);
        vm.assertEq(again.id, alice.id + 1);
        vm.assertEq(registry.bundlerOfKey(alice.nodeKey), again.id);
        // The old id can take nothing from the new one.
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.AlreadyWithdrawn.selector, alice.id));
        vm.prank(alice.operator);
        registry.withdraw(alice.id, purse);
    }

    function test_TheEventTellsWhereItWent() public {
        vm.roll(_exit());
        vm.expectEmit(address(registry));
        emit IBundlerRegistry.Withdrawn(alice.id, purse, MINIMUM_STAKE);
        vm.prank(alice.operator);
        registry.withdraw(alice.id, purse);
    }
}
