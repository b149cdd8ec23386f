// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice Whose doing it is that the EntryPoint reverts for a single operation, and how much gas it takes to know.
library AttemptOutcome {
    enum Blame {
        Operation,
        Time,
        Caller
    }

    /// @dev Thrown by `require` and `revert` with a text: the EntryPoint does so for its caller's faults (AA90, AA91) and
    /// for operations that were malformed when they were signed (AA93, AA94), never for what an account does.
    bytes4 private constant ERROR_STRING = 0x08c379a0;

    // Where the text of an error begins, in memory: behind length, selector, index, offset(s) and its own length.
    uint256 private constant FAILED_OP_TEXT_AT = 32 + 4 + 3 * 32;
    uint256 private constant FAILED_OP_WITH_REVERT_TEXT_AT = 32 + 4 + 4 * 32;

    /// @dev What EntryPoint v0.7 and the court spend beside the limits that the operation sets, generously.
    uint256 private constant OVERHEAD_GAS = 150_000;
    /// @dev For hashing and copying the operation, and the memory that holds the copies, up to 128 KiB.
    uint256 private constant GAS_PER_BYTE = 16;

    /// @notice With this much gas left, nothing that the operation may use can be wanting: a call hands on 63/64 of what
    /// there is (EIP-150), and from here to the account there are two.
    function neededGas(PackedUserOperation calldata operation) internal pure returns (uint256) {
        uint256 accountLimits = uint256(operation.accountGasLimits);
        uint256 limits = (accountLimits >> 128) + uint128(accountLimits);
        bytes calldata paymasterAndData = operation.paymasterAndData;
        if (paymasterAndData.length >= 52) {
            limits += uint128(bytes16(paymasterAndData[20:36]));
            limits += uint128(bytes16(paymasterAndData[36:52]));
        }
        uint256 length = operation.initCode.length + operation.callData.length + paymasterAndData.length
            + operation.signature.length;
        return limits * 66 / 63 + OVERHEAD_GAS + length * GAS_PER_BYTE;
    }

    /// @param reason What `handleOps` reverted with.
    /// @param givenGas What there was before the call. @param leftGas What there is after it.
    function blame(bytes memory reason, uint256 givenGas, uint256 leftGas) internal pure returns (Blame) {
        // A frame that runs out of gas leaves its caller the 64th part that was not handed on, and no reason.
        if (reason.length == 0) return leftGas > givenGas / 63 ? Blame.Operation : Blame.Caller;
        bytes4 selector = bytes4(reason);
        if (selector == ERROR_STRING) return Blame.Caller;
        bytes4 text;
        if (selector == IEntryPoint.FailedOp.selector) {
            text = _bytes4At(reason, FAILED_OP_TEXT_AT);
        } else if (selector == IEntryPoint.FailedOpWithRevert.selector) {
            text = _bytes4At(reason, FAILED_OP_WITH_REVERT_TEXT_AT);
        }
        if (text == "AA22" || text == "AA32") return Blame.Time;
        return text == "AA95" ? Blame.Caller : Blame.Operation;
    }

    function _bytes4At(bytes memory data, uint256 at) private pure returns (bytes4 found) {
        if (data.length + 32 < at + 4) return 0;
        assembly ("memory-safe") {
            found := and(mload(add(data, at)), shl(224, 0xffffffff))
        }
    }
}
