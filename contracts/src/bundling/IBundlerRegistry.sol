// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Who may bundle, and when.
/// @notice A bundler stakes native coin and is drawn, in proportion to it, to lead windows of four blocks. Whoever leads
/// carries the operations of its window; the leaders of the windows after stand in for it. Without a table of leaders
/// everybody may bundle: the schedule is then *open*.
/// @dev Amounts are wei of the native coin. Nothing here has an owner: stake leaves only to its operator, by a fine of
/// `court` (half to who reported, half burnt), or by strikes (all burnt). Windows and epochs are counted in blocks of the
/// whole chain: epoch `e` begins at block `256 * e`, window `w` at block `4 * w`.
///
/// | block | what |
/// |---|---|
/// | before `start(e) - 96` | stake counts in epoch `e` if it was changed before |
/// | `start(e) - 64` | its hash is the seed of epoch `e`, unknown to all who staked for it |
/// | from `start(e) - 32` until before `start(e) + 160` | anyone may store the table of epoch `e` (`rollEpoch`) |
/// | `start(e)` | the table holds, from the first window that begins after it was stored |
interface IBundlerRegistry {
    /// @notice What the registry and its court were deployed with.
    /// @param minimumStakeWei The least to register with. Stake keeps its weight while it is above half of this.
    /// @param strikeWei Burnt for a bundle out of turn.
    /// @param promiseFineWei For an inclusion promise that was broken.
    /// @param equivocationFineWei For two bundle commits to one place.
    /// @param challengeDepositWei What a challenge of a promise costs whoever is wrong.
    /// @param exitDelayBlocks Between `requestExit` and `withdraw`; above all of the following together.
    /// @param challengeBlocks In which a promise may be challenged, counted from its latest block.
    /// @param answerBlocks In which a challenge may be answered.
    struct Terms {
        uint128 minimumStakeWei;
        uint128 strikeWei;
        uint128 promiseFineWei;
        uint128 equivocationFineWei;
        uint128 challengeDepositWei;
        uint32 exitDelayBlocks;
        uint32 challengeBlocks;
        uint32 answerBlocks;
    }

    /// @param operator Commands the bundler and receives its stake; zero if there is no such bundler.
    /// @param nodeKey Address of the node's key, which signs promises and commits.
    /// @param publicKey That key, 64 bytes `x || y` on secp256k1: the node's libp2p identity.
    /// @param addresses libp2p multiaddrs, separated by commas; at most 512 bytes.
    /// @param stakeWei What would come back if it left now: strikes are taken off already.
    /// @param weightWei Weight in the last epoch that is frozen.
    /// @param nextWeightWei Weight in the epochs that are not yet frozen.
    /// @param exitBlock First block in which the stake may be withdrawn; 0 if it stays.
    /// @param strikes Bundles out of turn, all told.
    struct Bundler {
        address operator;
        address nodeKey;
        bytes publicKey;
        string addresses;
        uint256 stakeWei;
        uint256 weightWei;
        uint256 nextWeightWei;
        uint64 exitBlock;
        uint32 strikes;
    }

    event BundlerRegistered(
        uint32 indexed bundlerId,
        address indexed operator,
        address indexed nodeKey,
        bytes publicKey,
        string addresses,
        uint256 stakeWei
    );
    event AddressesChanged(uint32 indexed bundlerId, string addresses);
    event StakeToppedUp(uint32 indexed bundlerId, uint256 amountWei, uint256 stakeWei);
    /// @notice From epoch `fromEpoch` the bundler weighs `weightWei`, unless another change for that epoch follows.
    event WeightChanged(uint32 indexed bundlerId, uint256 weightWei, uint64 fromEpoch);
    event ExitRequested(uint32 indexed bundlerId, uint64 exitBlock);
    event Withdrawn(uint32 indexed bundlerId, address to, uint256 amountWei);
    event ExecutorAdded(uint32 indexed bundlerId, address indexed executor);
    event ExecutorRemoved(uint32 indexed bundlerId, address indexed executor);
    /// @param table 64 bundler ids, those of the first eight windows in the first word, from the lowest bits up; 0 in
    /// windows that had begun when the table was stored.
    event EpochRolled(uint64 indexed epoch, bytes32 seed, uint256[8] table);
    /// @notice `executor` carried a bundle out of the bundler's turn; `strikes` is the new count.
    event Struck(uint32 indexed bundlerId, address indexed executor, uint32 strikes);
    /// @notice Strikes given before were taken off the stake (and its weight).
    event StrikesSettled(uint32 indexed bundlerId, uint256 burntWei, uint256 stakeWei);
    event Slashed(
        uint32 indexed bundlerId,
        address indexed reporter,
        uint256 reporterWei,
        uint256 burntWei,
        uint256 stakeWei
    );
    event RewardClaimed(address indexed reporter, address to, uint256 amountWei);
    /// @notice What strikes and fines took away left for the zero address.
    event Burnt(uint256 amountWei);

