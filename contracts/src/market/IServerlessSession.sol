// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IUsageRights} from "../rights/IUsageRights.sol";
import {IComputeToken} from "../token/IComputeToken.sol";
import {IAgreements} from "./IAgreements.sol";
import {IOfferBook} from "./IOfferBook.sol";
import {IProviderRegistry} from "./IProviderRegistry.sol";

/// @title Pay per use, by signed cumulative vouchers.
/// @notice `Open → Closing → Finalized`. The payer's budget waits here; what is used is paid by vouchers, signed off
/// the chain by whoever holds a right to the session, each of which replaces the one before. Paid + refunded =
/// budget, to the wei. The holder signs, so it cannot be over-billed; the provider stops serving after one unsigned
/// interval, so it can lose no more than that: nothing that the payer or a holder does later (closing, granting,
/// revoking, giving the right away, changing the signer) undoes a voucher that is redeemed within an hour of blocks,
/// as long as all that the provider took fits the budgets it is drawn on (`IUsageRights.lineOf`).
/// Opening mints the root usage right to the payer; its ERC-4907 user is the session's signer. Refunds go to the
/// payer, whoever holds the rights. Nobody owns the contract, and no state waits for one party only.
/// @dev Amounts are token wei, expiries seconds of block.timestamp, deadlines block numbers (the last block in
/// which the act is still possible). The bond behind a session bounds how many a provider sells at once; it is
/// never slashed here, for there is nothing objective to slash for: what was not delivered is not signed for.
interface IServerlessSession is IAgreements {
    enum SessionState {
        None,
        Open,
        Closing,
        Finalized
    }

    /// @param payer Who opened and pays, and to whom the rest goes. @param expires Last second (since 1970) in which
    /// the session is meant to be used; afterwards anyone may close it.
    /// @param budgetWei All that was ever paid in. @param spentWei All that was paid out to the provider.
    /// @param challengeEndBlock Last block to redeem in while Closing; 0 otherwise.
    /// @param pricePerSecondWei Frozen price of one unit of use. @param bondWei Bond locked while Open.
    struct Session {
        address payer;
        SessionState state;
        uint48 expires;
        address provider;
        uint96 offerId;
        uint96 budgetWei;
        uint96 spentWei;
        uint64 challengeEndBlock;
        uint128 pricePerSecondWei;
        uint128 bondWei;
    }

    /// @param rightId The right whose budget pays: the session's root, or one granted from it.
    /// @param cumulativeWei All that was ever owed through this right. @param sequence Rises with every voucher.
    /// @param units Seconds of use that `cumulativeWei` pays for, in all.
    /// @param receiptsRoot Merkle root of what was served for it; not looked at by the contract.
    struct Voucher {
        uint256 sessionId;
        uint256 rightId;
        uint96 cumulativeWei;
        uint64 sequence;
        uint64 units;
        bytes32 receiptsRoot;
    }

    /// @param signer A holder of the voucher's right. @param signature ECDSA or ERC-1271, over `hashOf(voucher)`.
    struct SignedVoucher {
        Voucher voucher;
        address signer;
        bytes signature;
    }

    /// @notice The last redeemed voucher of a right.
    struct Lane {
        uint96 cumulativeWei;
        uint64 sequence;
        uint64 units;
    }

    /// @param signer First user of the root right; zero: only the payer signs.
    event SessionOpened(
        uint256 indexed sessionId,
        address indexed payer,
        address indexed provider,
        uint256 offerId,
        uint96 budgetWei,
        uint128 pricePerSecondWei,
        uint128 bondWei,
        address signer,
        uint48 expires
    );
    event SessionToppedUp(
        uint256 indexed sessionId,
        address indexed payer,
        address indexed provider,
        address fundedBy,
        uint96 amountWei,
        uint96 budgetWei
    );
    event VoucherRedeemed(
        uint256 indexed sessionId,
        uint256 indexed rightId,
        address indexed signer,
        uint96 cumulativeWei,
        uint64 sequence,
        uint64 units,
        bytes32 receiptsRoot,
        address payout,
        uint96 paidWei
    );
    /// @notice A voucher of a batch was left out. @param reason The error it met; empty if it ran out of gas.
    event VoucherRefused(uint256 indexed sessionId, uint256 indexed rightId, uint64 sequence, bytes reason);
    event SessionClosing(
        uint256 indexed sessionId,
        address indexed payer,
        address indexed provider,
        address closedBy,
        uint64 challengeEndBlock
    );
    event SessionFinalized(
        uint256 indexed sessionId,
        address indexed payer,
        address indexed provider,
        uint96 spentWei,
        uint96 refundWei
    );

