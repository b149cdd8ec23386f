// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeToken} from "../token/IComputeToken.sol";
import {IProviderRegistry} from "./IProviderRegistry.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title Providers, bonds, records; what it promises stands on `IProviderRegistry`.
/// @dev `ComputeToken` reverts where a transfer fails, so no returned boolean is read.
contract ProviderRegistry is IProviderRegistry {
    using SafeCast for uint256;

    /// @inheritdoc IProviderRegistry
    /// @dev A week at ten seconds a block; every market's deadlines must be shorter.
    uint64 public constant UNSTAKE_DELAY_BLOCKS = 60_480;

    uint256 private constant MAX_METADATA_BYTES = 512;

    /// @dev Where the burnt half of a slash goes: the coin behind it stays in the token for ever.
    address private constant BURN = 0x000000000000000000000000000000000000dEaD;

    /// @inheritdoc IProviderRegistry
    IComputeToken public immutable token;

    mapping(address provider => Provider) private _providers;
    mapping(address provider => mapping(address market => bool)) public isMarketAllowed;
    mapping(address provider => mapping(address market => uint256)) public lockedBy;
    mapping(address provider => mapping(address market => Score)) private _scores;
    mapping(address market => mapping(bytes32 faultId => bool)) public isFaultSlashed;

    constructor(IComputeToken token_) {
        token = token_;
    }

    // ─── Provider ────────────────────────────────────────────────────────────

    /// @inheritdoc IProviderRegistry
    function register(address payout, string calldata metadataURI) external {
        Provider storage provider = _providers[msg.sender];
        if (provider.payout != address(0)) revert AlreadyRegistered(msg.sender);
        _checkPayout(payout);
        _checkMetadata(metadataURI);
        provider.payout = payout;
        provider.metadataURI = metadataURI;
        emit ProviderRegistered(msg.sender, payout, metadataURI);
    }

    /// @inheritdoc IProviderRegistry
    function setPayout(address payout) external {
        Provider storage provider = _registered(msg.sender);
        _checkPayout(payout);
        provider.payout = payout;
        emit PayoutChanged(msg.sender, payout);
    }

    /// @inheritdoc IProviderRegistry
    function setMetadataURI(string calldata metadataURI) external {
        Provider storage provider = _registered(msg.sender);
        _checkMetadata(metadataURI);
        provider.metadataURI = metadataURI;
        emit MetadataChanged(msg.sender, metadataURI);
    }

    /// @inheritdoc IProviderRegistry
    function setMarket(address market, bool allowed) external {
        _registered(msg.sender);
        if (market == address(0)) revert InvalidMarket(market);
        isMarketAllowed[msg.sender][market] = allowed;
        emit MarketChanged(msg.sender, market, allowed);
    }

    /// @inheritdoc IProviderRegistry
    function stake(uint256 amountWei) external {
        Provider storage provider = _registered(msg.sender);
        if (amountWei == 0) revert ZeroAmount();
        provider.bondWei += amountWei.toUint128();
        emit Staked(msg.sender, amountWei, provider.bondWei);
        token.transferFrom(msg.sender, address(this), amountWei);
    }

    /// @inheritdoc IProviderRegistry
    function requestUnstake(uint256 amountWei) external {
        Provider storage provider = _registered(msg.sender);
        if (amountWei == 0) revert ZeroAmount();
        uint256 queueableWei = provider.bondWei - provider.unstakingWei;
        if (amountWei > queueableWei) revert InsufficientBond(msg.sender, amountWei, queueableWei);
        provider.unstakingWei += amountWei.toUint128();
        provider.withdrawableBlock = block.number.toUint64() + UNSTAKE_DELAY_BLOCKS;
        emit UnstakeRequested(msg.sender, amountWei, provider.unstakingWei, provider.withdrawableBlock);
    }

    /// @inheritdoc IProviderRegistry
    function withdraw() external returns (uint256 amountWei) {
        Provider storage provider = _registered(msg.sender);
        uint128 unstakingWei = provider.unstakingWei;
        if (unstakingWei == 0) revert NothingToWithdraw(msg.sender);
        if (block.number < provider.withdrawableBlock) {
            revert UnstakeDelayNotOver(provider.withdrawableBlock);
        }
        uint128 unlockedWei = provider.bondWei - provider.lockedWei;
        uint128 paidWei = unstakingWei < unlockedWei ? unstakingWei : unlockedWei;
        if (paidWei == 0) revert BondStillLocked(provider.lockedWei);
        provider.bondWei -= paidWei;
        provider.unstakingWei = unstakingWei - paidWei;
        if (paidWei == unstakingWei) provider.withdrawableBlock = 0;
        emit Withdrawn(msg.sender, paidWei, provider.bondWei, provider.unstakingWei);
        token.transfer(msg.sender, paidWei);
        return paidWei;
    }

    // ─── Markets ─────────────────────────────────────────────────────────────

    /// @inheritdoc IProviderRegistry
    function lockBond(address provider, uint256 amountWei) external {
        if (!isMarketAllowed[provider][msg.sender]) revert MarketNotAllowed(provider, msg.sender);
        uint256 availableWei = availableBondOf(provider);
        if (amountWei > availableWei) revert InsufficientBond(provider, amountWei, availableWei);
        uint256 lockedWei = lockedBy[provider][msg.sender] + amountWei;
        lockedBy[provider][msg.sender] = lockedWei;
        _providers[provider].lockedWei += uint128(amountWei);
        emit BondLocked(provider, msg.sender, amountWei, lockedWei);
    }

    /// @inheritdoc IProviderRegistry
    function unlockBond(address provider, uint256 amountWei) external {
        uint256 lockedWei = _takeFromLock(provider, amountWei);
        emit BondUnlocked(provider, msg.sender, amountWei, lockedWei);
    }

    /// @inheritdoc IProviderRegistry
    function slash(address provider, uint256 amountWei, bytes32 faultId, address harmed) external {
        if (isFaultSlashed[msg.sender][faultId]) revert FaultAlreadySlashed(msg.sender, faultId);
        isFaultSlashed[msg.sender][faultId] = true;
        _takeFromLock(provider, amountWei);

        Provider storage slashed = _providers[provider];
        slashed.bondWei -= uint128(amountWei);
        // The queue is part of the bond and shrinks with it, or it would promise money that is gone.
        if (slashed.unstakingWei > slashed.bondWei) slashed.unstakingWei = slashed.bondWei;
        unchecked {
            ++_scores[provider][msg.sender].faulted;
        }

        uint256 harmedWei = amountWei / 2;
        uint256 burntWei = amountWei - harmedWei;
        emit Slashed(provider, msg.sender, faultId, harmed, harmedWei, burntWei);
        token.transfer(harmed, harmedWei);
        token.transfer(BURN, burntWei);
    }

    /// @inheritdoc IProviderRegistry
    function recordOutcome(address provider, Outcome outcome) external {
        Score storage score = _scores[provider][msg.sender];
        // Wrapping at 2^64 rather than reverting: no counter may ever hold up a settlement.
        unchecked {
            if (outcome == Outcome.Completed) ++score.completed;
            else if (outcome == Outcome.Lapsed) ++score.lapsed;
            else ++score.ponged;
        }
        emit OutcomeRecorded(provider, msg.sender, outcome);
    }

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @inheritdoc IProviderRegistry
    function providerOf(address provider) external view returns (Provider memory) {
        return _providers[provider];
    }

    /// @inheritdoc IProviderRegistry
    function isRegistered(address provider) external view returns (bool) {
        return _providers[provider].payout != address(0);
    }

    /// @inheritdoc IProviderRegistry
    function payoutOf(address provider) external view returns (address) {
        return _providers[provider].payout;
    }

    /// @inheritdoc IProviderRegistry
    function availableBondOf(address provider) public view returns (uint256) {
        Provider storage entry = _providers[provider];
        uint256 spokenForWei = uint256(entry.lockedWei) + entry.unstakingWei;
        return entry.bondWei > spokenForWei ? entry.bondWei - spokenForWei : 0;
    }

    /// @inheritdoc IProviderRegistry
    function scoreOf(address provider, address market) external view returns (Score memory) {
        return _scores[provider][market];
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    /// @dev A market reaches no further than its own locks.
    function _takeFromLock(address provider, uint256 amountWei) private returns (uint256 lockedWei) {
        lockedWei = lockedBy[provider][msg.sender];
        if (amountWei > lockedWei) revert InsufficientLock(provider, msg.sender, amountWei, lockedWei);
        lockedWei -= amountWei;
        lockedBy[provider][msg.sender] = lockedWei;
        _providers[provider].lockedWei -= uint128(amountWei);
    }

    function _registered(address account) private view returns (Provider storage provider) {
        provider = _providers[account];
        if (provider.payout == address(0)) revert NotRegistered(account);
    }

    /// @dev A payout that cannot receive tokens would hold up every settlement.
    function _checkPayout(address payout) private view {
        if (payout == address(0) || payout == address(token)) revert InvalidPayout(payout);
    }

    function _checkMetadata(string calldata metadataURI) private pure {
        uint256 length = bytes(metadataURI).length;
        if (length > MAX_METADATA_BYTES) revert MetadataTooLong(length, MAX_METADATA_BYTES);
    }
}
