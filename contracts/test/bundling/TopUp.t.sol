// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";

contract TopUpTest is BundlerRegistryTest {
    Joined private alice;
    address private friend = makeAddr("friend");

    function setUp() public override {
        super.setUp();
        alice = join("alice", MINIMUM_STAKE);
        vm.deal(friend, 1000 ether);
    }

    function test_RevertWhen_ThereIsNoSuchBundler() public {
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.NoSuchBundler.selector, 9));
        vm.prank(friend);
        registry.topUp{value: 1}(9);
    }

    function test_RevertWhen_NothingIsSent() public {
        vm.expectRevert(IBundlerRegistry.ZeroAmount.selector);
        registry.topUp(alice.id);
    }

    function test_RevertWhen_ItIsLeaving() public {
        vm.prank(alice.operator);
        registry.requestExit(alice.id);
        uint64 exitBlock = registry.bundler(alice.id).exitBlock;
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.Exiting.selector, alice.id, exitBlock));
        vm.prank(friend);
        registry.topUp{value: 1}(alice.id);
    }

    function testFuzz_AnyoneMayAddToTheStakeAndItCountsFromTheNextEpochThatIsNotFrozen(
        uint256 amountWei,
        uint256 blocks
    ) public {
        amountWei = bound(amountWei, 1, 1000 ether);
        vm.roll(block.number + bound(blocks, 0, 600));
        uint64 epoch = nextEpoch();
        uint256 beforeWei = registry.totalWeightWei(epoch - 1);
        vm.expectEmit(address(registry));
        emit IBundlerRegistry.StakeToppedUp(alice.id, amountWei, MINIMUM_STAKE + amountWei);
        vm.prank(friend);
        registry.topUp{value: amountWei}(alice.id);
        vm.assertEq(stakeOf(alice.id), MINIMUM_STAKE + amountWei);
        vm.assertEq(registry.totalWeightWei(epoch - 1), beforeWei, "what is frozen stays");
        vm.assertEq(registry.totalWeightWei(epoch), MINIMUM_STAKE + amountWei);
    }

    function test_WhatAFineTookCanBeMadeGood() public {
        vm.prank(registry.court());
        registry.slash(alice.id, 60 ether, friend);
        vm.assertEq(registry.bundler(alice.id).nextWeightWei, 0);
        vm.prank(friend);
        registry.topUp{value: 11 ether}(alice.id);
        vm.assertEq(registry.bundler(alice.id).nextWeightWei, 51 ether);
    }
}
