// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice Which block belongs to which window and epoch, and when what about an epoch becomes fixed.
/// @dev Counted in blocks of the chain, never in seconds: gaps between blocks are random here.
library Epochs {
    uint256 internal constant EPOCH_BLOCKS = 256;
    uint256 internal constant WINDOW_BLOCKS = 4;
    uint256 internal constant WINDOWS = EPOCH_BLOCKS / WINDOW_BLOCKS;
    uint256 internal constant FALLBACK_BLOCKS = 2;
    uint256 internal constant GRACE_BLOCKS = 4;

    /// @dev Blocks before an epoch's start. Stake is frozen before the seed exists, so that nobody chooses it by the
    /// seed; the seed is 32 deep when the table can first be stored, so that a reorganisation changes no leader.
    uint256 private constant FREEZE = 96;
    uint256 private constant SEED = 64;
    uint256 private constant ROLL = 32;

    /// @dev An epoch can be rolled until the next one's stake is frozen – so that the weights it needs are still
    /// there (see WeightTree) – and its seed is then 224 blocks old, within reach of BLOCKHASH.
    uint256 private constant ROLL_BLOCKS = ROLL + EPOCH_BLOCKS - FREEZE;

    function start(uint256 epoch) internal pure returns (uint256) {
        return epoch * EPOCH_BLOCKS;
    }

    /// @notice The first epoch that is not frozen in `blockNumber`: from it on a change of stake made there counts.
    function countsFrom(uint256 blockNumber) internal pure returns (uint256 epoch) {
        return (blockNumber + FREEZE) / EPOCH_BLOCKS + 1;
    }

    /// @notice The last epoch whose seed is deep enough, and whether there still is time to roll it.
    function rollable(uint256 blockNumber) internal pure returns (uint256 epoch, bool inTime) {
        uint256 sinceGenesis = blockNumber + ROLL;
        epoch = sinceGenesis / EPOCH_BLOCKS;
        // There is no block before the first epoch to take a seed from.
        inTime = epoch != 0 && sinceGenesis % EPOCH_BLOCKS < ROLL_BLOCKS;
    }

    /// @notice The first block in which `epoch`, from 1, can be rolled.
    function rollableFrom(uint256 epoch) internal pure returns (uint256 blockNumber) {
        return start(epoch) - ROLL;
    }

    function seedBlock(uint256 epoch) internal pure returns (uint256 blockNumber) {
        return start(epoch) - SEED;
    }

    /// @notice The first window of `epoch`, counted from 0, that has not begun in `blockNumber`.
    function firstWindowAfter(uint256 epoch, uint256 blockNumber) internal pure returns (uint256) {
        uint256 first = start(epoch);
        return blockNumber < first ? 0 : (blockNumber - first) / WINDOW_BLOCKS + 1;
    }
}
