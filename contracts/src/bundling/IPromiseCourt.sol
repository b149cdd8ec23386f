// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IBundlerRegistry} from "./IBundlerRegistry.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @title Where a bundler answers for what its node's key has signed.
/// @notice **What a promise is worth.** A bundler promises to land an operation in block `latestBlock` or before. If it
/// does not, anyone may challenge it; it then lands the operation late, or shows by `attempt` that it cannot be
/// landed, or is fined. So whoever holds a promise knows: it is kept, or kept late, or the operation no longer passes,
/// or the bundler loses `promiseFineWei`, half of it to who challenged.
/// **What it is not worth.** It is no insurance: the fine is the same for every operation, no more than what is left of
/// the stake, one stake stands behind all promises of a bundler, and a bundler that challenges itself
/// first loses half only. Lateness costs nothing but the challenge. It binds nobody once the nonce is used, whoever
/// used it; nor where those on whom the operation's validity hangs (its sender, its paymaster, who deploys its account
/// first) take it away; nor while the base fee is above `maxBaseFeePerGas`; nor for an operation that is not the next
/// of its sender and key. It is worth nothing from a bundler whose `exitBlock` comes before `latestBlock +
/// challengeBlocks + answerBlocks`, or if its fields are not those of the operation: check both when you get it.
/// @dev **How a bundler is never fined**, whatever users and base fee do: by `latestBlock`, land each promised operation, or
/// `attempt` it, or `noteBaseFee`. Who leaves that out may still answer a challenge by landing or by `attempt`, its gas paid by
/// the deposit, as long as the operation did not fail by its time alone (AA22, AA32): that excuses only by `latestBlock`,
/// or a bundler could wait until it expires. So promise only what stays valid far beyond `latestBlock`.
/// Amounts are wei of the native coin. Nobody owns this; coins leave only by `withdraw`, to whom they are credited.
/// EIP-712 domain: name "WorldlandBundling", version "1", chain, this contract, which knows one EntryPoint.
interface IPromiseCourt {
    /// @param bundlerId In the registry.
    /// @param userOpHash Of the operation promised.
    /// @param nonce The operation's whole nonce, key and sequence.
    /// @param latestBlock Number of the last block in which it lands in time.
    /// @param maxBaseFeePerGas Wei; above it the promise binds nobody.
    struct InclusionPromise {
        uint32 bundlerId;
        bytes32 userOpHash;
        address sender;
        uint256 nonce;
        uint64 latestBlock;
        uint128 maxBaseFeePerGas;
    }

    /// @param window Block number / 4.
    /// @param sequence Counts the bundler's commits of a window.
    /// @param operationsHash keccak256 of the userOpHashes of the bundle, one after the other.
    /// @param transactionHash Of the transaction that carries it.
    struct BundleCommit {
        uint32 bundlerId;
        uint64 window;
        uint32 sequence;
        bytes32 operationsHash;
        bytes32 transactionHash;
    }

    /// @dev Only `Challenged` changes once more; the others are final.
    enum State {
        None,
        Challenged,
        Excused,
        Voided,
        Fined
    }

    /// @param challenger Gets the deposit back, and half of a fine.
    /// @param challengedBlock The answer is due `answerBlocks` after it.
    struct Case {
        State state;
        address challenger;
        uint64 challengedBlock;
    }

    /// @notice `challenger` claims that the promise was broken. The bundler has until the end of `answerBlock`.
    event PromiseChallenged(
        bytes32 indexed promiseHash,
        uint32 indexed bundlerId,
        address indexed challenger,
        InclusionPromise promise_,
        uint256 depositWei,
        uint256 answerBlock
    );
    /// @notice The nonce is used: the promise binds no more. `depositWei` is credited to `challenger`.
    event PromiseVoided(bytes32 indexed promiseHash, address indexed challenger, uint256 depositWei);
    /// @notice The EntryPoint refused the operation with `reason`. Of the deposit, `answerWei` is credited to `by`, who
    /// showed it, the rest to the challenger (nothing, if nobody challenged).
    event PromiseExcused(bytes32 indexed promiseHash, address indexed by, uint256 answerWei, bytes reason);
    /// @notice By its latest block the base fee was above what the promise allows.
    event BaseFeeNoted(bytes32 indexed promiseHash, uint256 baseFeePerGas);
    /// @notice The bundler lost `fineWei`: 0 if it had nothing left, or was fined for this operation before.
    /// `depositWei` is credited to `challenger`.
    event PromiseFined(
        bytes32 indexed promiseHash,
        uint32 indexed bundlerId,
        address indexed challenger,
        uint256 fineWei,
        uint256 depositWei
    );
    event EquivocationFined(
        uint32 indexed bundlerId,
        uint64 indexed window,
        uint32 sequence,
        address indexed reporter,
        uint256 fineWei
    );
    event Withdrawn(address indexed account, address to, uint256 amountWei);

