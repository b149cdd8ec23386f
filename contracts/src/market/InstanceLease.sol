// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ACT_EXTEND, ACT_PING, ACT_STOP, IUsageRights} from "../rights/IUsageRights.sol";
import {IComputeToken} from "../token/IComputeToken.sol";
import {IInstanceLease} from "./IInstanceLease.sol";
import {IOfferBook} from "./IOfferBook.sol";
import {IProviderRegistry} from "./IProviderRegistry.sol";
import {LeaseLedger} from "./LeaseLedger.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title Whole machines by the second; what it promises stands on `IInstanceLease`.
/// @dev Every function first writes its state and then calls the token, the registry, the offer book or the
/// rights, none of which calls back. `ComputeToken` reverts where a transfer fails, so no boolean is read.
contract InstanceLease is LeaseLedger {
    using SafeCast for uint256;

    uint256 private constant MAX_ACCESS_BYTES = 1024;
    uint256 private constant MAX_REQUEST_BYTES = 4096;

    constructor(
        IComputeToken token_,
        IProviderRegistry registry_,
        IOfferBook offerBook_,
        IUsageRights rights_,
        Parameters memory parameters_
    ) LeaseLedger(token_, registry_, offerBook_, rights_, parameters_) {}

    // ─── From open to ready ──────────────────────────────────────────────────

    /// @inheritdoc IInstanceLease
    function open(
        uint256 offerId,
        uint32 units,
        uint32 maxSeconds,
        uint128 maxPricePerSecondWei,
        bytes32 imageDigest,
        address broker,
        uint16 brokerBps,
        bytes calldata request
    ) external returns (uint256 leaseId) {
        if (request.length > MAX_REQUEST_BYTES) {
            revert RequestTooLong(request.length, MAX_REQUEST_BYTES);
        }
        if ((broker == address(0)) != (brokerBps == 0) || brokerBps > BPS || !_canBePaid(broker)) {
            revert InvalidBroker(broker, brokerBps);
        }
        leaseId = ++leaseCount;
        Lease storage lease = _leases[leaseId];
        lease.payer = msg.sender;
        lease.state = LeaseState.Locked;
        lease.brokerBps = brokerBps;
        lease.units = units;
        lease.maxSeconds = maxSeconds;
        lease.broker = broker;
        lease.offerId = offerId.toUint96();
        lease.imageDigest = imageDigest;
        _freezeTerms(lease, maxPricePerSecondWei);
        _emitOpened(leaseId, lease);
        if (request.length != 0) emit LeaseRequested(leaseId, msg.sender, lease.provider, request);
        // Force without end: the root is ended when the lease is.
        rights.mintRoot(uint96(leaseId), msg.sender, address(0), 0, type(uint48).max);
        token.transferFrom(msg.sender, address(this), lease.escrowWei);
    }

    /// @inheritdoc IInstanceLease
    function accept(uint256 leaseId) external {
        Lease storage lease = _ofProvider(leaseId);
        _requireState(leaseId, lease, LeaseState.Locked);
        _requireNotAfter(lease.deadlineBlock);
        uint64 deadlineBlock = uint64(block.number) + READY_BLOCKS;
        lease.state = LeaseState.Accepted;
        lease.deadlineBlock = deadlineBlock;
        emit LeaseAccepted(leaseId, lease.payer, msg.sender, deadlineBlock);
        registry.lockBond(msg.sender, lease.bondWei);
    }

    /// @inheritdoc IInstanceLease
    function ready(uint256 leaseId, bytes calldata access) external {
        Lease storage lease = _ofProvider(leaseId);
        _requireState(leaseId, lease, LeaseState.Accepted);
        _requireNotAfter(lease.deadlineBlock);
        if (access.length > MAX_ACCESS_BYTES) revert AccessTooLong(access.length, MAX_ACCESS_BYTES);
        lease.state = LeaseState.Ready;
        lease.deadlineBlock = 0;
        lease.meterSince = uint64(block.timestamp);
        emit LeaseReady(leaseId, lease.payer, msg.sender, uint64(block.timestamp), access);
    }

    /// @inheritdoc IInstanceLease
    function expire(uint256 leaseId) external {
        Lease storage lease = _known(leaseId);
        LeaseState stateBefore = lease.state;
        if (stateBefore != LeaseState.Locked && stateBefore != LeaseState.Accepted) {
            revert WrongState(leaseId, stateBefore);
        }
        if (block.number <= lease.deadlineBlock) revert DeadlineNotPassed(lease.deadlineBlock);
        uint256 refundWei = lease.escrowWei;
        lease.state = LeaseState.Expired;
        lease.deadlineBlock = 0;
        emit LeaseExpired(leaseId, lease.payer, lease.provider, stateBefore, refundWei);
        if (stateBefore == LeaseState.Accepted) {
            registry.unlockBond(lease.provider, lease.bondWei);
            registry.recordOutcome(lease.provider, IProviderRegistry.Outcome.Lapsed);
        }
        _free(leaseId, lease);
        token.transfer(lease.payer, refundWei);
    }

    // ─── While it runs ───────────────────────────────────────────────────────

    /// @inheritdoc IInstanceLease
    function extend(uint256 leaseId, uint32 extraSeconds) external {
        Lease storage lease = _known(leaseId);
        uint32 maxSeconds = _extendedSeconds(leaseId, lease, extraSeconds);
        if (!_mayCaller(leaseId, ACT_EXTEND)) revert NotAuthorized(leaseId, msg.sender, ACT_EXTEND);
        uint256 addedWei = _priceWei(lease, extraSeconds);
        uint128 escrowWei = (lease.escrowWei + addedWei).toUint128();
        lease.maxSeconds = maxSeconds;
        lease.escrowWei = escrowWei;
        emit LeaseExtended(leaseId, lease.payer, lease.provider, maxSeconds, escrowWei);
        token.transferFrom(msg.sender, address(this), addedWei);
    }

    /// @inheritdoc IInstanceLease
    function fund(uint256 leaseId, uint128 amountWei) external {
        Lease storage lease = _known(leaseId);
        LeaseState state = lease.state;
        if (state >= LeaseState.Stopped) revert WrongState(leaseId, state);
        if (amountWei == 0) revert ZeroAmount();
        uint128 escrowWei = lease.escrowWei + amountWei;
        lease.escrowWei = escrowWei;
        emit LeaseFunded(leaseId, lease.payer, lease.provider, msg.sender, amountWei, escrowWei);
        rights.raiseRoot(uint96(leaseId), uint256(amountWei).toUint96());
        token.transferFrom(msg.sender, address(this), amountWei);
    }

    /// @inheritdoc IInstanceLease
    function extendByRight(uint256 leaseId, uint256 rightId, uint32 extraSeconds) external {
        Lease storage lease = _known(leaseId);
        uint32 maxSeconds = _extendedSeconds(leaseId, lease, extraSeconds);
        if (!rights.isRightAuthorized(rightId, msg.sender, ACT_EXTEND, 0)) {
            revert NotAuthorized(leaseId, msg.sender, ACT_EXTEND);
        }
        lease.maxSeconds = maxSeconds;
        emit LeaseExtended(leaseId, lease.payer, lease.provider, maxSeconds, lease.escrowWei);
        // The credit already lies in the escrow. Fails if the right is another lease's or has not the budget.
        uint96 costWei = _priceWei(lease, extraSeconds).toUint96();
        rights.consume(uint96(leaseId), rightId, msg.sender, ACT_EXTEND, costWei);
    }

    /// @inheritdoc IInstanceLease
    function pause(uint256 leaseId) external {
        Lease storage lease = _ofProvider(leaseId);
        _requireState(leaseId, lease, LeaseState.Ready);
        // A provider that was asked for a sign of life must give it, not step aside.
        if (lease.pongDeadlineBlock != 0) revert PingOpen(lease.pongDeadlineBlock);
        if (lease.pausedBlocks >= MAX_PAUSE_BLOCKS) revert PausesUsedUp(leaseId);
        uint32 usedSeconds = _usedSeconds(lease);
        lease.state = LeaseState.Paused;
        lease.usedSeconds = usedSeconds;
        lease.meterSince = 0;
        lease.pausedAtBlock = uint64(block.number);
        emit LeasePaused(leaseId, lease.payer, msg.sender, usedSeconds, uint64(block.number));
    }

    /// @inheritdoc IInstanceLease
    function resume(uint256 leaseId) external {
        Lease storage lease = _ofProvider(leaseId);
        _requireState(leaseId, lease, LeaseState.Paused);
        uint32 pausedBlocks = _pausedBlocks(lease);
        lease.state = LeaseState.Ready;
        lease.pausedBlocks = pausedBlocks;
        lease.pausedAtBlock = 0;
        lease.meterSince = uint64(block.timestamp);
        emit LeaseResumed(leaseId, lease.payer, msg.sender, uint64(block.timestamp), pausedBlocks);
    }

    // ─── Its end ─────────────────────────────────────────────────────────────

    /// @inheritdoc IInstanceLease
    function stop(uint256 leaseId) public {
        Lease storage lease = _known(leaseId);
        LeaseState state = lease.state;
        bool isParty = msg.sender == lease.provider || _mayCaller(leaseId, ACT_STOP);
        if (state == LeaseState.Locked || state == LeaseState.Accepted) {
            if (!isParty) revert NotStoppableBy(leaseId, msg.sender);
            _cancel(leaseId, lease, state);
            return;
        }
        if (state != LeaseState.Ready && state != LeaseState.Paused) revert WrongState(leaseId, state);
        // Stopping must not be a way around the slash.
        if (_isFaultClaimable(lease)) revert FaultUnclaimed(leaseId);
        if (!isParty) {
            if (!_isSpent(lease)) revert NotStoppableBy(leaseId, msg.sender);
            if (lease.pongDeadlineBlock != 0) revert PingOpen(lease.pongDeadlineBlock);
        }
        _stop(leaseId, lease);
    }

    /// @inheritdoc IInstanceLease
    function settle(uint256 leaseId) public {
        Lease storage lease = _known(leaseId);
        _requireState(leaseId, lease, LeaseState.Stopped);
        lease.state = LeaseState.Settled;
        (uint256 providerWei, uint256 brokerWei, uint256 refundWei) = _shares(lease);
        address payout = registry.payoutOf(lease.provider);
        emit LeaseSettled(leaseId, lease.payer, lease.provider, payout, providerWei, brokerWei, refundWei);
        registry.recordOutcome(lease.provider, IProviderRegistry.Outcome.Completed);
        _pay(payout, providerWei);
        _pay(lease.broker, brokerWei);
        _pay(lease.payer, refundWei);
    }

    /// @inheritdoc IInstanceLease
    function stopAndSettle(uint256 leaseId) external {
        Lease storage lease = _known(leaseId);
        if (lease.state != LeaseState.Stopped) stop(leaseId);
        // Stopping before Ready has settled it.
        if (lease.state == LeaseState.Stopped) settle(leaseId);
    }

    // ─── Signs of life ───────────────────────────────────────────────────────

    /// @inheritdoc IInstanceLease
    function ping(uint256 leaseId) external {
        Lease storage lease = _known(leaseId);
        _requireState(leaseId, lease, LeaseState.Ready);
        if (!_mayCaller(leaseId, ACT_PING)) revert NotAuthorized(leaseId, msg.sender, ACT_PING);
        if (lease.pongDeadlineBlock != 0) revert PingOpen(lease.pongDeadlineBlock);
        if (block.number < lease.nextPingBlock) revert PingTooSoon(lease.nextPingBlock);
        if (_usedSeconds(lease) == lease.maxSeconds) revert TimeUsedUp(leaseId);
        uint64 pongDeadlineBlock = uint64(block.number) + PONG_BLOCKS;
        uint64 nextPingBlock = uint64(block.number) + PING_INTERVAL_BLOCKS;
        lease.pingedAt = uint64(block.timestamp);
        lease.pongDeadlineBlock = pongDeadlineBlock;
        lease.nextPingBlock = nextPingBlock;
        lease.pinger = msg.sender;
        emit LeasePinged(
            leaseId,
            lease.payer,
            lease.provider,
            msg.sender,
            uint64(block.timestamp),
            pongDeadlineBlock,
            nextPingBlock
        );
        token.transferFrom(msg.sender, address(this), PING_DEPOSIT_WEI);
    }

    /// @inheritdoc IInstanceLease
    function pong(uint256 leaseId) external {
        Lease storage lease = _ofProvider(leaseId);
        if (lease.pongDeadlineBlock == 0) revert NoPingOpen(leaseId);
        _requireNotAfter(lease.pongDeadlineBlock);
        lease.pingedAt = 0;
        lease.pongDeadlineBlock = 0;
        emit LeasePonged(leaseId, lease.payer, msg.sender, PING_DEPOSIT_WEI);
        registry.recordOutcome(msg.sender, IProviderRegistry.Outcome.Ponged);
        _pay(registry.payoutOf(msg.sender), PING_DEPOSIT_WEI);
    }

    /// @inheritdoc IInstanceLease
    function claimFault(uint256 leaseId) external {
        Lease storage lease = _known(leaseId);
        if (lease.pongDeadlineBlock == 0) revert NoPingOpen(leaseId);
        if (!_isFaultClaimable(lease)) revert DeadlineNotPassed(lease.pongDeadlineBlock);
        lease.usedSeconds = _usedSeconds(lease);
        lease.state = LeaseState.Faulted;
        lease.meterSince = 0;
        lease.pingedAt = 0;
        lease.pongDeadlineBlock = 0;
        registry.slash(lease.provider, lease.bondWei, bytes32(leaseId), lease.payer);
        _free(leaseId, lease);
        _payFaulted(leaseId, lease);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    /// @dev The machine can be sold again, and nobody has a right to it any more.
    function _free(uint256 leaseId, Lease storage lease) private {
        offerBook.release(lease.offerId, lease.units);
        rights.endRoot(uint96(leaseId));
    }

    /// @dev Reserves the units and copies what the offer says now: later changes do not reach this lease.
    function _freezeTerms(Lease storage lease, uint128 maxPricePerSecondWei) private {
        (uint32 units, uint32 maxSeconds, uint96 offerId) = (lease.units, lease.maxSeconds, lease.offerId);
        IOfferBook.Reservation memory terms = offerBook.reserve(offerId, units);
        if (terms.kind != IOfferBook.OfferKind.Instance) revert NotInstanceOffer(offerId);
        if (terms.pricePerSecondWei > maxPricePerSecondWei) {
            revert PriceAboveMaximum(terms.pricePerSecondWei, maxPricePerSecondWei);
        }
        if (maxSeconds < terms.minSeconds || maxSeconds > terms.maxSeconds) {
            revert DurationOutOfRange(maxSeconds, terms.minSeconds, terms.maxSeconds);
        }
        lease.provider = terms.provider;
        lease.limitSeconds = terms.maxSeconds;
        lease.pricePerSecondWei = terms.pricePerSecondWei;
        lease.bondWei = (uint256(terms.bondPerUnitWei) * units).toUint128();
        lease.escrowWei = _priceWei(lease, maxSeconds).toUint128();
        lease.deadlineBlock = uint64(block.number) + ACCEPT_BLOCKS;
    }

    function _emitOpened(uint256 leaseId, Lease storage lease) private {
        emit LeaseOpened(
            leaseId,
            msg.sender,
            lease.provider,
            lease.offerId,
            lease.units,
            lease.maxSeconds,
            lease.limitSeconds,
            lease.pricePerSecondWei,
            lease.bondWei,
            lease.escrowWei,
            lease.imageDigest,
            lease.broker,
            lease.brokerBps,
            lease.deadlineBlock
        );
    }

    /// @dev Nothing ran, so nothing is owed: stopped and settled in one.
    function _cancel(uint256 leaseId, Lease storage lease, LeaseState state) private {
        (address payer, address provider, uint256 refundWei) = (lease.payer, lease.provider, lease.escrowWei);
        lease.state = LeaseState.Settled;
        lease.deadlineBlock = 0;
        emit LeaseStopped(leaseId, payer, provider, msg.sender, 0, 0);
        emit LeaseSettled(leaseId, payer, provider, address(0), 0, 0, refundWei);
        if (state == LeaseState.Accepted) registry.unlockBond(provider, lease.bondWei);
        _free(leaseId, lease);
        token.transfer(payer, refundWei);
    }

    /// @dev The machine and its bond are free at once; the money waits for settle.
    function _stop(uint256 leaseId, Lease storage lease) private {
        uint32 usedSeconds = _usedSeconds(lease);
        uint256 pingDepositWei = lease.pongDeadlineBlock == 0 ? 0 : PING_DEPOSIT_WEI;
        address provider = lease.provider;
        lease.pausedBlocks = _pausedBlocks(lease);
        lease.state = LeaseState.Stopped;
        lease.usedSeconds = usedSeconds;
        lease.meterSince = 0;
        lease.pausedAtBlock = 0;
        lease.pingedAt = 0;
        lease.pongDeadlineBlock = 0;
        emit LeaseStopped(leaseId, lease.payer, provider, msg.sender, usedSeconds, pingDepositWei);
        registry.unlockBond(provider, lease.bondWei);
        _free(leaseId, lease);
        if (pingDepositWei != 0) token.transfer(registry.payoutOf(provider), pingDepositWei);
    }

    function _payFaulted(uint256 leaseId, Lease storage lease) private {
        (uint256 providerWei, uint256 brokerWei, uint256 refundWei) = _shares(lease);
        address payout = registry.payoutOf(lease.provider);
        emit LeaseFaulted(
            leaseId,
            lease.payer,
            lease.provider,
            lease.usedSeconds,
            lease.bondWei,
            PING_DEPOSIT_WEI,
            payout,
            providerWei,
            brokerWei,
            refundWei
        );
        _pay(payout, providerWei);
        _pay(lease.broker, brokerWei);
        _pay(lease.payer, refundWei);
        _pay(lease.pinger, PING_DEPOSIT_WEI);
    }

    function _pay(address recipient, uint256 amountWei) private {
        if (amountWei != 0) token.transfer(recipient, amountWei);
    }
}
