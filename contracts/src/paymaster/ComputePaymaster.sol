// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeToken} from "../token/IComputeToken.sol";
import {IComputePaymaster} from "./IComputePaymaster.sol";
import {OperatorTreasury} from "./OperatorTreasury.sol";
import {PackedFields} from "./PackedFields.sol";
import {UserOperationLib} from "@account-abstraction/core/UserOperationLib.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {IPaymaster} from "@account-abstraction/interfaces/IPaymaster.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title Pays the gas of user operations; what it promises stands on `IComputePaymaster`.
/// @dev Between bundles every token held here is the operator's revenue; during one, part of it is owed back to
/// senders, so nothing but charges and refunds may move it then. `ComputeToken` reverts where a transfer fails.
contract ComputePaymaster is OperatorTreasury, EIP712 {
    using PackedFields for bytes;
    using SafeCast for uint256;
    using UserOperationLib for bytes32;

    uint8 private constant SPONSOR = 0;
    uint8 private constant TOKEN = 1;
    uint8 private constant TOKEN_DEFERRED = 2;

    // Where the fields of paymasterAndData begin; the table stands on IComputePaymaster.
    uint256 private constant VERIFICATION_GAS_AT = 20;
    uint256 private constant POST_OP_GAS_AT = 36;
    uint256 private constant MODE_AT = 52;
    uint256 private constant VALID_UNTIL_AT = 53;
    uint256 private constant VALID_AFTER_AT = 59;
    uint256 private constant POLICY_ID_AT = 65;
    uint256 private constant MARKUP_AT = 81;
    uint256 private constant MAX_CHARGE_AT = 83;
    uint256 private constant SPONSOR_TERMS_END = 81;
    uint256 private constant TOKEN_TERMS_END = 99;
    uint256 private constant SIGNATURE_LENGTH = 65;

    uint256 private constant BPS = 10_000;

    // The most gas EntryPoint v0.7 spends between reading the cost it hands to postOp and reading the cost it
    // takes from the deposit, whatever the execution did to the balances that postOp writes.
    // PostOpGas.t.sol provokes the worst cases and fails if these no longer cover them. Some 300 gas to spare
    // also cover what EntryPoint spends in validation outside the limits that bound it.
    uint256 private constant TOKEN_POST_OP_GAS = 12_400;
    uint256 private constant DEFERRED_POST_OP_GAS = 28_500;
    /// @dev On top of it if this contract holds no token yet (EIP-2929: 20,000 for the first, then 2,900).
    uint256 private constant FIRST_BALANCE_GAS = 17_100;
    /// @dev On top of it if a deferred operation is paid back instead of charged.
    uint256 private constant DEFERRED_REFUND_GAS = 9_000;

    // Below the minimum postOp could run dry. Nobody needs more than the maximum; in token mode it also rules
    // out the one refund dearer than TOKEN_POST_OP_GAS, to a balance that was zero before the transaction
    // (a wrapper around handleOps could stage that): it fails, and all that was pulled stays here.
    uint256 private constant TOKEN_POST_OP_LIMIT_MIN = 14_000;
    uint256 private constant TOKEN_POST_OP_LIMIT_MAX = 24_000;
    uint256 private constant DEFERRED_POST_OP_LIMIT_MIN = 48_000;
    uint256 private constant DEFERRED_POST_OP_LIMIT_MAX = 80_000;

    /// @dev EntryPoint v0.7 keeps a tenth of the execution gas that was allowed but not used.
    uint256 private constant UNUSED_GAS_PENALTY_DIVISOR = 10;

    bytes32 private constant OPERATION_TYPEHASH = keccak256(
        "SponsoredUserOperation(address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes paymasterTerms)"
    );

    /// @dev What validation tells postOp about an operation in a token mode.
    /// @param heldWei Pulled (token) or recorded as debt (deferred) for this operation.
    /// @param preOpGasBound Most gas the operation can have used before its execution.
    /// @param executionGasLimit Gas allowed to execution and postOp together.
    struct Charge {
        bytes32 userOpHash;
        address sender;
        uint16 markupBps;
        uint8 mode;
        bytes16 policyId;
        uint128 heldWei;
        uint128 preOpGasBound;
        uint128 executionGasLimit;
    }

    /// @inheritdoc IComputePaymaster
    mapping(address sender => uint256) public debtOf;

    constructor(IEntryPoint entryPoint_, IComputeToken token_, address owner_)
        OperatorTreasury(entryPoint_, token_, owner_)
        EIP712("ComputePaymaster", "1")
    {}

    modifier onlyEntryPoint() {
        if (msg.sender != address(entryPoint)) revert NotEntryPoint(msg.sender);
        _;
    }

    // ─── Validation ──────────────────────────────────────────────────────────

    /// @inheritdoc IPaymaster
    function validatePaymasterUserOp(PackedUserOperation calldata userOp, bytes32 userOpHash, uint256 maxCost)
        external
        onlyEntryPoint
        returns (bytes memory context, uint256 validationData)
    {
        bytes calldata data = userOp.paymasterAndData;
        (uint8 mode, uint256 termsEnd) = _layoutOf(data);
        bool signed = isSigner[_signerOf(data, termsEnd, _hashOf(userOp, termsEnd))];
        validationData = _validationDataOf(data, signed);
        // A wrong signature is reported, not thrown, and moves no money.
        if (signed && mode != SPONSOR) {
            context = _hold(userOp, userOpHash, maxCost, mode);
        }
    }

    /// @dev Takes, or records as debt, the most the operation can cost.
    function _hold(PackedUserOperation calldata userOp, bytes32 userOpHash, uint256 maxCost, uint8 mode)
        private
        returns (bytes memory)
    {
        bytes calldata data = userOp.paymasterAndData;
        uint256 postOpGasLimit = data.field(POST_OP_GAS_AT, 16);
        _checkPostOpGasLimit(mode, postOpGasLimit);

        Charge memory charge;
        charge.userOpHash = userOpHash;
        charge.sender = userOp.sender;
        charge.markupBps = uint16(data.field(MARKUP_AT, 2));
        charge.mode = mode;
        charge.policyId = bytes16(uint128(data.field(POLICY_ID_AT, 16)));
        charge.heldWei = maxChargeOf(maxCost, charge.markupBps).toUint128();
        _collect(charge.sender, charge.heldWei, data.field(MAX_CHARGE_AT, 16), mode);

        // EntryPoint holds each of these below 2^120: no sum exceeds 128 bits.
        (uint256 verificationGasLimit, uint256 callGasLimit) = userOp.accountGasLimits.unpackUints();
        uint256 paymasterVerificationGasLimit = data.field(VERIFICATION_GAS_AT, 16);
        charge.preOpGasBound =
            uint128(userOp.preVerificationGas + verificationGasLimit + paymasterVerificationGasLimit);
        charge.executionGasLimit = uint128(callGasLimit + postOpGasLimit);
        return _encode(charge);
    }

    function _collect(address sender, uint256 heldWei, uint256 maxChargeWei, uint8 mode) private {
        uint256 debtWei = debtOf[sender];
        uint256 requiredWei = debtWei + heldWei;
        if (requiredWei > maxChargeWei) revert ChargeAboveMaximum(requiredWei, maxChargeWei);
        if (mode == TOKEN) {
            if (debtWei != 0) _setDebt(sender, 0);
            token.transferFrom(sender, address(this), requiredWei);
        } else {
            uint256 balanceWei = token.balanceOf(sender);
            if (balanceWei < requiredWei) revert InsufficientTokenBalance(sender, requiredWei, balanceWei);
            // What validation writes stays even if the execution or postOp is undone: until the operation has
            // paid, its worst case is owed.
            _setDebt(sender, requiredWei);
        }
    }

    // ─── After the execution ─────────────────────────────────────────────────

    /// @inheritdoc IPaymaster
    function postOp(
        PostOpMode mode,
        bytes calldata context,
        uint256 actualGasCost,
        uint256 actualUserOpFeePerGas
    ) external onlyEntryPoint {
        Charge memory charge = _decode(context);
        if (charge.mode == TOKEN) {
            uint256 chargeWei = _chargeWei(charge, TOKEN_POST_OP_GAS, actualGasCost, actualUserOpFeePerGas);
            uint256 refundWei = charge.heldWei - chargeWei;
            emit TokenCharged(charge.userOpHash, charge.sender, charge.policyId, chargeWei, refundWei);
            if (refundWei != 0) token.transfer(charge.sender, refundWei);
        } else {
            uint256 postOpGas = DEFERRED_POST_OP_GAS;
            if (token.balanceOf(address(this)) == 0) postOpGas += FIRST_BALANCE_GAS;
            uint256 chargeWei = _chargeWei(charge, postOpGas, actualGasCost, actualUserOpFeePerGas);
            uint256 owedWei = debtOf[charge.sender];
            uint256 releasedWei = charge.heldWei - chargeWei;
            if (owedWei < releasedWei) {
                _payBack(charge, chargeWei, owedWei, releasedWei - owedWei, actualUserOpFeePerGas);
            } else {
                _pullDue(mode, charge, chargeWei, owedWei - releasedWei);
            }
        }
    }

    /// @dev Another operation of the sender in this bundle has already paid this one's worst case as debt.
    function _payBack(
        Charge memory charge,
        uint256 chargeWei,
        uint256 owedWei,
        uint256 surplusWei,
        uint256 feePerGas
    ) private {
        uint256 transferWei = maxChargeOf(DEFERRED_REFUND_GAS * feePerGas, charge.markupBps);
        uint256 refundWei = surplusWei > transferWei ? surplusWei - transferWei : 0;
        if (owedWei != 0) _setDebt(charge.sender, 0);
        emit TokenCharged(
            charge.userOpHash, charge.sender, charge.policyId, chargeWei + surplusWei - refundWei, refundWei
        );
        if (refundWei != 0) token.transfer(charge.sender, refundWei);
    }

    /// @dev The debt held the worst case; released from it is what the operation did not cost. What is left,
    /// earlier debt included, is due now.
    function _pullDue(PostOpMode mode, Charge memory charge, uint256 chargeWei, uint256 dueWei) private {
        if (_tryPull(charge.sender, dueWei)) {
            _setDebt(charge.sender, 0);
            emit TokenCharged(charge.userOpHash, charge.sender, charge.policyId, chargeWei, 0);
        } else if (mode == PostOpMode.opSucceeded) {
            // EntryPoint undoes the execution: whoever moved the tokens away finds them back, and owing.
            revert DeferredChargeFailed(charge.sender, dueWei);
        } else {
            // The approval was undone with the execution: no reason to keep the worst case as debt.
            _setDebt(charge.sender, dueWei);
            emit ChargeUnpaid(charge.userOpHash, charge.sender, charge.policyId, chargeWei);
        }
    }

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @inheritdoc IComputePaymaster
    function hashOf(PackedUserOperation calldata userOperation) external view returns (bytes32) {
        (, uint256 termsEnd) = _layoutOf(userOperation.paymasterAndData);
        return _hashOf(userOperation, termsEnd);
    }

    /// @inheritdoc IComputePaymaster
    function postOpGasLimitBounds(uint8 mode) public pure returns (uint256 minimum, uint256 maximum) {
        if (mode == SPONSOR) return (0, type(uint120).max);
        if (mode == TOKEN) return (TOKEN_POST_OP_LIMIT_MIN, TOKEN_POST_OP_LIMIT_MAX);
        if (mode == TOKEN_DEFERRED) return (DEFERRED_POST_OP_LIMIT_MIN, DEFERRED_POST_OP_LIMIT_MAX);
        revert UnknownMode(mode);
    }

    /// @inheritdoc IComputePaymaster
    function maxChargeOf(uint256 maxCostWei, uint16 markupBps) public pure returns (uint256) {
        return Math.ceilDiv(maxCostWei * (BPS + markupBps), BPS);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _layoutOf(bytes calldata data) private pure returns (uint8 mode, uint256 termsEnd) {
        if (data.length <= MODE_AT) {
            revert InvalidPaymasterDataLength(data.length, SPONSOR_TERMS_END + SIGNATURE_LENGTH);
        }
        mode = uint8(data.field(MODE_AT, 1));
        if (mode > TOKEN_DEFERRED) revert UnknownMode(mode);
        termsEnd = mode == SPONSOR ? SPONSOR_TERMS_END : TOKEN_TERMS_END;
        if (data.length != termsEnd + SIGNATURE_LENGTH) {
            revert InvalidPaymasterDataLength(data.length, termsEnd + SIGNATURE_LENGTH);
        }
    }

    function _hashOf(PackedUserOperation calldata userOp, uint256 termsEnd) private view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    OPERATION_TYPEHASH,
                    userOp.sender,
                    userOp.nonce,
                    keccak256(userOp.initCode),
                    keccak256(userOp.callData),
                    userOp.accountGasLimits,
                    userOp.preVerificationGas,
                    userOp.gasFees,
                    keccak256(userOp.paymasterAndData[:termsEnd])
                )
            )
        );
    }

    /// @dev Zero, which is never a signer, if the signature is no signature.
    function _signerOf(bytes calldata data, uint256 signatureAt, bytes32 hash)
        private
        pure
        returns (address signer)
    {
        (signer,,) = ECDSA.tryRecover(
            hash,
            uint8(data.field(signatureAt + 64, 1)),
            bytes32(data.field(signatureAt, 32)),
            bytes32(data.field(signatureAt + 32, 32))
        );
    }

    /// @dev EntryPoint reads the clock, so that validation need not (ERC-7562 [OP-011]).
    function _validationDataOf(bytes calldata data, bool signed) private pure returns (uint256) {
        uint256 validUntil = data.field(VALID_UNTIL_AT, 6);
        uint256 validAfter = data.field(VALID_AFTER_AT, 6);
        return (signed ? 0 : 1) | (validUntil << 160) | (validAfter << 208);
    }

    function _checkPostOpGasLimit(uint8 mode, uint256 limit) private pure {
        (uint256 minimum, uint256 maximum) = postOpGasLimitBounds(mode);
        if (limit < minimum || limit > maximum) revert PostOpGasLimitOutOfBounds(limit, minimum, maximum);
    }

    /// @dev Packed: every word of context is copied, hashed over or paid for three times on its way to postOp.
    function _encode(Charge memory charge) private pure returns (bytes memory) {
        return abi.encodePacked(
            charge.userOpHash,
            charge.sender,
            charge.markupBps,
            charge.mode,
            charge.policyId,
            charge.heldWei,
            charge.preOpGasBound,
            charge.executionGasLimit
        );
    }

    function _decode(bytes calldata context) private pure returns (Charge memory) {
        return Charge({
            userOpHash: bytes32(context.field(0, 32)),
            sender: address(uint160(context.field(32, 20))),
            markupBps: uint16(context.field(52, 2)),
            mode: uint8(context.field(54, 1)),
            policyId: bytes16(uint128(context.field(55, 16))),
            heldWei: uint128(context.field(71, 16)),
            preOpGasBound: uint128(context.field(87, 16)),
            executionGasLimit: uint128(context.field(103, 16))
        });
    }

    /// @dev At least what EntryPoint will take from the deposit, markup added, rounded up; at most what is held.
    /// @param postOpGas Most gas EntryPoint spends after it has read `actualGasCost`.
    function _chargeWei(Charge memory charge, uint256 postOpGas, uint256 actualGasCost, uint256 feePerGas)
        private
        pure
        returns (uint256)
    {
        if (feePerGas == 0) return 0;
        uint256 gasUsed = actualGasCost / feePerGas + postOpGas;
        // EntryPoint bills a tenth of the execution gas left unused. How much gas went before the execution is
        // not told: assuming the most that can have gone never assumes too small a rest.
        uint256 executionGas = gasUsed > charge.preOpGasBound ? gasUsed - charge.preOpGasBound : 0;
        if (charge.executionGasLimit > executionGas) {
            gasUsed += (charge.executionGasLimit - executionGas) / UNUSED_GAS_PENALTY_DIVISOR;
        }
        uint256 chargeWei = maxChargeOf(gasUsed * feePerGas, charge.markupBps);
        return chargeWei < charge.heldWei ? chargeWei : charge.heldWei;
    }

    function _setDebt(address sender, uint256 debtWei) private {
        debtOf[sender] = debtWei;
        emit DebtChanged(sender, debtWei);
    }

    function _tryPull(address sender, uint256 amountWei) private returns (bool) {
        try token.transferFrom(sender, address(this), amountWei) returns (bool) {
            return true;
        } catch {
            return false;
        }
    }
}
