// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";

/// @notice `leader` and `isInTurn`: against their words, and against the vectors that other languages are held to.
contract LeaderAndTurnTest is BundlerRegistryTest {
    uint32 private constant BUNDLERS = 5;
    string private constant VECTORS = "contracts/test/vectors/leaderSchedule.json";

    /// @dev Epoch 41 rolled in time, 42 not at all, 43 late, 44 and 45 in time, 46 not.
    function setUp() public override {
        super.setUp();
        for (uint256 i = 1; i <= BUNDLERS; ++i) {
            join(string.concat("bundler ", vm.toString(i)), MINIMUM_STAKE * i);
        }
        for (uint256 epoch = 41; epoch <= 45; ++epoch) {
            if (epoch == 42) continue;
            vm.roll(epoch == 43 ? epoch * 256 + 9 : epoch * 256 - 32);
            setSeed(epoch, keccak256(abi.encode("seed", epoch)));
            registry.rollEpoch();
        }
    }

    function test_RanksAreTheLeadersOfTheWindowsThatFollow() public view {
        uint32[] memory table = registry.leaderTable(44);
        uint32[] memory following = registry.leaderTable(45);
        for (uint256 offset = 0; offset < 256; ++offset) {
            for (uint256 rank = 0; rank < 70; ++rank) {
                uint256 window = offset / 4 + rank;
                uint32 expected = window < 64 ? table[window] : window < 128 ? following[window - 64] : 0;
                vm.assertEq(registry.leader(44 * 256 + offset, rank), expected);
            }
        }
    }

    function test_WhereNoTableIsNobodyLeadsAndEverybodyIsInTurn() public view {
        vm.assertEq(registry.leaderTable(42).length, 0);
        for (uint256 h = 42 * 256; h < 43 * 256; ++h) {
            vm.assertEq(registry.leader(h, 0), 0);
            for (uint32 id = 0; id <= BUNDLERS; ++id) {
                vm.assertTrue(registry.isInTurn(id, h));
            }
        }
    }

    function test_AfterAnOpenWindowEverybodyMayStillLandWhatIsOnItsWay() public view {
        // The table of epoch 43 was stored in its third window: the fourth is the first that is led.
        uint256 first = 43 * 256 + 12;
        vm.assertEq(registry.leader(first - 1, 0), 0);
        vm.assertGt(registry.leader(first, 0), 0);
        for (uint32 id = 0; id <= BUNDLERS; ++id) {
            for (uint256 offset = 0; offset < 4; ++offset) {
                vm.assertTrue(registry.isInTurn(id, first + offset));
            }
        }
        vm.assertFalse(registry.isInTurn(0, first + 4));
    }

    function test_AtTheEndOfTheLastTableNobodyStandsIn() public view {
        uint256 last = 46 * 256 - 4;
        uint32 leading = registry.leader(last, 0);
        uint32 before = registry.leader(last - 4, 0);
        vm.assertEq(registry.leader(last, 1), 0);
        for (uint32 id = 0; id <= BUNDLERS; ++id) {
            for (uint256 offset = 0; offset < 4; ++offset) {
                vm.assertTrue(registry.isInTurn(id, last + offset) == (id == leading || id == before));
            }
        }
    }

    function testFuzz_InTurnIsWhoLeadsWhoStandsInAndWhoHasJustLed(uint32 id, uint256 blockNumber)
        public
        view
    {
        id = uint32(bound(id, 0, BUNDLERS + 1));
        blockNumber = bound(blockNumber, 0, 50 * 256);
        uint256 since = blockNumber % 4;
        uint256 first = blockNumber - since;
        uint32 leading = registry.leader(blockNumber, 0);
        uint32 before = first == 0 ? 0 : registry.leader(first - 1, 0);
        bool expected = leading == 0 || leading == id || before == 0 || before == id;
        if (since >= 2 && id != 0 && registry.leader(blockNumber, 1) == id) expected = true;
        vm.assertTrue(registry.isInTurn(id, blockNumber) == expected);
    }

    function test_TheVectorsAreWhatTheContractSays() public {
        string memory text = _vectors();
        // Written by WRITE_VECTORS=true forge test --match-test TheVectorsAre
        if (vm.envOr("WRITE_VECTORS", false)) vm.writeFile(VECTORS, text);
        vm.assertEq(vm.readFile(VECTORS), text);
    }

    // ─── Vectors ─────────────────────────────────────────────────────────────

    function _vectors() private view returns (string memory) {
        string memory tables;
        for (uint64 epoch = 41; epoch <= 46; ++epoch) {
            tables = string.concat(
                tables,
                epoch == 41 ? "" : ",",
                '\n    {"epoch":',
                vm.toString(epoch),
                ',"leaders":',
                _list(registry.leaderTable(epoch)),
                "}"
            );
        }
        string memory blocks;
        for (uint256 epoch = 41; epoch <= 46; ++epoch) {
            // Every border of epochs from both sides, and the place where the late table begins.
            blocks = string.concat(blocks, epoch == 41 ? "" : ",", _blocks(epoch * 256 - 6, 14));
            blocks = string.concat(blocks, ",", _blocks(epoch * 256 + 8, 12));
        }
        return string.concat(
            '{\n  "terms": {"epochBlocks":256,"windowBlocks":4,"fallbackBlocks":2,"graceBlocks":4},\n  "tables": [',
            tables,
            '\n  ],\n  "blocks": [',
            blocks,
            "\n  ]\n}\n"
        );
    }

    function _blocks(uint256 first, uint256 count) private view returns (string memory text) {
        for (uint256 h = first; h < first + count; ++h) {
            uint32[] memory ranks = new uint32[](4);
            for (uint256 rank = 0; rank < 4; ++rank) {
                ranks[rank] = registry.leader(h, rank);
            }
            text = string.concat(
                text,
                h == first ? "" : ",",
                '\n    {"block":',
                vm.toString(h),
                ',"leaders":',
                _list(ranks),
                ',"inTurn":',
                _list(_inTurn(h)),
                "}"
            );
        }
    }

    /// @dev Of the ids 0 (nobody) to one more than there are.
    function _inTurn(uint256 h) private view returns (uint32[] memory ids) {
        ids = new uint32[](BUNDLERS + 2);
        uint256 found;
        for (uint32 id = 0; id < BUNDLERS + 2; ++id) {
            if (registry.isInTurn(id, h)) ids[found++] = id;
        }
        assembly {
            mstore(ids, found)
        }
    }

    function _list(uint32[] memory values) private pure returns (string memory text) {
        for (uint256 i = 0; i < values.length; ++i) {
            text = string.concat(text, i == 0 ? "" : ",", vm.toString(values[i]));
        }
        return string.concat("[", text, "]");
    }
}
