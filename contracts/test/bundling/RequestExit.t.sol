// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";

contract RequestExitTest is BundlerRegistryTest {
    Joined private alice;
    Joined private bob;

    function setUp() public override {
        super.setUp();
        alice = join("alice", MINIMUM_STAKE);
        bob = join("bob", MINIMUM_STAKE);
    }

    function test_RevertWhen_ThereIsNoSuchBundler() public {
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.NoSuchBundler.selector, 9));
        registry.requestExit(9);
    }

    function test_RevertWhen_TheCallerIsNotItsOperator() public {
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.NotOperator.selector, alice.id, bob.operator));
        vm.prank(bob.operator);
        registry.requestExit(alice.id);
    }

    function test_RevertWhen_ItIsLeavingAlready() public {
        vm.prank(alice.operator);
        registry.requestExit(alice.id);
        uint64 exitBlock = registry.bundler(alice.id).exitBlock;
        vm.roll(block.number + 10);
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.Exiting.selector, alice.id, exitBlock));
        vm.prank(alice.operator);
        registry.requestExit(alice.id);
    }

    function testFuzz_ItsWeightIsGoneFromTheNextEpochThatIsNotFrozen(uint256 blocks) public {
        vm.roll(block.number + 256 + bound(blocks, 0, 512));
        uint64 epoch = nextEpoch();
        vm.expectEmit(address(registry));
        emit IBundlerRegistry.ExitRequested(alice.id, uint64(block.number + 8640));
        vm.expectEmit(address(registry));
        emit IBundlerRegistry.WeightChanged(alice.id, 0, epoch);
        vm.prank(alice.operator);
        registry.requestExit(alice.id);
        vm.assertEq(registry.totalWeightWei(epoch - 1), 2 * MINIMUM_STAKE);
        vm.assertEq(registry.totalWeightWei(epoch), MINIMUM_STAKE);
        vm.assertEq(stakeOf(alice.id), MINIMUM_STAKE, "and its stake stays");
    }

    function test_WhoLeavesLeadsNoWindowOfTheEpochAfter() public {
        rollTo(41);
        vm.prank(alice.operator);
        registry.requestExit(alice.id);
        rollTo(42);
        uint32[] memory leaders = registry.leaderTable(42);
        for (uint256 i = 0; i < leaders.length; ++i) {
            vm.assertEq(leaders[i], bob.id);
        }
    }
}
