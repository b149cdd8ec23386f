// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";
import {PaymasterTest} from "../support/PaymasterTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice Tips and strikes by the registry itself: who sends the bundle, and when.
contract LeaderTurnsTest is PaymasterTest, BundlerRegistryTest {
    uint256 private constant START = 41 * EPOCH_BLOCKS;
    uint128 private constant TIP_WEI = 20_000 gwei;

    Joined private alice;
    Joined private idle;

    /// @dev Alice leads every window; idle is registered and never leads, for it has asked to leave.
    function setUp() public override(PaymasterTest, BundlerRegistryTest) {
        PaymasterTest.setUp();
        BundlerRegistryTest.setUp();
        alice = join("alice", MINIMUM_STAKE);
        idle = join("idle", MINIMUM_STAKE);
        vm.prank(idle.operator);
        registry.requestExit(idle.id);
        vm.prank(operator);
        paymaster.setLeaderTip(address(registry), TIP_WEI);
    }

    function test_TheLeaderOfTheWindowIsOwedTheTip() public {
        rollTo(41);
        vm.roll(START + 8);
        _landBy(alice.executor);
        vm.assertEq(paymaster.tipsOf(address(registry), alice.id), TIP_WEI);
        vm.assertEq(registry.bundler(alice.id).strikes, 0);
        paymaster.claimTips(address(registry), alice.id);
        vm.assertEq(alice.operator.balance, TIP_WEI);
    }

    function test_Attack_ARegisteredBundlerOutOfTurnIsStruckAndOwedNothing() public {
        rollTo(41);
        vm.roll(START + 8);
        _landBy(idle.executor);
        vm.assertEq(paymaster.tipsOwedWei(), 0);
        vm.assertEq(registry.bundler(idle.id).strikes, 1);
        vm.assertEq(registry.bundler(idle.id).stakeWei, MINIMUM_STAKE - STRIKE);
    }

    function test_Attack_AnUnregisteredBundlerIsOwedNothing() public {
        rollTo(41);
        vm.roll(START + 8);
        _landBy(bundler);
        vm.assertEq(paymaster.tipsOwedWei(), 0);
    }

    /// @dev Nobody's turn is known, so nobody is overtaken.
    function test_WithoutATableAnyRegisteredBundlerIsOwedTheTip() public {
        vm.roll(START + 8);
        _landBy(idle.executor);
        vm.assertEq(paymaster.tipsOf(address(registry), idle.id), TIP_WEI);
        vm.assertEq(registry.bundler(idle.id).strikes, 0);
    }

    /// @dev A bundler that has left is still paid what it has earned.
    function test_TipsAreClaimedAfterTheBundlerHasLeft() public {
        vm.roll(START + 8);
        _landBy(idle.executor);
        vm.roll(START + 20_000);
        vm.prank(idle.operator);
        registry.withdraw(idle.id, payable(makeAddr("elsewhere")));
        paymaster.claimTips(address(registry), idle.id);
        vm.assertEq(idle.operator.balance, TIP_WEI);
    }

    function test_GasOfATippedOperationInTurn() public {
        rollTo(41);
        vm.roll(START + 8);
        vm.deal(alice.operator, 1);
        _landBy(alice.executor);
        _landBy(alice.executor);
        vm.snapshotGasLastCall("Paymaster", "sponsored, with a tip");
        paymaster.claimTips(address(registry), alice.id);
        vm.snapshotGasLastCall("Paymaster", "claimTips");
    }

    function _landBy(address executor) private {
        Terms memory terms = termsOf(SPONSOR);
        terms.postOpGasLimit = uint128(paymaster.leaderTipPostOpGasLimit());
        PackedUserOperation[] memory operations = new PackedUserOperation[](1);
        operations[0] = paidOperation(calling(beneficiary, ""), ampleGas(), terms);
        vm.prank(executor, executor);
        entryPoint.handleOps(operations, beneficiary);
    }
}
