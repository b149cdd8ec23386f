// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";

contract SlashTest is BundlerRegistryTest {
    Joined private alice;
    address private court;
    address private reporter = makeAddr("reporter");

    function setUp() public override {
        super.setUp();
        alice = join("alice", MINIMUM_STAKE);
        court = registry.court();
    }

    function testFuzz_RevertWhen_TheCallerIsNotTheCourt(address caller) public {
        vm.assume(caller != court);
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.NotCourt.selector, caller));
        vm.prank(caller);
        registry.slash(alice.id, 1 ether, reporter);
    }

    function test_RevertWhen_ThereIsNoSuchBundler() public {
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.NoSuchBundler.selector, 9));
        vm.prank(court);
        registry.slash(9, 1 ether, reporter);
    }

    function testFuzz_HalfIsTheReportersAndTheRestIsBurnt(uint256 amountWei) public {
        amountWei = bound(amountWei, 0, 3 * MINIMUM_STAKE);
        uint256 expectedWei = amountWei < MINIMUM_STAKE ? amountWei : MINIMUM_STAKE;
        vm.prank(court);
        vm.assertEq(registry.slash(alice.id, amountWei, reporter), expectedWei);
        vm.assertEq(registry.rewardOf(reporter), expectedWei / 2);
        vm.assertEq(registry.unburntWei(), expectedWei - expectedWei / 2);
        vm.assertEq(stakeOf(alice.id), MINIMUM_STAKE - expectedWei);
        vm.assertEq(address(registry).balance, MINIMUM_STAKE);
    }

    function testFuzz_WeightFollowsUntilHalfOfTheLeastStake(uint256 amountWei) public {
        amountWei = bound(amountWei, 0, MINIMUM_STAKE);
        uint64 epoch = nextEpoch();
        vm.prank(court);
        registry.slash(alice.id, amountWei, reporter);
        uint256 leftWei = MINIMUM_STAKE - amountWei;
        vm.assertEq(registry.totalWeightWei(epoch), leftWei > MINIMUM_STAKE / 2 ? leftWei : 0);
    }

    function test_WhoLeavesCanBeFinedUntilItHasWithdrawn() public {
        vm.prank(alice.operator);
        registry.requestExit(alice.id);
        vm.roll(registry.bundler(alice.id).exitBlock + 1000);
        vm.prank(court);
        vm.assertEq(registry.slash(alice.id, 60 ether, reporter), 60 ether);
        vm.prank(alice.operator);
        vm.assertEq(registry.withdraw(alice.id, payable(alice.operator)), 40 ether);
        vm.prank(court);
        vm.assertEq(registry.slash(alice.id, 60 ether, reporter), 0);
    }

    function test_TheEventTellsWhoGotWhat() public {
        vm.expectEmit(address(registry));
        emit IBundlerRegistry.Slashed(alice.id, reporter, 25 ether, 25 ether, 50 ether);
        vm.prank(court);
        registry.slash(alice.id, 50 ether, reporter);
    }
}
