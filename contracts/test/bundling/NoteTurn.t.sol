// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";

contract NoteTurnTest is BundlerRegistryTest {
    uint256 private constant START = 41 * 256;

    Joined private alice;
    Joined private bob;
    Joined private idle;

    function setUp() public override {
        super.setUp();
        alice = join("alice", MINIMUM_STAKE);
        bob = join("bob", MINIMUM_STAKE);
        // Registered, and never leads: it has asked to leave.
        idle = join("idle", MINIMUM_STAKE);
        vm.prank(idle.operator);
        registry.requestExit(idle.id);
    }

    function test_ASenderThatIsNobodysExecutorIsNeitherInTurnNorStruck() public {
        rollTo(41);
        vm.roll(START + 8);
        vm.recordLogs();
        (uint32 id, bool inTurn) = note(makeAddr("outsider"));
        vm.assertEq(id, 0);
        vm.assertFalse(inTurn);
        vm.assertEq(vm.getRecordedLogs().length, 0);
        // Nor where everybody may.
        vm.roll(START + 300);
        (id, inTurn) = note(makeAddr("outsider"));
        vm.assertEq(id, 0);
        vm.assertFalse(inTurn);
    }

    function test_WithoutATableEverybodyIsInTurn() public {
        vm.roll(START);
        (uint32 id, bool inTurn) = note(idle.executor);
        vm.assertEq(id, idle.id);
        vm.assertTrue(inTurn);
        vm.assertEq(registry.bundler(idle.id).strikes, 0);
    }

    function testFuzz_WhoIsInTurnIsNotStruckAndWhoIsOutOfTurnIs(uint256 blocks) public {
        rollTo(41);
        vm.roll(START + 4 + bound(blocks, 0, 251));
        Joined[3] memory all = [alice, bob, idle];
        for (uint256 i = 0; i < 3; ++i) {
            bool expected = registry.isInTurn(all[i].id, block.number);
            (uint32 id, bool inTurn) = note(all[i].executor);
            vm.assertEq(id, all[i].id);
            vm.assertTrue(inTurn == expected);
            vm.assertEq(registry.bundler(id).strikes, inTurn ? 0 : 1);
            vm.assertEq(stakeOf(id), inTurn ? MINIMUM_STAKE : MINIMUM_STAKE - STRIKE);
        }
        vm.assertEq(registry.bundler(idle.id).strikes, 1);
    }

    function test_AStrikeIsTold() public {
        rollTo(41);
        vm.roll(START + 8);
        vm.expectEmit(address(registry));
        emit IBundlerRegistry.Struck(idle.id, idle.executor, 1);
        note(idle.executor);
    }

    function test_NoStakeCanGoBelowNothing() public {
        IBundlerRegistry.Terms memory terms = _terms();
        terms.strikeWei = 40 ether;
        registry = IBundlerRegistry(deploy("BundlerRegistry", abi.encode(address(this), terms)));
        vm.roll(40 * 256);
        alice = join("alice", MINIMUM_STAKE);
        idle = join("idle", MINIMUM_STAKE);
        vm.prank(idle.operator);
        registry.requestExit(idle.id);
        rollTo(41);
        for (uint256 i = 8; i < 12; ++i) {
            vm.roll(START + i);
            note(idle.executor);
        }
        vm.assertEq(registry.bundler(idle.id).strikes, 4);
        vm.assertEq(stakeOf(idle.id), 0);
        registry.settleStrikes(idle.id);
        vm.assertEq(registry.unburntWei(), MINIMUM_STAKE);
        vm.roll(registry.bundler(idle.id).exitBlock);
        vm.prank(idle.operator);
        vm.assertEq(registry.withdraw(idle.id, payable(idle.operator)), 0);
    }
}
