// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IUsageRights} from "../rights/IUsageRights.sol";
import {IComputeToken} from "../token/IComputeToken.sol";
import {IAgreements} from "./IAgreements.sol";
import {IOfferBook} from "./IOfferBook.sol";
import {IProviderRegistry} from "./IProviderRegistry.sol";

/// @title Whole machines by the second.
/// @notice `Locked → Accepted → Ready ⇄ Paused → Stopped → Settled`, or `Expired` (not accepted or not ready
/// in time), or `Faulted` (a liveness question went unanswered). The payer's money waits here and can leave
/// only to the provider, the broker and back to the payer: paid + broker + refunded = escrow, to the wei.
/// Nobody owns the contract, and in every state somebody other than the counterparty can move it on.
///
/// Who may stop, extend and ping is a matter of usage rights: opening mints the root right to the payer, and
/// whoever holds it, or a right granted from it, acts within that right. Refunds go to the payer all the same.
/// @dev Amounts are token wei, meters are seconds of block.timestamp, deadlines are block numbers (the last
/// block in which the act is still possible).
interface IInstanceLease is IAgreements {
    enum LeaseState {
        None,
        Locked,
        Accepted,
        Ready,
        Paused,
        Stopped,
        Settled,
        Expired,
        Faulted
    }

    /// @param acceptBlocks How long the provider may take to accept.
    /// @param readyBlocks How long it may then take to make the machine ready.
    /// @param pongBlocks How long it may take to answer a ping.
    /// @param pingIntervalBlocks Least distance between two pings of a lease.
    /// @param maxPauseBlocks How long a lease may be paused in total.
    /// @param pingDepositWei What a ping costs its sender; the provider earns it by answering.
    struct Parameters {
        uint32 acceptBlocks;
        uint32 readyBlocks;
        uint32 pongBlocks;
        uint32 pingIntervalBlocks;
        uint32 maxPauseBlocks;
        uint128 pingDepositWei;
    }

    /// @param payer Who opened and pays, and to whom refunds go.
    /// @param brokerBps The broker's share of what the provider earns, in 1/10000.
    /// @param maxSeconds Time paid for. @param limitSeconds How far `maxSeconds` may be extended.
    /// @param usedSeconds Metered time up to `meterSince` (Ready), or in all (other states).
    /// @param pausedBlocks Blocks spent in finished pauses.
    /// @param pricePerSecondWei Frozen price of one unit and second.
    /// @param bondWei The provider's bond behind this lease (locked from Accepted to the stop).
    /// @param escrowWei All that was ever paid in, for time or as credit for more of it.
    /// @param meterSince Timestamp since which the meter runs; 0 unless Ready.
    /// @param deadlineBlock Last block to accept (Locked) or make ready (Accepted); 0 afterwards.
    /// @param imageDigest What is to run.
    /// @param pausedAtBlock Block in which the present pause began; 0 unless Paused.
    /// @param pingedAt Timestamp of the unanswered ping. @param pongDeadlineBlock Last block to answer it; both
    /// 0 if none is open. @param nextPingBlock First block in which it may be pinged again.
    /// @param pinger Who sent the last ping, and gets its deposit back if it stays unanswered.
    struct Lease {
        address payer;
        LeaseState state;
        uint16 brokerBps;
        uint32 units;
        uint32 maxSeconds;
        address provider;
        uint32 limitSeconds;
        uint32 usedSeconds;
        uint32 pausedBlocks;
        address broker;
        uint96 offerId;
        uint128 pricePerSecondWei;
        uint128 bondWei;
        uint128 escrowWei;
        uint64 meterSince;
        uint64 deadlineBlock;
        bytes32 imageDigest;
        uint64 pausedAtBlock;
        uint64 pingedAt;
        uint64 pongDeadlineBlock;
        uint64 nextPingBlock;
        address pinger;
    }

