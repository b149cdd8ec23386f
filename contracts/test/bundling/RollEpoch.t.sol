// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";

contract RollEpochTest is BundlerRegistryTest {
    uint256 private constant START = 41 * 256;

    Joined private alice;
    Joined private bob;

    function setUp() public override {
        super.setUp();
        alice = join("alice", MINIMUM_STAKE);
        bob = join("bob", 3 * MINIMUM_STAKE);
    }

    function _expectNothing(uint64 epoch) private {
        vm.expectRevert(
            abi.encodeWithSelector(IBundlerRegistry.NothingToRoll.selector, epoch, uint256(epoch) * 256 - 32)
        );
        registry.rollEpoch();
    }

    // ─── Refused ─────────────────────────────────────────────────────────────

    function test_RevertWhen_TheSeedIsNotYetDeep() public {
        vm.roll(START - 33);
        _expectNothing(41);
        vm.roll(START - 32);
        vm.assertEq(registry.rollEpoch(), 41);
    }

    function test_RevertWhen_ItsTimeIsOver() public {
        vm.roll(START + 160);
        _expectNothing(42);
        vm.roll(START + 159);
        vm.assertEq(registry.rollEpoch(), 41);
    }

    function test_RevertWhen_ItIsRolledAlready() public {
        vm.roll(START - 32);
        registry.rollEpoch();
        _expectNothing(42);
    }

    function test_RevertWhen_NobodyWasStakedWhenItWasFrozen() public {
        registry = IBundlerRegistry(deploy("BundlerRegistry", abi.encode(address(this), _terms())));
        vm.roll(START - 96);
        join("carol", MINIMUM_STAKE);
        vm.roll(START - 32);
        _expectNothing(42);
        (uint64 epoch, bool isDue) = registry.epochToRoll();
        vm.assertEq(epoch, 42);
        vm.assertFalse(isDue);
        vm.assertEq(registry.leaderTable(41).length, 0);
    }

    function test_RevertWhen_TheChainIsInItsFirstEpoch() public {
        vm.roll(0);
        _expectNothing(1);
        vm.roll(223);
        _expectNothing(1);
    }

    // ─── Works ───────────────────────────────────────────────────────────────

    function test_TheFirstEpochOfAChainThatHasASeedIsItsSecond() public {
        vm.roll(159);
        registry = IBundlerRegistry(deploy("BundlerRegistry", abi.encode(address(this), _terms())));
        join("carol", MINIMUM_STAKE);
        vm.roll(224);
        vm.assertEq(registry.rollEpoch(), 1);
    }

    function testFuzz_WhatIsDueIsWhatIsRolled(uint256 blocks) public {
        vm.roll(START - 100 + bound(blocks, 0, 700));
        (uint64 epoch, bool isDue) = registry.epochToRoll();
        if (!isDue) return _expectNothing(epoch);
        vm.assertEq(registry.rollEpoch(), epoch);
        vm.assertEq(registry.leaderTable(epoch).length, 64);
        (epoch, isDue) = registry.epochToRoll();
        vm.assertFalse(isDue);
    }

    function test_OnlyWhatWasStakedBeforeTheFreezeCounts() public {
        vm.roll(START - 97);
        Joined memory carol = join("carol", 1e6 ether);
        vm.roll(START - 96);
        join("dave", 1e9 ether);
        rollTo(41);
        uint32[] memory leaders = registry.leaderTable(41);
        uint256 carols;
        for (uint256 i = 0; i < 64; ++i) {
            vm.assertLe(leaders[i], carol.id);
            if (leaders[i] == carol.id) ++carols;
        }
        vm.assertGt(carols, 60);
    }

    function testFuzz_EveryWindowHasALeaderWhoHadStake(uint256 seed, uint8 count) public {
        for (uint256 i = 0; i < count % 8; ++i) {
            join(
                string.concat("bundler ", vm.toString(i)),
                MINIMUM_STAKE + uint256(keccak256(abi.encode(seed, i))) % 1e24
            );
        }
        vm.prank(alice.operator);
        registry.requestExit(alice.id);
        rollTo(41, bytes32(seed));
        uint32[] memory leaders = registry.leaderTable(41);
        for (uint256 i = 0; i < 64; ++i) {
            vm.assertGt(leaders[i], alice.id);
            vm.assertLe(leaders[i], registry.bundlerCount());
            vm.assertEq(registry.leader(START + 4 * i, 0), leaders[i]);
        }
    }

    /// @dev The draw written the long way: a line of all weights in the order of ids.
    function testFuzz_ALeaderIsDrawnInProportionToItsStake(uint256 seed) public {
        rollTo(41, bytes32(seed));
        uint32[] memory leaders = registry.leaderTable(41);
        for (uint256 i = 0; i < 64; ++i) {
            uint256 pointWei =
                uint256(keccak256(abi.encode(bytes32(seed), uint256(41), i))) % (4 * MINIMUM_STAKE);
            vm.assertEq(leaders[i], pointWei < MINIMUM_STAKE ? alice.id : bob.id);
        }
    }

    function testFuzz_ATableStoredLateLeavesTheWindowsThatHaveBegunOpen(uint256 late) public {
        late = bound(late, 0, 159);
        uint256 before = vm.snapshotState();
        rollTo(41, "seed");
        uint32[] memory punctual = registry.leaderTable(41);
        vm.revertToState(before);
        vm.roll(START + late);
        setSeed(41, "seed");
        registry.rollEpoch();
        uint32[] memory leaders = registry.leaderTable(41);
        for (uint256 i = 0; i < 64; ++i) {
            vm.assertEq(leaders[i], i <= late / 4 ? 0 : punctual[i]);
        }
        vm.assertTrue(registry.isInTurn(0, block.number));
    }

    function test_TheEventTellsTheTable() public {
        vm.roll(START - 32);
        vm.recordLogs();
        registry.rollEpoch();
        (bytes32 seed, uint256[8] memory table) =
            abi.decode(vm.getRecordedLogs()[0].data, (bytes32, uint256[8]));
        vm.assertEq(seed, blockhash(START - 64));
        uint32[] memory leaders = registry.leaderTable(41);
        for (uint256 i = 0; i < 64; ++i) {
            vm.assertEq(leaders[i], uint32(table[i / 8] >> (32 * (i % 8))));
        }
    }
}
