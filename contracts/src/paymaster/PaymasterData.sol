// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PackedFields} from "./PackedFields.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @title The layout of paymasterAndData, and who pays for an operation.
/// @notice The table stands on `IComputePaymaster`. The SDK's `paymasterData.ts` has these numbers for TypeScript; a test
/// holds one against the other.
/// @dev EntryPoint v0.7 asks the paymaster's address, and nothing else, who pays: data that begins with the zero address,
/// however long, is paid for by the account. So does whoever asks here.
library PaymasterData {
    using PackedFields for bytes;

    uint8 internal constant SPONSOR = 0;
    uint8 internal constant TOKEN = 1;
    uint8 internal constant TOKEN_DEFERRED = 2;
    uint8 internal constant TANK = 3;

    // Where the fields begin: first those of every paymaster, then a ComputePaymaster's own.
    uint256 internal constant VERIFICATION_GAS_AT = 20;
    uint256 internal constant POST_OP_GAS_AT = 36;
    uint256 internal constant MODE_AT = 52;
    uint256 internal constant VALID_UNTIL_AT = 53;
    uint256 internal constant VALID_AFTER_AT = 59;
    uint256 internal constant POLICY_ID_AT = 65;
    uint256 internal constant MARKUP_AT = 81;
    uint256 internal constant MAX_CHARGE_AT = 83;
    uint256 internal constant SPONSOR_TERMS_END = 81;
    uint256 internal constant PAID_TERMS_END = 99;
    uint256 internal constant SIGNATURE_LENGTH = 65;

    // ─── Of any paymaster ────────────────────────────────────────────────────

    /// @return paymaster Zero if the account pays for itself.
    function paymasterOf(bytes calldata data) internal pure returns (address paymaster) {
        if (data.length != 0) paymaster = address(bytes20(data));
    }

    /// @notice What EntryPoint takes from the account if it pays for itself, at most.
    /// @dev EntryPoint holds each number below 2^120: nothing overflows. The gas of a paymaster that is none counts too.
    function selfPaidWei(PackedUserOperation calldata userOp) internal pure returns (uint256) {
        bytes calldata data = userOp.paymasterAndData;
        uint256 gas = uint256(userOp.accountGasLimits >> 128) + uint128(uint256(userOp.accountGasLimits))
            + userOp.preVerificationGas;
        if (data.length >= MODE_AT) {
            gas += data.field(VERIFICATION_GAS_AT, 16) + data.field(POST_OP_GAS_AT, 16);
        }
        return gas * uint128(uint256(userOp.gasFees));
    }

    // ─── Of a ComputePaymaster ───────────────────────────────────────────────

    /// @return isKnown Whether it is laid out as a ComputePaymaster reads it: only then may its fields be read. Not what is
    /// paid in another ERC-20 than the compute token (`Erc20Terms`): nobody here can say what that is worth.
    /// @return mode What it says; of data too short to say, sponsor. @return termsEnd Where the signature begins.
    function layoutOf(bytes calldata data)
        internal
        pure
        returns (bool isKnown, uint8 mode, uint256 termsEnd)
    {
        unchecked {
            if (data.length > MODE_AT) mode = uint8(data.field(MODE_AT, 1));
            termsEnd = mode == SPONSOR ? SPONSOR_TERMS_END : PAID_TERMS_END;
            isKnown = mode <= TANK && data.length == termsEnd + SIGNATURE_LENGTH;
        }
    }
}