    event LeaseOpened(
        uint256 indexed leaseId,
        address indexed payer,
        address indexed provider,
        uint256 offerId,
        uint32 units,
        uint32 maxSeconds,
        uint32 limitSeconds,
        uint128 pricePerSecondWei,
        uint128 bondWei,
        uint128 escrowWei,
        bytes32 imageDigest,
        address broker,
        uint16 brokerBps,
        uint64 deadlineBlock
    );
    /// @notice What the payer asks for beyond the terms, with the opening of the lease; not emitted if nothing.
    /// @param request Meant to be encrypted to the provider; kept only in this log.
    event LeaseRequested(
        uint256 indexed leaseId, address indexed payer, address indexed provider, bytes request
    );
    event LeaseAccepted(
        uint256 indexed leaseId, address indexed payer, address indexed provider, uint64 deadlineBlock
    );
    /// @param access How to reach the machine, meant to be encrypted to the payer; kept only in this log.
    event LeaseReady(
        uint256 indexed leaseId,
        address indexed payer,
        address indexed provider,
        uint64 meterSince,
        bytes access
    );
    event LeasePaused(
        uint256 indexed leaseId,
        address indexed payer,
        address indexed provider,
        uint32 usedSeconds,
        uint64 pausedAtBlock
    );
    event LeaseResumed(
        uint256 indexed leaseId,
        address indexed payer,
        address indexed provider,
        uint64 meterSince,
        uint32 pausedBlocks
    );
    event LeaseExtended(
        uint256 indexed leaseId,
        address indexed payer,
        address indexed provider,
        uint32 maxSeconds,
        uint128 escrowWei
    );
    /// @notice `fundedBy` added `amountWei` of credit, which holders of rights may turn into time.
    event LeaseFunded(
        uint256 indexed leaseId,
        address indexed payer,
        address indexed provider,
        address fundedBy,
        uint128 amountWei,
        uint128 escrowWei
    );
    /// @param stoppedBy Who stopped it. @param pingDepositWei Deposit of an open ping, paid to the provider.
    event LeaseStopped(
        uint256 indexed leaseId,
        address indexed payer,
        address indexed provider,
        address stoppedBy,
        uint32 usedSeconds,
        uint256 pingDepositWei
    );
    /// @param payout Where the provider's share went; zero if the lease was cancelled before it ran.
    event LeaseSettled(
        uint256 indexed leaseId,
        address indexed payer,
        address indexed provider,
        address payout,
        uint256 providerWei,
        uint256 brokerWei,
        uint256 refundWei
    );
    /// @param stateBefore Locked: never accepted. Accepted: never ready.
    event LeaseExpired(
        uint256 indexed leaseId,
        address indexed payer,
        address indexed provider,
        LeaseState stateBefore,
        uint256 refundWei
    );
    event LeasePinged(
        uint256 indexed leaseId,
        address indexed payer,
        address indexed provider,
        address pinger,
        uint64 pingedAt,
        uint64 pongDeadlineBlock,
        uint64 nextPingBlock
    );
    event LeasePonged(
        uint256 indexed leaseId, address indexed payer, address indexed provider, uint256 pingDepositWei
    );
    /// @param usedSeconds Metered time up to the unanswered ping. @param slashedWei Bond taken: half to the payer.
    /// @param pingDepositWei Went back to the pinger. @param refundWei Unused escrow, back to the payer.
    event LeaseFaulted(
        uint256 indexed leaseId,
        address indexed payer,
        address indexed provider,
        uint32 usedSeconds,
        uint256 slashedWei,
        uint256 pingDepositWei,
        address payout,
        uint256 providerWei,
        uint256 brokerWei,
        uint256 refundWei
    );

    error UnknownLease(uint256 leaseId);
    /// @notice The lease is in `state`, in which this cannot be done.
    error WrongState(uint256 leaseId, LeaseState state);
    /// @notice `caller` holds no right in force with `act` (`ACT_…` of IUsageRights) over the lease, or has chosen
    /// another one.
    error NotAuthorized(uint256 leaseId, address caller, uint8 act);
    error NotProvider(uint256 leaseId, address caller);
    /// @notice Only the provider and holders of `ACT_STOP` may stop now; others once the time or the pauses are used up.
    error NotStoppableBy(uint256 leaseId, address caller);
    error NotInstanceOffer(uint256 offerId);
    error PriceAboveMaximum(uint256 pricePerSecondWei, uint256 maxPricePerSecondWei);
    error DurationOutOfRange(uint256 requestedSeconds, uint256 minSeconds, uint256 maxSeconds);
    /// @notice A share needs a broker that can be paid, a broker a share, and no share exceeds 10000.
    error InvalidBroker(address broker, uint16 brokerBps);
    error AccessTooLong(uint256 length, uint256 maximum);
    error RequestTooLong(uint256 length, uint256 maximum);
    /// @notice `deadlineBlock` was the last block in which this could be done.
    error DeadlinePassed(uint64 deadlineBlock);
    /// @notice This can be done only after `deadlineBlock`.
    error DeadlineNotPassed(uint64 deadlineBlock);
    /// @notice All paid time is used: nothing can be added, the lease can only be stopped.
    error TimeUsedUp(uint256 leaseId);
    error PausesUsedUp(uint256 leaseId);
    /// @notice A ping awaits its answer.
    error PingOpen(uint64 pongDeadlineBlock);
    error NoPingOpen(uint256 leaseId);
    /// @notice The next ping may be sent in block `nextPingBlock`.
    error PingTooSoon(uint64 nextPingBlock);
    /// @notice A ping went unanswered: the lease can end only by claimFault.
    error FaultUnclaimed(uint256 leaseId);
    error ZeroAmount();
    /// @notice A constructor parameter makes no sense; `parameter` is its name.
    error InvalidParameter(string parameter);

