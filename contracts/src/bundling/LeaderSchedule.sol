// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Epochs} from "./Epochs.sol";
import {Executors} from "./Executors.sol";
import {IBundlerRegistry} from "./IBundlerRegistry.sol";
import {WeightTree} from "./WeightTree.sol";

/// @notice Who leads which window, and who may bundle in a block.
abstract contract LeaderSchedule is Executors {
    using WeightTree for WeightTree.Tree;

    uint256 private constant IDS_A_WORD = 8;
    /// @dev `Epochs.WINDOWS / IDS_A_WORD`, which cannot be written so where an array is declared.
    uint256 private constant WORDS = 8;

    /// @dev Eight ids a word, from the lowest bits up. The last one is never 0 once the table is there: time to roll ends
    /// before the last window begins.
    mapping(uint256 epoch => uint256[WORDS]) private _tables;

    /// @inheritdoc IBundlerRegistry
    function rollEpoch() external returns (uint64 epoch) {
        bool isDue;
        (epoch, isDue) = epochToRoll();
        if (!isDue) revert NothingToRoll(epoch, Epochs.rollableFrom(epoch));
        bytes32 seed = blockhash(Epochs.seedBlock(epoch));
        uint256[WORDS] memory table = _draw(epoch, seed);
        _tables[epoch] = table;
        emit EpochRolled(epoch, seed, table);
    }

    /// @inheritdoc IBundlerRegistry
    function noteTurn() external returns (uint32 bundlerId, bool inTurn) {
        // The sender of the transaction is who bundles, whatever calls this.
        address executor = tx.origin;
        bundlerId = bundlerOf[executor];
        if (bundlerId == 0) return (0, false);
        inTurn = isInTurn(bundlerId, block.number);
        if (!inTurn) _strike(bundlerId, executor);
    }

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @inheritdoc IBundlerRegistry
    function epochToRoll() public view returns (uint64 epoch, bool isDue) {
        (uint256 candidate, bool inTime) = Epochs.rollable(block.number);
        isDue = inTime && !_isRolled(candidate) && _weights.total(candidate) != 0;
        epoch = uint64(isDue ? candidate : candidate + 1);
    }

    /// @inheritdoc IBundlerRegistry
    function totalWeightWei(uint64 epoch) external view returns (uint256) {
        return _weights.total(epoch);
    }

    /// @inheritdoc IBundlerRegistry
    function leaderTable(uint64 epoch) external view returns (uint32[] memory leaders) {
        if (!_isRolled(epoch)) return leaders;
        leaders = new uint32[](Epochs.WINDOWS);
        uint256 first = Epochs.start(epoch) / Epochs.WINDOW_BLOCKS;
        for (uint256 index = 0; index < Epochs.WINDOWS; ++index) {
            leaders[index] = _leaderOf(first + index);
        }
    }

    /// @inheritdoc IBundlerRegistry
    function leader(uint256 blockNumber, uint256 rank) external view returns (uint32 bundlerId) {
        return _leaderOf(blockNumber / Epochs.WINDOW_BLOCKS + rank);
    }

    /// @inheritdoc IBundlerRegistry
    function isInTurn(uint32 bundlerId, uint256 blockNumber) public view returns (bool) {
        uint256 window = blockNumber / Epochs.WINDOW_BLOCKS;
        uint256 since = blockNumber % Epochs.WINDOW_BLOCKS;
        uint32 leading = _leaderOf(window);
        if (leading == 0) return true;
        if (leading == bundlerId) return true;
        if (window != 0 && since < Epochs.GRACE_BLOCKS) {
            uint32 before = _leaderOf(window - 1);
            if (before == 0 || before == bundlerId) return true;
        }
        // Two windows follow one another in the table of one epoch or the next; where that is not there, nobody stands in.
        for (uint256 rank = 1; rank * Epochs.FALLBACK_BLOCKS <= since; ++rank) {
            if (bundlerId != 0 && _leaderOf(window + rank) == bundlerId) return true;
        }
        return false;
    }

    /// @inheritdoc IBundlerRegistry
    function epochBlocks() external pure returns (uint256) {
        return Epochs.EPOCH_BLOCKS;
    }

    /// @inheritdoc IBundlerRegistry
    function windowBlocks() external pure returns (uint256) {
        return Epochs.WINDOW_BLOCKS;
    }

    /// @inheritdoc IBundlerRegistry
    function fallbackBlocks() external pure returns (uint256) {
        return Epochs.FALLBACK_BLOCKS;
    }

    /// @inheritdoc IBundlerRegistry
    function graceBlocks() external pure returns (uint256) {
        return Epochs.GRACE_BLOCKS;
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    /// @dev Each window is a draw of its own: when it is made, and by whom, changes nothing. A remainder of 256 bits by at
    /// most 104 favours nobody by more than 2^-152.
    function _draw(uint256 epoch, bytes32 seed) private view returns (uint256[WORDS] memory table) {
        uint256 totalWei = _weights.total(epoch);
        for (uint256 index = Epochs.firstWindowAfter(epoch, block.number); index < Epochs.WINDOWS; ++index) {
            uint256 pointWei = uint256(keccak256(abi.encode(seed, epoch, index))) % totalWei;
            uint256 bundlerId = _weights.find(pointWei, epoch) + 1;
            table[index / IDS_A_WORD] |= bundlerId << (32 * (index % IDS_A_WORD));
        }
    }

    /// @dev One strike a block, so that nothing but the bundler's own transactions decides how many it gets.
    function _strike(uint32 bundlerId, address executor) private {
        Entry storage entry = _entries[bundlerId];
        if (entry.lastStrikeBlock == block.number) return;
        entry.lastStrikeBlock = uint64(block.number);
        uint32 strikes = entry.strikes + 1;
        entry.strikes = strikes;
        emit Struck(bundlerId, executor, strikes);
    }

    function _isRolled(uint256 epoch) private view returns (bool) {
        return _tables[epoch][WORDS - 1] != 0;
    }

    /// @param window Counted from the chain's first block. @return 0 if it is open.
    function _leaderOf(uint256 window) private view returns (uint32) {
        uint256 index = window % Epochs.WINDOWS;
        uint256 word = _tables[window / Epochs.WINDOWS][index / IDS_A_WORD];
        return uint32(word >> (32 * (index % IDS_A_WORD)));
    }
}
