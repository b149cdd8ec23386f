// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IComputeToken} from "../token/IComputeToken.sol";
import {IErc20Payments} from "./IErc20Payments.sol";
import {IGasTank} from "./IGasTank.sol";
import {ILeaderTips} from "./ILeaderTips.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {IPaymaster} from "@account-abstraction/interfaces/IPaymaster.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @title Pays the gas of user operations; takes it back in the compute token, in another ERC-20, or not at all.
/// @notice The token is the native coin one to one, so it needs no exchange rate: one signed markup is the
/// whole price. Any other ERC-20 is paid at a signed rate (see IErc20Payments). Over any operation, what is collected (or recorded as debt) covers what the deposit loses.
///
/// `paymasterAndData`, packed:
///
/// | bytes | field |
/// |---|---|
/// | 20 | this paymaster |
/// | 16 | paymasterVerificationGasLimit |
/// | 16 | paymasterPostOpGasLimit |
/// | 1 | mode: 0 sponsor, 1 token, 2 token deferred, 3 tank, 4 ERC-20 |
/// | 6 | validUntil, seconds since 1970; 0 = no end |
/// | 6 | validAfter, seconds since 1970 |
/// | 16 | policyId |
/// | 2 | markupBps (all but sponsor): added to the gas cost, in 1/10000 |
/// | 16 | maxChargeWei (all but sponsor): most token wei this operation may cost its sender, debt included; in ERC-20 mode units of that token |
/// | 20 | token (ERC-20 only) |
/// | 16 | rate (ERC-20 only): token units for 1e18 wei of native gas cost; every charge is rounded up |
/// | 65 | signature of a signer: r, s, v |
///
/// The signature is EIP-712, domain ("ComputePaymaster", "1", chain id, this paymaster), over
/// `SponsoredUserOperation(address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,
/// uint256 preVerificationGas,bytes32 gasFees,bytes paymasterTerms)`, where `paymasterTerms` is
/// `paymasterAndData` without the signature: no byte of the operation but the account's own signature can
/// change after signing.
///
/// Token: the greatest possible charge is pulled during validation, the rest given back in postOp. Earlier debt
/// is paid along if maxChargeWei leaves room for any: terms that leave none do not ask for it.
/// Token deferred, for an operation that approves the paymaster itself: the greatest possible charge is
/// recorded as the sender's debt during validation and the actual one pulled in postOp. If that fails, the
/// execution is undone and the debt stays. A debt is a claim and no money, so this mode is the one in which the
/// deposit can lose: by what a signer signs of it and no more. A signer therefore signs only what a simulation
/// leaves able to pay, bounds what is open and unpaid for each sender and in all, and signs nothing more for a
/// sender in debt.
/// Tank: out of the sender's prepaid gas, which needs neither balance nor allowance (see IGasTank); earlier debt
/// is left alone, so that whoever set gas aside can use it.
/// ERC-20: the greatest possible charge is pulled during validation in the token that the terms name, the rest given
/// back in postOp.
/// Sponsor: nothing is taken, and there is no postOp; but for operations that carry a tip (see ILeaderTips).
interface IComputePaymaster is IPaymaster, IGasTank, IErc20Payments, ILeaderTips {
    /// @notice An operation was paid in the token. @param chargeWei Its price, markup included.
    /// @param refundWei Given back out of what had been pulled for it.
    event TokenCharged(
        bytes32 indexed userOpHash,
        address indexed sender,
        bytes16 policyId,
        uint256 chargeWei,
        uint256 refundWei
    );
    /// @notice A deferred operation whose execution reverted could not be charged: its price is now debt.
    event ChargeUnpaid(
        bytes32 indexed userOpHash, address indexed sender, bytes16 policyId, uint256 chargeWei
    );
    /// @notice `sender` now owes `debtWei` token wei.
    event DebtChanged(address indexed sender, uint256 debtWei);
    event SignerChanged(address indexed signer, bool allowed);
    /// @notice `amountWei` of revenue became gas deposit.
    event DepositRefilled(uint256 amountWei);
    event RevenueWithdrawn(address indexed recipient, uint256 amountWei);

