// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeToken} from "../token/IComputeToken.sol";
import {Charge, Charges} from "./Charge.sol";
import {Erc20Payments} from "./Erc20Payments.sol";
import {Erc20Terms} from "./Erc20Terms.sol";
import {IComputePaymaster} from "./IComputePaymaster.sol";
import {PackedFields} from "./PackedFields.sol";
import {PaymasterBase} from "./PaymasterBase.sol";
import {PaymasterData} from "./PaymasterData.sol";
import {PaymasterTerms} from "./PaymasterTerms.sol";
import {UserOperationLib} from "@account-abstraction/core/UserOperationLib.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {IPaymaster} from "@account-abstraction/interfaces/IPaymaster.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title Pays the gas of user operations; what it promises stands on `IComputePaymaster`.
/// @dev Between bundles every token held here that is not in a tank is the operator's revenue; during one, part of
/// it is owed back to senders, so nothing but charges and refunds may move it then. `ComputeToken` reverts where a
/// transfer fails.
contract ComputePaymaster is Erc20Payments, EIP712 {
    using Erc20Terms for bytes;
    using PackedFields for bytes;
    using PaymasterData for bytes;
    using PaymasterTerms for PackedUserOperation;
    using PaymasterTerms for bytes;
    using SafeCast for uint256;
    using UserOperationLib for bytes32;

    // The most gas EntryPoint v0.7 spends between reading the cost it hands to postOp and reading the cost it
    // takes from the deposit, whatever the execution did to the balances that postOp writes.
    // PostOpGas.t.sol provokes the worst cases and fails if these no longer cover them. Some 300 gas to spare
    // also cover what EntryPoint spends in validation outside the limits that bound it.
    uint256 private constant TOKEN_POST_OP_GAS = 12_460;
    uint256 private constant TANK_POST_OP_GAS = 6_660;
    /// @dev Without what postOp spends until it reckons the charge, which is measured.
    uint256 private constant DEFERRED_POST_OP_GAS = 16_740;
    /// @dev On top of it if the allowance is finite, and has to be written anew.
    uint256 private constant FINITE_ALLOWANCE_GAS = 3_150;
    /// @dev On top of it if this contract holds no token yet (EIP-2929: 20,000 for the first, then 2,900).
    uint256 private constant FIRST_BALANCE_GAS = 17_100;
    /// @dev On top of it if a deferred operation is paid back instead of charged.
    uint256 private constant DEFERRED_REFUND_GAS = 11_700;

    /// @dev One gas for so many bytes of the operation, which EntryPoint may hold in memory while it calls postOp:
    /// ten words more of memory cost 20 / 512 gas for every word there is (yellow paper, appendix H).
    uint256 private constant OPERATION_BYTES_PER_GAS = 512;

    // Below the minimum postOp could run dry. Nobody needs more than the maximum; in token mode it also rules
    // out the one refund dearer than TOKEN_POST_OP_GAS, to a balance that was zero before the transaction
    // (a wrapper around handleOps could stage that): it fails, and all that was pulled stays here.
    uint256 private constant TOKEN_POST_OP_LIMIT_MIN = 14_000;
    uint256 private constant TOKEN_POST_OP_LIMIT_MAX = 24_000;
    uint256 private constant DEFERRED_POST_OP_LIMIT_MIN = 48_000;
    uint256 private constant DEFERRED_POST_OP_LIMIT_MAX = 80_000;
    uint256 private constant TANK_POST_OP_LIMIT_MIN = 8_000;
    uint256 private constant TANK_POST_OP_LIMIT_MAX = 16_000;
    /// @dev A refund, and keeping it where the token refuses it.
    uint256 private constant ERC20_POST_OP_LIMIT_MIN = KEEP_REFUND_GAS + 12_000;
    uint256 private constant ERC20_POST_OP_LIMIT_MAX = KEEP_REFUND_GAS + 249_000;
    /// @dev Where a charge's four words end, and those of the ERC-20 mode begin.
    uint256 private constant ERC20_CONTEXT_AT = 128;

    /// @inheritdoc IComputePaymaster
    mapping(address sender => uint256) public debtOf;

    constructor(IEntryPoint entryPoint_, IComputeToken token_, address owner_)
        PaymasterBase(entryPoint_, token_)
        Ownable(owner_)
        EIP712("ComputePaymaster", "1")
    {}

    // ─── Validation ──────────────────────────────────────────────────────────

    /// @inheritdoc IPaymaster
    function validatePaymasterUserOp(PackedUserOperation calldata userOp, bytes32 userOpHash, uint256 maxCost)
        external
        onlyEntryPoint
        returns (bytes memory context, uint256 validationData)
    {
        bytes calldata data = userOp.paymasterDataOf();
        (uint8 mode, uint256 termsEnd) = _layoutOf(data);
        bool signed = isSigner[data.signerOf(termsEnd, _hashOf(userOp, termsEnd))];
        validationData = _validationDataOf(data, signed);
        // A wrong signature is reported, not thrown, and moves no money.
        if (signed) {
            if (mode != PaymasterData.SPONSOR) {
                context = _hold(userOp, userOpHash, maxCost, mode);
            } else if (data.field(PaymasterData.POST_OP_GAS_AT, 16) >= leaderTipPostOpGasLimit()) {
                // A charge of nobody: as long as the others, so that what tells them apart costs those nothing.
                Charge memory nobodys;
                nobodys.userOpHash = userOpHash;
                context = nobodys.encode();
            }
        }
    }

    /// @dev Takes, or records as debt, the most the operation can cost.
    function _hold(PackedUserOperation calldata userOp, bytes32 userOpHash, uint256 maxCost, uint8 mode)
        private
        returns (bytes memory context)
    {
        bytes calldata data = userOp.paymasterDataOf();
        _checkPostOpGasLimit(mode, data.field(PaymasterData.POST_OP_GAS_AT, 16));
        uint256 markupBps = data.field(PaymasterData.MARKUP_AT, 2);
        uint256 heldWei = Charges.withMarkup(maxCost, markupBps).toUint128();
        uint256 maxCharge = data.field(PaymasterData.MAX_CHARGE_AT, 16);
        context = _chargeOf(userOp, userOpHash, mode, markupBps, heldWei).encode();
        if (mode != Erc20Terms.ERC20) {
            _collect(userOp.sender, heldWei, maxCharge, mode);
        } else {
            (address erc20, uint256 rate) = data.erc20Of();
            if (rate == 0) revert InvalidRate();
            uint256 held = Erc20Terms.unitsOf(heldWei, rate);
            if (held > maxCharge) revert ChargeAboveMaximum(held, maxCharge);
            context = bytes.concat(context, abi.encode(erc20, rate));
            _pullErc20(erc20, userOp.sender, held);
        }
    }

    /// @dev EntryPoint holds each gas field below 2^120: no sum exceeds 128 bits.
    function _chargeOf(
        PackedUserOperation calldata userOp,
        bytes32 userOpHash,
        uint8 mode,
        uint256 markupBps,
        uint256 heldWei
    ) private pure returns (Charge memory charge) {
        bytes calldata data = userOp.paymasterDataOf();
        (uint256 verificationGasLimit, uint256 callGasLimit) = userOp.accountGasLimits.unpackUints();
        charge.userOpHash = userOpHash;
        charge.sender = userOp.sender;
        charge.markupBps = markupBps;
        charge.mode = mode;
        charge.policyId = bytes16(uint128(data.field(PaymasterData.POLICY_ID_AT, 16)));
        charge.heldWei = heldWei;
        unchecked {
            charge.preOpGasBound = userOp.preVerificationGas + verificationGasLimit
                + data.field(PaymasterData.VERIFICATION_GAS_AT, 16);
            charge.executionGasLimit = callGasLimit + data.field(PaymasterData.POST_OP_GAS_AT, 16);
            charge.memoryGas = msg.data.length / OPERATION_BYTES_PER_GAS;
        }
    }

    function _collect(address sender, uint256 heldWei, uint256 maxChargeWei, uint8 mode) private {
        if (heldWei > maxChargeWei) revert ChargeAboveMaximum(heldWei, maxChargeWei);
        if (mode == PaymasterData.TOKEN) {
            // Terms without room for a debt do not ask for it, and need not look it up.
            uint256 debtWei = heldWei == maxChargeWei ? 0 : debtOf[sender];
            if (debtWei != 0) {
                heldWei = _withDebt(heldWei, debtWei, maxChargeWei);
                _setDebt(sender, 0);
            }
            token.transferFrom(sender, address(this), heldWei);
        } else if (mode == PaymasterData.TOKEN_DEFERRED) {
            uint256 requiredWei = _withDebt(heldWei, debtOf[sender], maxChargeWei);
            uint256 balanceWei = token.balanceOf(sender);
            if (balanceWei < requiredWei) revert InsufficientTokenBalance(sender, requiredWei, balanceWei);
            // What validation writes stays even if the execution or postOp is undone: until the operation has
            // paid, its worst case is owed.
            _setDebt(sender, requiredWei);
        } else {
            _spendFromTank(sender, heldWei);
        }
    }

    function _withDebt(uint256 heldWei, uint256 debtWei, uint256 maxChargeWei)
        private
        pure
        returns (uint256 requiredWei)
    {
        requiredWei = heldWei + debtWei;
        if (requiredWei > maxChargeWei) revert ChargeAboveMaximum(requiredWei, maxChargeWei);
    }

    // ─── After the execution ─────────────────────────────────────────────────

    /// @inheritdoc IPaymaster
    function postOp(
        PostOpMode mode,
        bytes calldata context,
        uint256 actualGasCost,
        uint256 actualUserOpFeePerGas
    ) external onlyEntryPoint {
        uint256 gasAtStart = gasleft();
        Charge memory charge = Charges.decode(context);
        if (charge.mode == PaymasterData.TANK) {
            uint256 chargeWei = charge.priceWei(TANK_POST_OP_GAS, actualGasCost, actualUserOpFeePerGas);
            emit TankCharged(charge.userOpHash, charge.sender, charge.policyId, chargeWei);
            _returnToTank(charge.sender, charge.heldWei - chargeWei);
        } else if (charge.mode == PaymasterData.TOKEN) {
            uint256 chargeWei = charge.priceWei(TOKEN_POST_OP_GAS, actualGasCost, actualUserOpFeePerGas);
            uint256 refundWei = charge.heldWei - chargeWei;
            emit TokenCharged(charge.userOpHash, charge.sender, charge.policyId, chargeWei, refundWei);
            if (refundWei != 0) token.transfer(charge.sender, refundWei);
        } else if (charge.mode == Erc20Terms.ERC20) {
            (address erc20, uint256 rate) = abi.decode(context[ERC20_CONTEXT_AT:], (address, uint256));
            _settleErc20(charge, erc20, rate, actualGasCost, actualUserOpFeePerGas, gasAtStart);
        } else if (charge.mode == PaymasterData.SPONSOR) {
            _tipLeader(charge.userOpHash, actualGasCost);
        } else {
            _chargeDeferred(mode, charge, actualGasCost, actualUserOpFeePerGas, gasAtStart);
        }
    }

    /// @dev Touches all it can before it reckons the charge, so that little more than the transfer's gas is assumed.
    function _chargeDeferred(
        PostOpMode mode,
        Charge memory charge,
        uint256 actualGasCost,
        uint256 feePerGas,
        uint256 gasAtStart
    ) private {
        uint256 owedWei = debtOf[charge.sender];
        // Any other value: whatever the slot went through in this bundle, its next write is a cheap one (EIP-2200).
        if (owedWei != 0) debtOf[charge.sender] = ~owedWei;
        uint256 postOpGas = DEFERRED_POST_OP_GAS;
        if (token.balanceOf(address(this)) == 0) postOpGas += FIRST_BALANCE_GAS;
        if (token.allowance(charge.sender, address(this)) != type(uint256).max) {
            postOpGas += FINITE_ALLOWANCE_GAS;
        }
        postOpGas += gasAtStart - gasleft();
        uint256 chargeWei = charge.priceWei(postOpGas, actualGasCost, feePerGas);
        uint256 releasedWei = charge.heldWei - chargeWei;
        if (owedWei < releasedWei) {
            _payBack(charge, chargeWei, owedWei, releasedWei - owedWei, feePerGas);
        } else {
            _pullDue(mode, charge, chargeWei, owedWei - releasedWei);
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
        uint256 transferWei = Charges.withMarkup(DEFERRED_REFUND_GAS * feePerGas, charge.markupBps);
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
        (, uint256 termsEnd) = _layoutOf(userOperation.paymasterDataOf());
        return _hashOf(userOperation, termsEnd);
    }

    /// @inheritdoc IComputePaymaster
    function postOpGasLimitBounds(uint8 mode) public pure returns (uint256 minimum, uint256 maximum) {
        if (mode == PaymasterData.SPONSOR) return (0, type(uint120).max);
        if (mode == PaymasterData.TOKEN) return (TOKEN_POST_OP_LIMIT_MIN, TOKEN_POST_OP_LIMIT_MAX);
        if (mode == PaymasterData.TOKEN_DEFERRED) {
            return (DEFERRED_POST_OP_LIMIT_MIN, DEFERRED_POST_OP_LIMIT_MAX);
        }
        if (mode == PaymasterData.TANK) return (TANK_POST_OP_LIMIT_MIN, TANK_POST_OP_LIMIT_MAX);
        if (mode == Erc20Terms.ERC20) return (ERC20_POST_OP_LIMIT_MIN, ERC20_POST_OP_LIMIT_MAX);
        revert UnknownMode(mode);
    }

    /// @inheritdoc IComputePaymaster
    function maxChargeOf(uint256 maxCostWei, uint16 markupBps) public pure returns (uint256) {
        return Charges.withMarkup(maxCostWei, markupBps);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _layoutOf(bytes calldata data) private pure returns (uint8 mode, uint256 termsEnd) {
        bool isKnown;
        (isKnown, mode, termsEnd) = data.layoutOf();
        if (isKnown) return (mode, termsEnd);
        if (mode > Erc20Terms.ERC20) revert UnknownMode(mode);
        if (mode == Erc20Terms.ERC20) {
            termsEnd = Erc20Terms.ERC20_TERMS_END;
            if (data.length == termsEnd + PaymasterData.SIGNATURE_LENGTH) return (mode, termsEnd);
        }
        revert InvalidPaymasterDataLength(data.length, termsEnd + PaymasterData.SIGNATURE_LENGTH);
    }

    function _hashOf(PackedUserOperation calldata userOp, uint256 termsEnd) private view returns (bytes32) {
        return _hashTypedDataV4(userOp.structHashOf(termsEnd));
    }

    /// @dev EntryPoint reads the clock, so that validation need not (ERC-7562 [OP-011]).
    function _validationDataOf(bytes calldata data, bool signed) private pure returns (uint256) {
        uint256 validUntil = data.field(PaymasterData.VALID_UNTIL_AT, 6);
        uint256 validAfter = data.field(PaymasterData.VALID_AFTER_AT, 6);
        return (signed ? 0 : 1) | (validUntil << 160) | (validAfter << 208);
    }

    function _checkPostOpGasLimit(uint8 mode, uint256 limit) private pure {
        (uint256 minimum, uint256 maximum) = postOpGasLimitBounds(mode);
        if (limit < minimum || limit > maximum) revert PostOpGasLimitOutOfBounds(limit, minimum, maximum);
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
