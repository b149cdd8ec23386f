// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice One call of an account. @param value Native wei sent along.
struct Call {
    address target;
    uint256 value;
    bytes data;
}
