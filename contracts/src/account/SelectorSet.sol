// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @dev Up to eight function selectors in one word; zero marks a free place.
type SelectorSet is uint256;

using SelectorSets for SelectorSet global;

library SelectorSets {
    uint256 internal constant CAPACITY = 8;

    /// @param selectors At most CAPACITY, none zero.
    function pack(bytes4[] calldata selectors) internal pure returns (SelectorSet) {
        uint256 packed = 0;
        for (uint256 i = 0; i < selectors.length; ++i) {
            packed = packed << 32 | uint32(selectors[i]);
        }
        return SelectorSet.wrap(packed);
    }

    function isEmpty(SelectorSet set) internal pure returns (bool) {
        return SelectorSet.unwrap(set) == 0;
    }

    /// @notice False for the zero selector, always.
    function contains(SelectorSet set, bytes4 selector) internal pure returns (bool) {
        if (selector == bytes4(0)) return false;
        for (uint256 packed = SelectorSet.unwrap(set); packed != 0; packed >>= 32) {
            if (uint32(packed) == uint32(selector)) return true;
        }
        return false;
    }
}
