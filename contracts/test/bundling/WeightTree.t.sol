// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Epochs} from "../../src/bundling/Epochs.sol";
import {WeightTree} from "../../src/bundling/WeightTree.sol";
import {Test} from "../support/Test.sol";

/// @notice The tree of sums against the plain list that it stands for.
contract WeightTreeTest is Test {
    using WeightTree for WeightTree.Tree;

    uint256 private constant LEAVES = 70;

    WeightTree.Tree private tree;
    /// @dev What leaf and epoch would say if nothing were ever forgotten.
    mapping(uint256 epoch => uint256[LEAVES]) private kept;

    /// @dev At random blocks, random leaves change. Whatever can be rolled then reads what it would read from a list that
    /// keeps every epoch's weights for ever: one pending value for each node is enough.
    function testFuzz_WhatIsReadIsWhatAListOfAllEpochsHolds(uint256 seed) public {
        uint256 blockNumber = 1000;
        uint256 places = 1;
        uint256 written = Epochs.countsFrom(blockNumber);
        for (uint256 step = 0; step < 60; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            blockNumber += (seed >> 32) % 90;
            uint256 epoch = Epochs.countsFrom(blockNumber);
            for (; written < epoch; ++written) {
                kept[written + 1] = kept[written];
            }
            uint256 place = (seed >> 64) % places;
            if (place == places - 1 && places < LEAVES) ++places;
            uint256 weightWei = seed % 4 == 0 ? 0 : (seed >> 128) % 1e27;
            tree.set(place, weightWei, epoch);
            kept[epoch][place] = weightWei;
            (uint256 rollable, bool inTime) = Epochs.rollable(blockNumber);
            if (inTime) _compare(rollable, seed);
            _compare(epoch, seed);
        }
    }

    function _compare(uint256 epoch, uint256 seed) private view {
        uint256[LEAVES] storage weights = kept[epoch];
        uint256 totalWei;
        for (uint256 place = 0; place < LEAVES; ++place) {
            totalWei += weights[place];
            vm.assertEq(tree.weightOf(place, epoch), weights[place]);
        }
        vm.assertEq(tree.total(epoch), totalWei);
        if (totalWei == 0) return;
        uint256 pointWei = seed % totalWei;
        uint256 expected;
        uint256 endWei = weights[0];
        while (pointWei >= endWei) {
            endWei += weights[++expected];
        }
        vm.assertEq(tree.find(pointWei, epoch), expected);
    }

    function test_TheBordersOfEveryLeafAreItsOwn() public {
        for (uint256 place = 0; place < 21; ++place) {
            tree.set(place, place, 5);
        }
        uint256 pointWei;
        for (uint256 place = 1; place < 21; ++place) {
            for (uint256 i = 0; i < place; ++i) {
                vm.assertEq(tree.find(pointWei++, 5), place);
            }
        }
        vm.assertEq(pointWei, tree.total(5));
    }

    /// @dev The two facts on which the proof in WeightTree stands.
    function testFuzz_WhatCanBeRolledIsNeverOlderThanTheEpochBeforeTheOneThatChangesCountFrom(uint256 blockNumber)
        public
        pure
    {
        blockNumber = bound(blockNumber, 0, type(uint64).max);
        uint256 counts = Epochs.countsFrom(blockNumber);
        (uint256 epoch, bool inTime) = Epochs.rollable(blockNumber);
        if (inTime) vm.assertEq(epoch, counts - 1);
        vm.assertGe(Epochs.countsFrom(blockNumber + 1), counts);
        // Stake is frozen 32 blocks before the seed, and the seed 32 deep before it can be used.
        vm.assertLe(Epochs.seedBlock(counts), blockNumber + 96 + 256 - 64);
        vm.assertEq(Epochs.rollableFrom(counts) - Epochs.seedBlock(counts), 32);
        // BLOCKHASH reaches it for as long as there is time.
        if (inTime) vm.assertLe(blockNumber - Epochs.seedBlock(epoch), 256);
    }
}
