// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @dev What validation tells postOp about an operation that is to pay.
/// @param heldWei Pulled (token), recorded as debt (deferred) or reserved (tank) for this operation.
/// @param preOpGasBound Most gas the operation can have used before its execution.
/// @param executionGasLimit Gas allowed to execution and postOp together.
/// @param memoryGas What the operation's own length adds to calling postOp, at most.
struct Charge {
    bytes32 userOpHash;
    address sender;
    uint256 markupBps;
    uint256 mode;
    bytes16 policyId;
    uint256 heldWei;
    uint256 preOpGasBound;
    uint256 executionGasLimit;
    uint256 memoryGas;
}

using Charges for Charge global;

/// @title The price of an operation, and how validation's knowledge reaches postOp.
library Charges {
    uint256 private constant BPS = 10_000;
    /// @dev EntryPoint v0.7 keeps a tenth of the execution gas that was allowed but not used.
    uint256 private constant UNUSED_GAS_PENALTY_DIVISOR = 10;

    /// @notice `costWei` with the markup added, rounded up.
    function withMarkup(uint256 costWei, uint256 markupBps) internal pure returns (uint256) {
        return (costWei * (BPS + markupBps) + BPS - 1) / BPS;
    }

    /// @notice At least what EntryPoint will take from the deposit, markup added; at most what is held.
    /// @param postOpGas Most gas EntryPoint spends after it has read `actualGasCost`.
    function priceWei(Charge memory charge, uint256 postOpGas, uint256 actualGasCost, uint256 feePerGas)
        internal
        pure
        returns (uint256)
    {
        if (feePerGas == 0) return 0;
        uint256 gasUsed = actualGasCost / feePerGas + postOpGas + charge.memoryGas;
        // EntryPoint bills a tenth of the execution gas left unused. How much gas went before the execution is
        // not told: assuming the most that can have gone never assumes too small a rest.
        uint256 executionGas = gasUsed > charge.preOpGasBound ? gasUsed - charge.preOpGasBound : 0;
        if (charge.executionGasLimit > executionGas) {
            gasUsed += (charge.executionGasLimit - executionGas) / UNUSED_GAS_PENALTY_DIVISOR;
        }
        uint256 chargeWei = withMarkup(gasUsed * feePerGas, charge.markupBps);
        return chargeWei < charge.heldWei ? chargeWei : charge.heldWei;
    }

    /// @dev Four words: every one of them is copied, hashed over or paid for three times on its way to postOp.
    /// EntryPoint holds every gas field below 2^120, what is held fits 128 bits, and no call data is 2^72 bytes long.
    function encode(Charge memory charge) internal pure returns (bytes memory) {
        return abi.encode(
            charge.userOpHash,
            uint256(uint160(charge.sender)) << 96 | charge.markupBps << 80 | charge.mode << 72
                | charge.memoryGas,
            uint256(bytes32(charge.policyId)) | charge.heldWei,
            charge.preOpGasBound << 128 | charge.executionGasLimit
        );
    }

    function decode(bytes calldata context) internal pure returns (Charge memory charge) {
        (bytes32 userOpHash, uint256 payer, uint256 held, uint256 gas) =
            abi.decode(context, (bytes32, uint256, uint256, uint256));
        charge.userOpHash = userOpHash;
        charge.sender = address(uint160(payer >> 96));
        charge.markupBps = uint16(payer >> 80);
        charge.mode = uint8(payer >> 72);
        charge.memoryGas = uint72(payer);
        charge.policyId = bytes16(bytes32(held));
        charge.heldWei = uint128(held);
        charge.preOpGasBound = gas >> 128;
        charge.executionGasLimit = uint128(gas);
    }
}
