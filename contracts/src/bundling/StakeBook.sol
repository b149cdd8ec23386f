// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Epochs} from "./Epochs.sol";
import {IBundlerRegistry} from "./IBundlerRegistry.sol";
import {WeightTree} from "./WeightTree.sol";

/// @notice Who is a bundler, what it has staked, and what that weighs.
abstract contract StakeBook is IBundlerRegistry {
    using WeightTree for WeightTree.Tree;

    /// @dev The second slot is all that a strike touches.
    struct Entry {
        address operator;
        uint64 exitBlock;
        uint104 stakeWei;
        uint32 strikes;
        uint32 settledStrikes;
        uint64 lastStrikeBlock;
        address nodeKey;
        bytes32 publicKeyX;
        bytes32 publicKeyY;
        string addresses;
    }

    uint256 internal immutable _minimumStakeWei;
    uint256 internal immutable _strikeWei;

    mapping(uint32 bundlerId => Entry) internal _entries;

    /// @dev The leaf of a bundler is its id less one.
    WeightTree.Tree internal _weights;

    /// @inheritdoc IBundlerRegistry
    uint256 public unburntWei;

    constructor(Terms memory terms_) {
        _minimumStakeWei = terms_.minimumStakeWei;
        _strikeWei = terms_.strikeWei;
    }

    // ─── Strikes and weight follow every change ──────────────────────────────

    /// @inheritdoc IBundlerRegistry
    function settleStrikes(uint32 bundlerId) external {
        Entry storage entry = _known(bundlerId);
        _settle(bundlerId, entry);
        _reweigh(bundlerId, entry);
    }

    /// @dev A strike itself writes one slot, since an operation pays for it: what it costs is taken off here.
    function _settle(uint32 bundlerId, Entry storage entry) internal {
        uint256 burntWei = _unsettledWei(entry);
        entry.settledStrikes = entry.strikes;
        if (burntWei == 0) return;
        uint256 stakeWei = entry.stakeWei - burntWei;
        entry.stakeWei = uint104(stakeWei);
        unburntWei += burntWei;
        emit StrikesSettled(bundlerId, burntWei, stakeWei);
    }

    /// @dev Linear in the stake, so that splitting it gains nothing. Below half of the least stake there is no weight:
    /// what is left could not pay for much any more. One strike or broken promise does not lose a newcomer its place.
    function _reweigh(uint32 bundlerId, Entry storage entry) internal {
        bool counts = entry.exitBlock == 0 && entry.stakeWei > _minimumStakeWei / 2;
        uint256 weightWei = counts ? entry.stakeWei : 0;
        uint256 epoch = Epochs.countsFrom(block.number);
        if (_weights.set(bundlerId - 1, weightWei, epoch)) {
            emit WeightChanged(bundlerId, weightWei, uint64(epoch));
        }
    }

    // ─── Reads ───────────────────────────────────────────────────────────────

    function _known(uint32 bundlerId) internal view returns (Entry storage entry) {
        entry = _entries[bundlerId];
        if (entry.operator == address(0)) revert NoSuchBundler(bundlerId);
    }

    function _ownedByCaller(uint32 bundlerId) internal view returns (Entry storage entry) {
        entry = _known(bundlerId);
        if (entry.operator != msg.sender) revert NotOperator(bundlerId, msg.sender);
    }

    /// @dev What strikes have cost that is still counted in the stake; never more than there is.
    function _unsettledWei(Entry storage entry) internal view returns (uint256) {
        uint256 owedWei = uint256(entry.strikes - entry.settledStrikes) * _strikeWei;
        return owedWei < entry.stakeWei ? owedWei : entry.stakeWei;
    }
}