    error UnknownSession(uint256 sessionId);
    /// @notice The session is in `state`, in which this cannot be done.
    error WrongState(uint256 sessionId, SessionState state);
    error NotProvider(uint256 sessionId, address caller);
    /// @notice Only the provider and holders of `ACT_STOP` may close before the session expires.
    error NotClosableBy(uint256 sessionId, address caller);
    error NotServerlessOffer(uint256 offerId);
    error PriceAboveMaximum(uint256 pricePerSecondWei, uint256 maxPricePerSecondWei);
    /// @notice The session must expire after now and by `latestExpires`.
    error ExpiryOutOfRange(uint48 expires, uint256 latestExpires);
    /// @notice The offer wants at least `minimumWei` (its `minSeconds` at its price).
    error BudgetTooSmall(uint256 budgetWei, uint256 minimumWei);
    error ZeroAmount();
    /// @notice A voucher must exceed the last one in amount and sequence and not fall behind it in units.
    error StaleVoucher(uint256 sessionId, uint256 rightId, Lane last);
    /// @notice `units` at the frozen price are worth only `worthWei`.
    error PriceExceeded(uint256 cumulativeWei, uint256 worthWei);
    error BudgetExceeded(uint256 sessionId, uint256 requestedWei, uint256 restWei);
    error InvalidVoucherSignature(address signer);
    /// @notice `deadlineBlock` was the last block in which this could be done.
    error DeadlinePassed(uint64 deadlineBlock);
    /// @notice Others than the provider can do this only after `deadlineBlock`.
    error DeadlineNotPassed(uint64 deadlineBlock);
    /// @notice A constructor parameter makes no sense; `parameter` is its name.
    error InvalidParameter(string parameter);

    /// @notice Opens a session with one unit of a serverless offer and moves `budgetWei` from the caller into escrow.
    /// @param maxPricePerSecondWei Most token wei per unit of use that the caller agrees to.
    /// @param signer Who may sign vouchers besides the payer, or zero.
    /// @param expires Seconds since 1970, at most the offer's longest duration from now.
    function open(
        uint256 offerId,
        uint96 budgetWei,
        uint128 maxPricePerSecondWei,
        address signer,
        uint48 expires
    ) external returns (uint256 sessionId);

    /// @notice Anyone: adds to the budget of an open session.
    function topUp(uint256 sessionId, uint96 amountWei) external;

    /// @notice Provider: is paid the difference to the last voucher of this right.
    /// @dev Only the provider, or else a signer could redeem a small voucher with a huge sequence before a larger one.
    function redeem(SignedVoucher calldata signed) external returns (uint256 paidWei);

    /// @notice Provider: redeems vouchers of any of its sessions. One that fails is left out, with an event.
    /// @return paidWei For each voucher; 0: left out.
    function redeemMany(SignedVoucher[] calldata signed) external returns (uint256[] memory paidWei);

    /// @notice Ends the use. Holder of `ACT_STOP`, or anyone once it expired: the provider has `CHALLENGE_BLOCKS` to
    /// redeem its highest vouchers. Provider: it waives them, so the session is finalized at once.
    function close(uint256 sessionId) external;

    /// @notice Refunds what was not spent. Anyone once the challenge window is over, the provider before.
    function finalize(uint256 sessionId) external;

    function token() external view returns (IComputeToken);

    function registry() external view returns (IProviderRegistry);

    function offerBook() external view returns (IOfferBook);

    function rights() external view returns (IUsageRights);

    /// @notice Blocks between a close and the end of redeeming.
    function CHALLENGE_BLOCKS() external view returns (uint64);

    /// @notice How many sessions were ever opened: their ids are 1 to this.
    function sessionCount() external view returns (uint256);

    function sessionOf(uint256 sessionId) external view returns (Session memory);

    function laneOf(uint256 sessionId, uint256 rightId) external view returns (Lane memory);

    /// @notice What a voucher's signer signs (EIP-712).
    function hashOf(Voucher calldata voucher) external view returns (bytes32);
}
