// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IUsageRights} from "../rights/IUsageRights.sol";
import {IComputeToken} from "../token/IComputeToken.sol";
import {IAgreements} from "./IAgreements.sol";
import {IInstanceLease} from "./IInstanceLease.sol";
import {IOfferBook} from "./IOfferBook.sol";
import {IProviderRegistry} from "./IProviderRegistry.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title What is known of every lease, and what follows from it: who may act, what is metered, who gets what.
/// @dev Reads only; `InstanceLease` alone writes.
abstract contract LeaseLedger is IInstanceLease {
    using SafeCast for uint256;

    uint256 internal constant BPS = 10_000;

    /// @inheritdoc IInstanceLease
    IComputeToken public immutable token;
    /// @inheritdoc IInstanceLease
    IProviderRegistry public immutable registry;
    /// @inheritdoc IInstanceLease
    IOfferBook public immutable offerBook;
    /// @inheritdoc IInstanceLease
    IUsageRights public immutable rights;

    uint32 internal immutable ACCEPT_BLOCKS;
    uint32 internal immutable READY_BLOCKS;
    uint32 internal immutable PONG_BLOCKS;
    uint32 internal immutable PING_INTERVAL_BLOCKS;
    uint32 internal immutable MAX_PAUSE_BLOCKS;
    uint128 internal immutable PING_DEPOSIT_WEI;

    /// @inheritdoc IInstanceLease
    uint256 public leaseCount;

    mapping(uint256 leaseId => Lease) internal _leases;

    constructor(
        IComputeToken token_,
        IProviderRegistry registry_,
        IOfferBook offerBook_,
        IUsageRights rights_,
        Parameters memory parameters_
    ) {
        if (registry_.token() != token_) revert InvalidParameter("registry");
        if (offerBook_.registry() != registry_) revert InvalidParameter("offerBook");
        if (parameters_.acceptBlocks == 0) revert InvalidParameter("acceptBlocks");
        if (parameters_.readyBlocks == 0) revert InvalidParameter("readyBlocks");
        if (parameters_.pongBlocks == 0) revert InvalidParameter("pongBlocks");
        // A bond must not be able to leave before a dispute about it can end.
        if (parameters_.pongBlocks >= registry_.UNSTAKE_DELAY_BLOCKS()) {
            revert InvalidParameter("pongBlocks");
        }
        token = token_;
        registry = registry_;
        offerBook = offerBook_;
        rights = rights_;
        ACCEPT_BLOCKS = parameters_.acceptBlocks;
        READY_BLOCKS = parameters_.readyBlocks;
        PONG_BLOCKS = parameters_.pongBlocks;
        PING_INTERVAL_BLOCKS = parameters_.pingIntervalBlocks;
        MAX_PAUSE_BLOCKS = parameters_.maxPauseBlocks;
        PING_DEPOSIT_WEI = parameters_.pingDepositWei;
    }

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @inheritdoc IInstanceLease
    function parameters() external view returns (Parameters memory) {
        return Parameters({
            acceptBlocks: ACCEPT_BLOCKS,
            readyBlocks: READY_BLOCKS,
            pongBlocks: PONG_BLOCKS,
            pingIntervalBlocks: PING_INTERVAL_BLOCKS,
            maxPauseBlocks: MAX_PAUSE_BLOCKS,
            pingDepositWei: PING_DEPOSIT_WEI
        });
    }

    /// @inheritdoc IInstanceLease
    function leaseOf(uint256 leaseId) external view returns (Lease memory) {
        return _known(leaseId);
    }

    /// @inheritdoc IAgreements
    function partiesOf(uint256 leaseId) external view returns (address payer, address provider) {
        Lease storage lease = _known(leaseId);
        return (lease.payer, lease.provider);
    }

    /// @inheritdoc IInstanceLease
    function usedSecondsOf(uint256 leaseId) external view returns (uint32) {
        return _usedSeconds(_known(leaseId));
    }

    /// @inheritdoc IInstanceLease
    function costOf(uint256 leaseId) external view returns (uint256) {
        return _costWei(_known(leaseId));
    }

    /// @inheritdoc IInstanceLease
    function refundOf(uint256 leaseId) external view returns (uint256) {
        Lease storage lease = _known(leaseId);
        return lease.escrowWei - _costWei(lease);
    }

    // ─── Who may, and when ───────────────────────────────────────────────────

    function _known(uint256 leaseId) internal view returns (Lease storage lease) {
        lease = _leases[leaseId];
        if (lease.state == LeaseState.None) revert UnknownLease(leaseId);
    }

    function _ofProvider(uint256 leaseId) internal view returns (Lease storage lease) {
        lease = _known(leaseId);
        if (msg.sender != lease.provider) revert NotProvider(leaseId, msg.sender);
    }

    /// @dev By the root right, or by the right that the caller chose.
    function _mayCaller(uint256 leaseId, uint8 act) internal view returns (bool) {
        return rights.isAuthorized(address(this), uint96(leaseId), msg.sender, act, 0);
    }

    function _requireState(uint256 leaseId, Lease storage lease, LeaseState required) internal view {
        if (lease.state != required) revert WrongState(leaseId, lease.state);
    }

    function _requireNotAfter(uint64 deadlineBlock) internal view {
        if (block.number > deadlineBlock) revert DeadlinePassed(deadlineBlock);
    }

    function _canBePaid(address account) internal view returns (bool) {
        return account != address(token) && account != address(this);
    }

    /// @dev The time paid for once `extraSeconds` are added, or why they cannot be.
    function _extendedSeconds(uint256 leaseId, Lease storage lease, uint32 extraSeconds)
        internal
        view
        returns (uint32)
    {
        LeaseState state = lease.state;
        if (state != LeaseState.Accepted && state != LeaseState.Ready && state != LeaseState.Paused) {
            revert WrongState(leaseId, state);
        }
        if (_isFaultClaimable(lease)) revert FaultUnclaimed(leaseId);
        // Otherwise time that has passed unpaid would be billed by paying for more.
        if (_usedSeconds(lease) == lease.maxSeconds) revert TimeUsedUp(leaseId);
        uint256 maxSeconds = uint256(lease.maxSeconds) + extraSeconds;
        if (extraSeconds == 0 || maxSeconds > lease.limitSeconds) {
            revert DurationOutOfRange(maxSeconds, uint256(lease.maxSeconds) + 1, lease.limitSeconds);
        }
        return uint32(maxSeconds);
    }

    // ─── The meter and the money ─────────────────────────────────────────────

    /// @dev From then on only claimFault ends the lease, and the meter has stood still since the ping.
    function _isFaultClaimable(Lease storage lease) internal view returns (bool) {
        uint64 pongDeadlineBlock = lease.pongDeadlineBlock;
        return pongDeadlineBlock != 0 && block.number > pongDeadlineBlock;
    }

    function _isSpent(Lease storage lease) internal view returns (bool) {
        return _usedSeconds(lease) == lease.maxSeconds || _pausedBlocks(lease) > MAX_PAUSE_BLOCKS;
    }

    function _pausedBlocks(Lease storage lease) internal view returns (uint32) {
        uint64 pausedAtBlock = lease.pausedAtBlock;
        uint256 runningBlocks = pausedAtBlock == 0 ? 0 : block.number - pausedAtBlock;
        return (lease.pausedBlocks + runningBlocks).toUint32();
    }

    function _usedSeconds(Lease storage lease) internal view returns (uint32) {
        (uint256 usedSeconds, uint256 maxSeconds) = (lease.usedSeconds, lease.maxSeconds);
        if (lease.state == LeaseState.Ready) {
            usedSeconds += (_isFaultClaimable(lease) ? lease.pingedAt : block.timestamp) - lease.meterSince;
        }
        return uint32(usedSeconds < maxSeconds ? usedSeconds : maxSeconds);
    }

    function _costWei(Lease storage lease) internal view returns (uint256) {
        return _priceWei(lease, _usedSeconds(lease));
    }

    function _priceWei(Lease storage lease, uint32 seconds_) internal view returns (uint256) {
        return uint256(lease.pricePerSecondWei) * lease.units * seconds_;
    }

    /// @dev Rounds the broker's share down; the three always sum to the escrow.
    function _shares(Lease storage lease)
        internal
        view
        returns (uint256 providerWei, uint256 brokerWei, uint256 refundWei)
    {
        uint256 costWei = _costWei(lease);
        brokerWei = costWei * lease.brokerBps / BPS;
        providerWei = costWei - brokerWei;
        refundWei = lease.escrowWei - costWei;
    }
}
