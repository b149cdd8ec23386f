// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";

contract SettleStrikesTest is BundlerRegistryTest {
    uint256 private constant START = 41 * 256;

    Joined private alice;
    Joined private idle;

    function setUp() public override {
        super.setUp();
        alice = join("alice", 1000 * MINIMUM_STAKE);
        idle = join("idle", MINIMUM_STAKE);
        rollTo(41, "a seed by which only alice leads");
    }

    function _strike(uint256 times) private {
        for (uint256 i = 0; i < times; ++i) {
            vm.roll(START + 8 + i);
            note(idle.executor);
        }
        vm.assertEq(registry.bundler(idle.id).strikes, times);
    }

    function test_RevertWhen_ThereIsNoSuchBundler() public {
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.NoSuchBundler.selector, 9));
        registry.settleStrikes(9);
    }

    function test_WithoutStrikesNothingChanges() public {
        vm.recordLogs();
        registry.settleStrikes(idle.id);
        vm.assertEq(vm.getRecordedLogs().length, 0);
    }

    function testFuzz_StakeAndWeightLoseWhatStrikesCost(uint256 strikes) public {
        strikes = bound(strikes, 1, 40);
        _strike(strikes);
        uint256 leftWei = MINIMUM_STAKE - strikes * STRIKE;
        vm.assertEq(stakeOf(idle.id), leftWei, "shown before it is settled");
        vm.assertEq(registry.bundler(idle.id).nextWeightWei, MINIMUM_STAKE);
        registry.settleStrikes(idle.id);
        vm.assertEq(stakeOf(idle.id), leftWei);
        vm.assertEq(registry.bundler(idle.id).nextWeightWei, leftWei);
        vm.assertEq(registry.unburntWei(), strikes * STRIKE);
        registry.settleStrikes(idle.id);
        vm.assertEq(stakeOf(idle.id), leftWei, "once");
    }

    function test_ToppingUpPaysForOldStrikesOnlyOutOfOldStake() public {
        _strike(2);
        vm.deal(address(this), 1 ether);
        registry.topUp{value: 1 ether}(idle.id);
        vm.assertEq(stakeOf(idle.id), MINIMUM_STAKE + 1 ether - 2 * STRIKE);
        vm.assertEq(registry.unburntWei(), 2 * STRIKE);
    }
}
