// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Reads packed fields out of call data.
/// @dev Slicing (`bytes6(data[53:59])`) checks bounds again for every field, at some 80 gas each; here the caller
/// checks the length once. Reading past the end of `data` would return whatever stands there in call data.
library PackedFields {
    /// @param at Where the field begins. @param size Its length, 1 to 32 bytes.
    /// @return value The field as a big-endian number.
    function field(bytes calldata data, uint256 at, uint256 size) internal pure returns (uint256 value) {
        assembly {
            value := shr(sub(256, shl(3, size)), calldataload(add(data.offset, at)))
        }
    }
}