    /// @notice Opens a lease and moves `price × units × maxSeconds` from the caller into escrow.
    /// @param maxSeconds Time to pay for now, within the offer's limits.
    /// @param maxPricePerSecondWei Most token wei per unit and second that the caller agrees to.
    /// @param imageDigest What the machine is to run.
    /// @param broker Who introduced the parties, or zero.
    /// @param brokerBps Its share, in 1/10000, of what the provider earns. The provider consents by accepting.
    /// @param request What is to run and how, for the provider alone; at most 4096 bytes, none if empty.
    function open(
        uint256 offerId,
        uint32 units,
        uint32 maxSeconds,
        uint128 maxPricePerSecondWei,
        bytes32 imageDigest,
        address broker,
        uint16 brokerBps,
        bytes calldata request
    ) external returns (uint256 leaseId);

    /// @notice Provider: agrees to the lease as it stands (broker's share included) and locks the bond.
    function accept(uint256 leaseId) external;

    /// @notice Provider: the machine runs; the meter starts. @param access At most 1024 bytes.
    function ready(uint256 leaseId, bytes calldata access) external;

    /// @notice Holder of `ACT_EXTEND`: buys `extraSeconds` more at the frozen price, up to the offer's longest
    /// duration, out of its own pocket. What is not used goes back to the payer, as all refunds do.
    function extend(uint256 leaseId, uint32 extraSeconds) external;

    /// @notice Anyone: gives the lease credit, which is added to the root right's budget. Holders of rights turn it
    /// into time, as far as their budgets go; what is left goes back to the payer.
    function fund(uint256 leaseId, uint128 amountWei) external;

    /// @notice Holder of `ACT_EXTEND` in `rightId`: as `extend`, but out of the lease's credit and the right's
    /// budget.
    function extendByRight(uint256 leaseId, uint256 rightId, uint32 extraSeconds) external;

    /// @notice Provider: halts the meter. Not while a ping is open, and only within the pause budget.
    function pause(uint256 leaseId) external;

    /// @notice Provider: the machine runs again.
    function resume(uint256 leaseId) external;

    /// @notice Ends the metered time. Provider or holder of `ACT_STOP` at any time; anyone once time or pauses are used up.
    /// Before Ready it cancels: all is refunded at once. An open ping's deposit goes to the provider.
    function stop(uint256 leaseId) external;

    /// @notice Anyone: pays out a stopped lease.
    function settle(uint256 leaseId) external;

    /// @notice Whoever may `stop`: ends the lease and pays everybody out, in whatever state this finds it; a stopped one is
    /// settled by anyone. So it cannot be overtaken by a provider that accepts or readies it meanwhile.
    function stopAndSettle(uint256 leaseId) external;

    /// @notice Anyone: refunds a lease that was not accepted or not made ready in time.
    function expire(uint256 leaseId) external;

    /// @notice Holder of `ACT_PING`: asks whether the provider is alive; costs a deposit.
    function ping(uint256 leaseId) external;

    /// @notice Provider: answers in time and earns the deposit.
    function pong(uint256 leaseId) external;

    /// @notice Anyone: ends a lease whose ping went unanswered. The meter ends at the ping, the bond is slashed.
    function claimFault(uint256 leaseId) external;

    function token() external view returns (IComputeToken);

    function registry() external view returns (IProviderRegistry);

    function offerBook() external view returns (IOfferBook);

    function rights() external view returns (IUsageRights);

    function parameters() external view returns (Parameters memory);

    /// @notice How many leases were ever opened: their ids are 1 to this.
    function leaseCount() external view returns (uint256);

    function leaseOf(uint256 leaseId) external view returns (Lease memory);

    /// @notice Seconds that would be (or were) billed if the lease ended in this block.
    function usedSecondsOf(uint256 leaseId) external view returns (uint32);

    /// @notice Token wei earned by provider and broker if the lease ended in this block.
    function costOf(uint256 leaseId) external view returns (uint256);

    /// @notice Token wei of the escrow that the payer gets back if the lease ended in this block (or got back).
    function refundOf(uint256 leaseId) external view returns (uint256);
}
