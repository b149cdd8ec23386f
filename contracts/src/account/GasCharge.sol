// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @title The most that an operation's gas can cost its sender.
library GasCharge {
    // Where the fields stand in the paymasterAndData of a ComputePaymaster; the table stands on IComputePaymaster.
    uint256 private constant MODE_AT = 52;
    uint256 private constant MAX_CHARGE_AT = 83;
    uint256 private constant TERMS_END = 99;
    bytes1 private constant SPONSOR = 0;

    /// @return paymaster Zero if the account pays for itself.
    function paymasterOf(PackedUserOperation calldata userOp) internal pure returns (address paymaster) {
        if (userOp.paymasterAndData.length != 0) paymaster = address(bytes20(userOp.paymasterAndData));
    }

    /// @notice In native wei, or as many token wei, without a paymaster or with a ComputePaymaster.
    function worstCaseWei(PackedUserOperation calldata userOp) internal pure returns (uint256) {
        bytes calldata data = userOp.paymasterAndData;
        if (data.length == 0) {
            // What EntryPoint v0.7 takes as prefund. It holds each number below 2^120: nothing overflows.
            uint256 gas = uint256(userOp.accountGasLimits >> 128) + uint128(uint256(userOp.accountGasLimits))
                + userOp.preVerificationGas;
            return gas * uint128(uint256(userOp.gasFees));
        }
        // EntryPoint has seen at least the paymaster and its two gas limits.
        if (data.length < TERMS_END) return type(uint256).max;
        if (data[MODE_AT] == SPONSOR) return 0;
        return uint128(bytes16(data[MAX_CHARGE_AT:TERMS_END]));
    }
}
