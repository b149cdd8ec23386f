// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice Weights that can be drawn from in proportion, as they were when an epoch was frozen. A change and a draw
/// cost the logarithm of how many there are.
/// @dev A tree of sums, four children a node: a change writes one slot a level, a draw reads three at most.
///
/// Every node holds what counts before epoch `nextFrom` and what counts from it on. Two values are enough. A change
/// made in block `b` counts from `c(b) = Epochs.countsFrom(b)`, which never falls. While it is `c`, nothing is read but
/// epoch `c - 1` (the only one that can be rolled: its time ends in the block in which `c` rises) and `c` itself. So when
/// a change for `c` meets a node whose `nextFrom` is less than `c`, what counted before `nextFrom` is for epochs that
/// nobody can roll any more, and gives way.
library WeightTree {
    using SafeCast for uint256;

    /// @param nowWei Sum of the weights below, in epochs before `nextFrom`.
    /// @param nextWei The same, from `nextFrom` on.
    struct Node {
        uint104 nowWei;
        uint104 nextWei;
        uint48 nextFrom;
    }

    /// @param nodes By level (leaves: 0) and place in it.
    struct Tree {
        mapping(uint256 key => Node) nodes;
        uint256 height;
    }

    uint256 private constant CHILDREN = 4;
    uint256 private constant CHILD_BITS = 2;
    uint256 private constant PLACE_BITS = 32;

    /// @notice Makes leaf `place` weigh `weightWei` from `epoch` on, which no earlier change may exceed.
    /// @return changed False if it weighs that already.
    function set(Tree storage self, uint256 place, uint256 weightWei, uint256 epoch)
        internal
        returns (bool changed)
    {
        uint256 height = _grown(self, place);
        uint256 beforeWei = self.nodes[place].nextWei;
        if (beforeWei == weightWei) return false;
        for (uint256 level = 0; level <= height; ++level) {
            uint256 key = _key(level, place >> (CHILD_BITS * level));
            Node memory value = self.nodes[key];
            if (value.nextFrom < epoch) {
                value.nowWei = value.nextWei;
                value.nextFrom = epoch.toUint48();
            }
            value.nextWei = (value.nextWei - beforeWei + weightWei).toUint104();
            self.nodes[key] = value;
        }
        return true;
    }

    /// @notice What leaf `place` weighs in `epoch`.
    function weightOf(Tree storage self, uint256 place, uint256 epoch) internal view returns (uint256) {
        return _at(self.nodes[place], epoch);
    }

    /// @notice All weights of `epoch` together.
    function total(Tree storage self, uint256 epoch) internal view returns (uint256) {
        return _at(_node(self, self.height, 0), epoch);
    }

    /// @notice The leaf within whose part of the line of all weights `pointWei` lies.
    /// @param pointWei Less than `total`.
    function find(Tree storage self, uint256 pointWei, uint256 epoch) internal view returns (uint256 place) {
        for (uint256 level = self.height; level != 0;) {
            --level;
            place <<= CHILD_BITS;
            // Where it is in none of the others, it is in the last.
            for (uint256 sibling = 1; sibling < CHILDREN; ++sibling) {
                uint256 weightWei = _at(_node(self, level, place), epoch);
                if (pointWei < weightWei) break;
                pointWei -= weightWei;
                ++place;
            }
        }
    }

    /// @dev As high as `place` needs. The old root becomes the first child of the new one, whose sum it is.
    function _grown(Tree storage self, uint256 place) private returns (uint256 height) {
        height = self.height;
        if (place >> (CHILD_BITS * height) == 0) return height;
        while (place >> (CHILD_BITS * height) != 0) {
            self.nodes[_key(height + 1, 0)] = self.nodes[_key(height, 0)];
            ++height;
        }
        self.height = height;
    }

    function _at(Node storage node, uint256 epoch) private view returns (uint256) {
        return epoch < node.nextFrom ? node.nowWei : node.nextWei;
    }

    function _node(Tree storage self, uint256 level, uint256 place) private view returns (Node storage) {
        return self.nodes[_key(level, place)];
    }

    function _key(uint256 level, uint256 place) private pure returns (uint256) {
        return level << PLACE_BITS | place;
    }
}
