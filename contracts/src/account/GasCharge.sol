// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PackedFields} from "../paymaster/PackedFields.sol";
import {PaymasterData} from "../paymaster/PaymasterData.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @title The most that an operation's gas can cost its sender.
library GasCharge {
    using PackedFields for bytes;
    using PaymasterData for bytes;
    using PaymasterData for PackedUserOperation;

    /// @notice In native wei, or as many token wei, without a paymaster or with a ComputePaymaster.
    function worstCaseWei(PackedUserOperation calldata userOp) internal pure returns (uint256) {
        bytes calldata data = userOp.paymasterAndData;
        if (data.paymasterOf() == address(0)) return userOp.selfPaidWei();
        (bool isKnown, uint8 mode,) = data.layoutOf();
        // Whatever is not laid out as a ComputePaymaster's might cost anything.
        if (!isKnown) return type(uint256).max;
        return mode == PaymasterData.SPONSOR ? 0 : data.field(PaymasterData.MAX_CHARGE_AT, 16);
    }
}