    error NotEntryPoint(address caller);
    error NotOwnerOrSigner(address caller);
    error InvalidEntryPoint(address entryPoint);
    error InvalidToken(address token);
    error InvalidSigner(address signer);
    /// @notice paymasterAndData is `length` bytes long; its mode needs `expected`.
    error InvalidPaymasterDataLength(uint256 length, uint256 expected);
    error UnknownMode(uint8 mode);
    /// @notice paymasterPostOpGasLimit must lie within these bounds, so that postOp can neither run dry nor
    /// be billed for gas it will never use.
    error PostOpGasLimitOutOfBounds(uint256 limit, uint256 minimum, uint256 maximum);
    /// @notice The operation could cost `requiredWei` (earlier debt included), more than was signed.
    error ChargeAboveMaximum(uint256 requiredWei, uint256 maxChargeWei);
    /// @notice The sender holds less than the operation could cost (earlier debt included).
    error InsufficientTokenBalance(address sender, uint256 requiredWei, uint256 balanceWei);
    /// @notice The execution succeeded but did not leave what it owes: it is undone and the debt stays.
    error DeferredChargeFailed(address sender, uint256 dueWei);
    /// @notice Part of the balance may be owed back to senders until the bundle ends.
    error BundleInProgress();
    /// @notice Only `revenueWei` is the operator's: the rest of the balance lies in tanks.
    error InsufficientRevenue(uint256 requiredWei, uint256 revenueWei);
    error OwnershipNotRenounceable();
    error NativeOnlyFromToken(address sender);

    // ─── Operator ────────────────────────────────────────────────────────────

    /// @notice Owner: lets `signer` sign terms, or no longer. Stop signing and let validity run out first:
    /// operations already in a mempool would fail.
    function setSigner(address signer, bool allowed) external;

    /// @notice Owner: adds `msg.value` to the stake in the EntryPoint.
    function addStake(uint32 unstakeDelaySeconds) external payable;

    function unlockStake() external;

    function withdrawStake(address payable recipient) external;

    /// @notice Anyone: adds `msg.value` to the gas deposit in the EntryPoint.
    function deposit() external payable;

    /// @notice Owner: takes native wei out of the gas deposit, never those owed in tips.
    function withdrawDepositTo(address payable recipient, uint256 amountWei) external;

    /// @notice Owner or a signer: turns `amountWei` of collected tokens into gas deposit. Never those of tanks; not
    /// during a bundle.
    function refillDeposit(uint256 amountWei) external;

    /// @notice Owner: takes `amountWei` of collected tokens, never those of tanks. Not during a bundle, when part of the balance may
    /// be owed back to senders; so an owner that is itself an ERC-4337 account cannot call it by user operation.
    function withdrawRevenue(address recipient, uint256 amountWei) external;

    // ─── Views ───────────────────────────────────────────────────────────────

    function entryPoint() external view returns (IEntryPoint);

    function token() external view returns (IComputeToken);

    function isSigner(address signer) external view returns (bool);

    /// @notice Token wei that `sender` owes from operations it did not pay.
    function debtOf(address sender) external view returns (uint256);

    /// @notice Token wei that are the operator's, between bundles: all that lies here but what is in tanks.
    function revenueWei() external view returns (uint256);

    /// @notice Native wei of gas deposit in the EntryPoint.
    function getDeposit() external view returns (uint256);

    /// @notice What a signer signs for this operation; its paymasterAndData must have its full length, with
    /// any 65 bytes in the signature's place.
    function hashOf(PackedUserOperation calldata userOperation) external view returns (bytes32);

    /// @notice Bounds of paymasterPostOpGasLimit in a mode: (0, max) for sponsor, which has no postOp below
    /// `leaderTipPostOpGasLimit`.
    function postOpGasLimitBounds(uint8 mode) external pure returns (uint256 minimum, uint256 maximum);

    /// @notice Most token wei an operation of this greatest native cost can be charged, debt excluded.
    function maxChargeOf(uint256 maxCostWei, uint16 markupBps) external pure returns (uint256);
}
