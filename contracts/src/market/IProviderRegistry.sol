// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IComputeToken} from "../token/IComputeToken.sol";

/// @title Providers, their bonds and their records.
/// @notice A provider stakes compute tokens and itself names the markets that may lock and slash them. The
/// registry has no owner and knows no market of its own: a market reaches exactly what a provider let it
/// lock, and nothing else.
/// @dev All amounts are token wei. `lockedWei <= bondWei` and `unstakingWei <= bondWei` always. The unstake
/// queue is part of the bond: it can be slashed until it is withdrawn, and what is locked cannot be withdrawn.
interface IProviderRegistry {
    /// @param payout Who receives the provider's earnings; zero if never registered.
    /// @param withdrawableBlock First block in which the unstaking amount may leave; 0 if none is queued.
    /// @param bondWei All the provider has staked, locked and unstaking parts included.
    /// @param lockedWei Part of the bond that markets hold against running agreements.
    /// @param unstakingWei Part of the bond that waits to be withdrawn.
    /// @param metadataURI Where the provider describes itself.
    struct Provider {
        address payout;
        uint64 withdrawableBlock;
        uint128 bondWei;
        uint128 lockedWei;
        uint128 unstakingWei;
        string metadataURI;
    }

    /// @notice How a provider's agreements on one market ended.
    /// @param completed Served, stopped and settled.
    /// @param lapsed Accepted, then not made ready in time.
    /// @param ponged Liveness questions answered in time.
    /// @param faulted Ended by a slash.
    struct Score {
        uint64 completed;
        uint64 lapsed;
        uint64 ponged;
        uint64 faulted;
    }

    enum Outcome {
        Completed,
        Lapsed,
        Ponged
    }

    event ProviderRegistered(address indexed provider, address payout, string metadataURI);
    event PayoutChanged(address indexed provider, address payout);
    event MetadataChanged(address indexed provider, string metadataURI);
    /// @notice `provider` lets `market` lock its bond, or no longer lets it lock more.
    event MarketChanged(address indexed provider, address indexed market, bool allowed);
    event Staked(address indexed provider, uint256 amountWei, uint256 bondWei);
    event UnstakeRequested(
        address indexed provider, uint256 amountWei, uint256 unstakingWei, uint64 withdrawableBlock
    );
    event Withdrawn(address indexed provider, uint256 amountWei, uint256 bondWei, uint256 unstakingWei);
    event BondLocked(address indexed provider, address indexed market, uint256 amountWei, uint256 lockedWei);
    event BondUnlocked(
        address indexed provider, address indexed market, uint256 amountWei, uint256 lockedWei
    );
    /// @notice `harmedWei` went to `harmed`, `burntWei` out of circulation.
    event Slashed(
        address indexed provider,
        address indexed market,
        bytes32 indexed faultId,
        address harmed,
        uint256 harmedWei,
        uint256 burntWei
    );
    event OutcomeRecorded(address indexed provider, address indexed market, Outcome outcome);

    error AlreadyRegistered(address provider);
    error NotRegistered(address provider);
    /// @notice Tokens cannot be paid to `payout`: it is the zero address or the token itself.
    error InvalidPayout(address payout);
    error MetadataTooLong(uint256 length, uint256 maximum);
    error InvalidMarket(address market);
    error ZeroAmount();
    /// @notice `provider` does not let `market` lock its bond.
    error MarketNotAllowed(address provider, address market);
    /// @notice Of the bond only `availableWei` is neither locked nor unstaking.
    error InsufficientBond(address provider, uint256 requestedWei, uint256 availableWei);
    /// @notice `market` has locked only `lockedWei` of this provider's bond.
    error InsufficientLock(address provider, address market, uint256 requestedWei, uint256 lockedWei);
    error NothingToWithdraw(address provider);
    /// @notice The queue opens at block `withdrawableBlock`.
    error UnstakeDelayNotOver(uint64 withdrawableBlock);
    /// @notice The whole queued amount is still locked by markets.
    error BondStillLocked(uint256 lockedWei);
    error FaultAlreadySlashed(address market, bytes32 faultId);

    // ─── Provider ────────────────────────────────────────────────────────────

    /// @notice Makes the caller a provider.
    /// @param payout Receives earnings. @param metadataURI At most 512 bytes.
    function register(address payout, string calldata metadataURI) external;

    /// @notice Changes where earnings go, running agreements included.
    function setPayout(address payout) external;

    function setMetadataURI(string calldata metadataURI) external;

    /// @notice Lets `market` lock (and, within its locks, slash) the caller's bond. Taking the right back
    /// stops new locks only: what is locked stays so until that market lets go.
    function setMarket(address market, bool allowed) external;

    /// @notice Pulls `amountWei` tokens from the caller into its bond.
    function stake(uint256 amountWei) external;

    /// @notice Queues `amountWei` of the bond for withdrawal; restarts the delay for all that is queued. Locked
    /// bond may be queued too: it leaves once it is unlocked and the delay is over.
    function requestUnstake(uint256 amountWei) external;

    /// @notice Pays the caller all of its queue that is not locked, once the delay is over.
    /// @return amountWei What was paid.
    function withdraw() external returns (uint256 amountWei);

    // ─── Markets ─────────────────────────────────────────────────────────────

    /// @notice Locks `amountWei` of the bond for the calling market, which the provider must allow.
    function lockBond(address provider, uint256 amountWei) external;

    /// @notice Lets go of `amountWei` that the calling market has locked.
    function unlockBond(address provider, uint256 amountWei) external;

    /// @notice Takes `amountWei` that the calling market has locked: half (rounded down) to `harmed`, the rest
    /// burnt. Once per market and fault id.
    function slash(address provider, uint256 amountWei, bytes32 faultId, address harmed) external;

    /// @notice Counts an outcome in the calling market's own record of `provider`. Anyone may keep a record:
    /// readers choose whose record they believe.
    function recordOutcome(address provider, Outcome outcome) external;

    // ─── Views ───────────────────────────────────────────────────────────────

    function token() external view returns (IComputeToken);

    /// @notice Blocks between a request to unstake and the withdrawal.
    function UNSTAKE_DELAY_BLOCKS() external view returns (uint64);

    function providerOf(address provider) external view returns (Provider memory);

    function isRegistered(address provider) external view returns (bool);

    /// @notice Where the provider's earnings go; zero if it is not registered.
    function payoutOf(address provider) external view returns (address);

    /// @notice Token wei of the bond that a market could lock now.
    function availableBondOf(address provider) external view returns (uint256);

    function isMarketAllowed(address provider, address market) external view returns (bool);

    /// @notice Token wei of the provider's bond that `market` has locked.
    function lockedBy(address provider, address market) external view returns (uint256);

    function isFaultSlashed(address market, bytes32 faultId) external view returns (bool);

    /// @notice `market`'s record of `provider`.
    function scoreOf(address provider, address market) external view returns (Score memory);
}