    /// @notice The signature is not by the node's key of this bundler (zero: there is no such bundler).
    error WrongSigner(address signer, address nodeKey);
    error WrongDeposit(uint256 depositWei, uint256 challengeDepositWei);
    /// @notice It can be challenged from block `fromBlock` to block `untilBlock`.
    error NotChallengeable(uint256 fromBlock, uint256 untilBlock);
    /// @notice The nonce is used: whatever was promised of it binds nobody.
    error NonceUsed(address sender, uint256 nonce);
    /// @notice The promise does not bind at this base fee.
    error BaseFeeTooHigh(uint256 baseFeePerGas, uint256 maxBaseFeePerGas);
    error BaseFeeLowEnough(uint256 baseFeePerGas, uint256 maxBaseFeePerGas);
    error AlreadyChallenged(bytes32 promiseHash);
    error AlreadyJudged(bytes32 promiseHash, State state);
    /// @notice The bundler was already fined for not landing this operation.
    error AlreadyFined(uint32 bundlerId, bytes32 userOpHash);
    error NotChallenged(bytes32 promiseHash);
    /// @notice The bundler may answer until the end of block `answerBlock`.
    error AnswerPending(uint256 answerBlock);
    /// @notice After `latestBlock`.
    error TooLate(uint64 latestBlock);
    /// @notice The operation is not the one promised.
    error WrongOperation(bytes32 userOpHash);
    /// @notice Call it from an account that is no contract, not through one: what runs before could spoil the operation.
    error NotDirect(address caller);
    /// @notice An attempt needs more gas, or it would prove nothing.
    error NotEnoughGas(uint256 gas, uint256 neededGas);
    /// @notice The EntryPoint did not refuse the operation, but the way it was called, or its time is over after
    /// `latestBlock`: `reason` is what it said.
    error NoExcuse(bytes reason);
    /// @notice Both are the same commit, or of different bundlers or places.
    error NoEquivocation();
    error AlreadyReported(uint32 bundlerId, uint64 window, uint32 sequence);
    error NothingCredited(address account);
    error TransferFailed(address to, uint256 amountWei);

    // ─── Promises ────────────────────────────────────────────────────────────

    /// @notice Claims that a promise was broken: after `latestBlock`, in the `challengeBlocks` that follow, while its nonce
    /// is not used and the base fee is within its bound. Takes `challengeDepositWei` with the call, which comes back,
    /// less what the answer cost if it turns out that the operation cannot be landed: look (`eth_call` of `attempt`) before you challenge.
    /// @param signature 65 bytes, by the bundler's node key.
    function challenge(InclusionPromise calldata promise_, bytes calldata signature)
        external
        payable
        returns (bytes32 promiseHash);

    /// @notice Lands the operation, or shows that the EntryPoint refuses it, which excuses the bundler: at any time by
    /// `latestBlock`, or as answer to a challenge, as long as it has not been concluded. Anyone may; who shows
    /// that it is refused is credited out of the challenger's deposit what that cost: its gas, at the price of the transaction but
    /// no more than the operation's `maxFeePerGas`. If the nonce is used, a challenge ends here as in
    /// `conclude`.
    /// @dev Only by an account without code, directly. Reverts, and proves nothing, with less gas than
    /// `attemptGasOf(operation)`, and where the failure is the caller's.
    /// @param beneficiary Receives what the operation pays.
    /// @return landed Whether the operation landed in this call.
    function attempt(
        InclusionPromise calldata promise_,
        PackedUserOperation calldata operation,
        address payable beneficiary
    ) external returns (bool landed);

    /// @notice By `latestBlock`, in a block whose base fee is above the promise's bound: it binds no more.
    function noteBaseFee(InclusionPromise calldata promise_) external;

    /// @notice Ends a challenge, by anyone: if the nonce is used, the deposit goes back; if the bundler did not answer
    /// within `answerBlocks`, it is fined, once for each operation, in a block whose base fee is within the bound.
    /// @return fineWei What it lost.
    function conclude(InclusionPromise calldata promise_) external returns (uint256 fineWei);

    // ─── Commits ─────────────────────────────────────────────────────────────

    /// @notice Two commits of one bundler, window and sequence that are not the same: fined once, half to the caller, who
    /// has committed to the report (`commitReport`) with `reportHashOf` of the same arguments, `revealDelayBlocks`
    /// before: whoever sees this call cannot take its reward. While the bundler's stake is here.
    /// @return fineWei What the bundler lost.
    function reportEquivocation(
        BundleCommit calldata first,
        bytes calldata firstSignature,
        BundleCommit calldata second,
        bytes calldata secondSignature,
        bytes32 salt
    ) external returns (uint256 fineWei);

    // ─── Deposits ────────────────────────────────────────────────────────────

    /// @notice Sends `to` all that is credited to the caller.
    function withdraw(address payable to) external returns (uint256 amountWei);

    // ─── Views ───────────────────────────────────────────────────────────────

    function registry() external view returns (IBundlerRegistry);

    function entryPoint() external view returns (IEntryPoint);

    function promiseFineWei() external view returns (uint256);

    function equivocationFineWei() external view returns (uint256);

    function challengeDepositWei() external view returns (uint256);

    function challengeBlocks() external view returns (uint256);

    function answerBlocks() external view returns (uint256);

    /// @notice The EIP-712 hash that is signed, by which the court knows a promise.
    function hashOf(InclusionPromise calldata promise_) external view returns (bytes32);

    function hashOfCommit(BundleCommit calldata commit) external view returns (bytes32);

    /// @notice What `commitReport` is to be given, with salt and reporter.
    function reportHashOf(
        BundleCommit calldata first,
        bytes calldata firstSignature,
        BundleCommit calldata second,
        bytes calldata secondSignature
    ) external view returns (bytes32);

    function caseOf(bytes32 promiseHash) external view returns (Case memory);

    function isFined(uint32 bundlerId, bytes32 userOpHash) external view returns (bool);

    function isReported(uint32 bundlerId, uint64 window, uint32 sequence) external view returns (bool);

    /// @notice Gas that `attempt` must have left when it calls the EntryPoint; the call needs some 50,000 more, and its
    /// calldata.
    function attemptGasOf(PackedUserOperation calldata operation) external view returns (uint256);

    /// @notice What `withdraw` would pay.
    function creditOf(address account) external view returns (uint256);
}