    /// @notice The exit delay must be above `leastBlocks`, or a bundler could leave before what it did is judged.
    error ExitDelayTooShort(uint256 exitDelayBlocks, uint256 leastBlocks);
    error NoSuchBundler(uint32 bundlerId);
    error NotOperator(uint32 bundlerId, address caller);
    error NotCourt(address caller);
    error StakeTooSmall(uint256 stakeWei, uint256 minimumStakeWei);
    error ZeroAmount();
    /// @notice `publicKey` must be 64 bytes, `x || y`, without the leading 0x04.
    error InvalidPublicKey(uint256 length);
    /// @notice The signature of `BundlerRegistration(address operator)` is not by the key that is registered.
    error NotPossessed(address nodeKey);
    error KeyAlreadyRegistered(address nodeKey, uint32 bundlerId);
    error AddressesTooLong(uint256 length, uint256 maximum);
    /// @notice The bundler has asked to leave, which is final: register anew, with another key until it has withdrawn.
    error Exiting(uint32 bundlerId, uint64 exitBlock);
    error NotExiting(uint32 bundlerId);
    error ExitDelayNotOver(uint64 exitBlock);
    error AlreadyWithdrawn(uint32 bundlerId);
    /// @notice `consent` is no signature of `ExecutorConsent(uint32 bundlerId,address operator)` at all.
    error InvalidConsent();
    /// @notice The executor has left this bundler by itself, which ends its consent for good: another account is needed.
    error ConsentWithdrawn(address executor, uint32 bundlerId);
    error ExecutorTaken(address executor, uint32 bundlerId);
    error NotExecutor(address executor);
    /// @notice Nothing can be rolled now: the table of `epoch` is the next, at the earliest in block `fromBlock`, and
    /// only if anybody is staked.
    error NothingToRoll(uint64 epoch, uint256 fromBlock);
    error NothingToClaim(address reporter);
    error NothingToBurn();
    /// @notice `to` did not take the coins.
    error TransferFailed(address to, uint256 amountWei);

    // ─── Bundlers ────────────────────────────────────────────────────────────

    /// @notice Registers a bundler with the coins sent as its stake. The caller is its operator: a key that may lie cold.
    /// @param publicKey 64 bytes `x || y`: the node's secp256k1 key; each can be registered once at a time.
    /// @param possession That key's EIP-712 signature (65 bytes) of `BundlerRegistration(address operator)`, so that
    /// nobody registers another's key.
    /// @param addresses At most 512 bytes.
    /// @return bundlerId From 1; never used twice.
    function register(bytes calldata publicKey, bytes calldata possession, string calldata addresses)
        external
        payable
        returns (uint32 bundlerId);

    /// @notice By the operator. The key stays: who wants another registers anew.
    function setAddresses(uint32 bundlerId, string calldata addresses) external;

    /// @notice Adds the coins sent to the stake, by whomever: they belong to the operator from then on.
    function topUp(uint32 bundlerId) external payable;

    /// @notice By the operator: no weight from the next epoch that is not yet frozen, and the stake may leave after
    /// `exitDelayBlocks`. Until then all promises hold and can be fined. Cannot be taken back.
    function requestExit(uint32 bundlerId) external;

    /// @notice By the operator, after the delay: pays `to` all that is left of the stake and frees the node's key.
    /// @return amountWei What was paid.
    function withdraw(uint32 bundlerId, address payable to) external returns (uint256 amountWei);

    // ─── Executors ───────────────────────────────────────────────────────────

    /// @notice By the operator: bundles sent by this account are this bundler's.
    /// @param consent The executor's EIP-712 signature (65 bytes) of
    /// `ExecutorConsent(uint32 bundlerId,address operator)`: nobody is struck for another's bundles.
    /// @return executor Who signed.
    function addExecutor(uint32 bundlerId, bytes calldata consent) external returns (address executor);

    /// @notice By the operator, or by the executor itself, whose consent to this bundler then is void for good.
    function removeExecutor(address executor) external;

    // ─── Schedule ────────────────────────────────────────────────────────────

    /// @notice Stores the table of the epoch that `epochToRoll` names. Anyone may; who does it and when changes no leader.
    /// @dev Reverts `NothingToRoll` if it is there already or cannot be had. Windows that have begun stay open, so
    /// that nobody is out of turn with what was sent before.
    /// @return epoch Which one.
    function rollEpoch() external returns (uint64 epoch);

    /// @notice For a paymaster's postOp: was the bundle that runs now sent by the bundler whose turn it is? Looks at
    /// `tx.origin` in `block.number`. A registered bundler out of turn gets a strike, at most one a block.
    /// @dev Anyone may call it: it can only strike the sender of the running transaction, and only out of its turn. An
    /// executor should therefore send bundles and nothing else. Constant in gas, however many bundlers there are.
    /// @return bundlerId 0 if the sender is no bundler's executor.
    /// @return inTurn False if `bundlerId` is 0.
    function noteTurn() external returns (uint32 bundlerId, bool inTurn);

    /// @notice Takes strikes given so far off the stake and its weight. Anyone may; each later change of stake does it, too.
    function settleStrikes(uint32 bundlerId) external;

    // ─── Fines ───────────────────────────────────────────────────────────────

    /// @notice By the court: takes `amountWei` of the stake, or what is left of it. Half (rounded down) is kept for
    /// `reporter` to claim, the rest burnt. Works until the stake is withdrawn; never reverts for an empty stake.
    /// @return takenWei What was taken.
    function slash(uint32 bundlerId, uint256 amountWei, address reporter) external returns (uint256 takenWei);

    /// @notice Pays the caller's rewards to `to`.
    function claimReward(address payable to) external returns (uint256 amountWei);

    /// @notice Sends what strikes and fines took away to the zero address. Anyone may.
    function burn() external returns (uint256 amountWei);

    // ─── Views ───────────────────────────────────────────────────────────────

    function terms() external view returns (Terms memory);

    /// @notice Judges promises and commits; the only one who can slash. Created with the registry.
    function court() external view returns (address);

    /// @notice 256.
    function epochBlocks() external view returns (uint256);

    /// @notice 4.
    function windowBlocks() external view returns (uint256);

    /// @notice 2: after so many blocks of a window each further leader may stand in.
    function fallbackBlocks() external view returns (uint256);

    /// @notice 4: for so many blocks of a window the leader of the one before may still land what it has sent.
    function graceBlocks() external view returns (uint256);

    /// @dev Empty (operator zero) if there is none.
    function bundler(uint32 bundlerId) external view returns (Bundler memory);

    /// @notice `count` bundlers from id `from` on (0 is taken for 1), or as many as there are.
    function bundlers(uint32 from, uint32 count) external view returns (Bundler[] memory);

    /// @notice Ids go from 1 to this, those that left included.
    function bundlerCount() external view returns (uint32);

    /// @notice 0 if no bundler has this key.
    function bundlerOfKey(address nodeKey) external view returns (uint32);

    /// @notice Cheap parts of `bundler`: for contracts.
    function operatorOf(uint32 bundlerId) external view returns (address);

    function nodeKeyOf(uint32 bundlerId) external view returns (address);

    /// @notice Whose bundles this account sends; 0: nobody's.
    function bundlerOf(address executor) external view returns (uint32);

    /// @notice All weight in `epoch`, which must be the one that can be rolled now or a later one.
    function totalWeightWei(uint64 epoch) external view returns (uint256);

    /// @notice The epoch that is rolled next, and whether `rollEpoch` would store it now.
    /// @dev Not due if its time has not come or, though it has, nobody had stake when it was frozen.
    function epochToRoll() external view returns (uint64 epoch, bool isDue);

    /// @notice Bundler ids by window of the epoch, 64 of them; 0 in windows that had begun when it was rolled, which are
    /// open. Empty if it was not rolled: the whole epoch is open.
    function leaderTable(uint64 epoch) external view returns (uint32[] memory leaders);

    /// @notice Leader of the window that is `rank` windows after that of `blockNumber`: rank 0 leads, rank 1 is the
    /// first to stand in. 0: nobody is known (no table, or a window that began before it).
    function leader(uint256 blockNumber, uint256 rank) external view returns (uint32 bundlerId);

    /// @notice Whether the bundler may land a bundle in block `h` of a window that began in block `s`:
    /// everybody if the window is open (`leader(h, 0)` is 0); else rank 0; rank `r` once `h - s >= 2 * r`; and while
    /// `h - s < 4` who led the window before, or everybody if that one was open.
    function isInTurn(uint32 bundlerId, uint256 blockNumber) external view returns (bool);

    /// @notice What `claimReward` would pay.
    function rewardOf(address reporter) external view returns (uint256);

    /// @notice What `burn` would send away. Strikes that are not settled are not in it.
    function unburntWei() external view returns (uint256);
}
