// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AttemptOutcome} from "./AttemptOutcome.sol";
import {BundlingMessages} from "./BundlingMessages.sol";
import {IBundlerRegistry} from "./IBundlerRegistry.sol";
import {IPromiseCourt} from "./IPromiseCourt.sol";
import {ReportCommitments} from "./ReportCommitments.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// @title Judges promises and commits; what it promises stands on `IPromiseCourt`.
/// @dev Foreign code runs in two places: in `attempt`, under the EntryPoint, and in `withdraw`. Before either, the books
/// are closed: a case that is being attempted is final already, for whoever comes back in.
contract PromiseCourt is IPromiseCourt, ReportCommitments, EIP712 {
    using AttemptOutcome for PackedUserOperation;
    using BundlingMessages for BundleCommit;
    using BundlingMessages for InclusionPromise;

    /// @dev What an answer costs beside the gas measured and its calldata: the transaction itself, booking what it is
    /// paid, and fetching that (21,000 + 45,000 + 34,000).
    uint256 private constant ANSWER_OVERHEAD_GAS = 100_000;
    uint256 private constant GAS_PER_CALLDATA_BYTE = 16;

    /// @inheritdoc IPromiseCourt
    IBundlerRegistry public immutable registry;
    /// @inheritdoc IPromiseCourt
    IEntryPoint public immutable entryPoint;
    /// @inheritdoc IPromiseCourt
    uint256 public immutable promiseFineWei;
    /// @inheritdoc IPromiseCourt
    uint256 public immutable equivocationFineWei;
    /// @inheritdoc IPromiseCourt
    uint256 public immutable challengeDepositWei;
    /// @inheritdoc IPromiseCourt
    uint256 public immutable challengeBlocks;
    /// @inheritdoc IPromiseCourt
    uint256 public immutable answerBlocks;

    mapping(bytes32 promiseHash => Case) private _cases;
    /// @inheritdoc IPromiseCourt
    mapping(uint32 bundlerId => mapping(bytes32 userOpHash => bool)) public isFined;
    /// @inheritdoc IPromiseCourt
    mapping(uint32 bundlerId => mapping(uint64 window => mapping(uint32 sequence => bool))) public isReported;
    /// @inheritdoc IPromiseCourt
    mapping(address account => uint256) public creditOf;

    /// @dev The registry makes its court in its own constructor: it cannot be called here.
    constructor(IBundlerRegistry registry_, IEntryPoint entryPoint_, IBundlerRegistry.Terms memory terms)
        EIP712("WorldlandBundling", "1")
    {
        registry = registry_;
        entryPoint = entryPoint_;
        promiseFineWei = terms.promiseFineWei;
        equivocationFineWei = terms.equivocationFineWei;
        challengeDepositWei = terms.challengeDepositWei;
        challengeBlocks = terms.challengeBlocks;
        answerBlocks = terms.answerBlocks;
    }

    // ─── Promises ────────────────────────────────────────────────────────────

    /// @inheritdoc IPromiseCourt
    function challenge(InclusionPromise calldata promise_, bytes calldata signature)
        external
        payable
        returns (bytes32 promiseHash)
    {
        if (msg.value != challengeDepositWei) revert WrongDeposit(msg.value, challengeDepositWei);
        promiseHash = hashOf(promise_);
        _checkSigner(promise_.bundlerId, promiseHash, signature);
        uint256 untilBlock = promise_.latestBlock + challengeBlocks;
        if (block.number <= promise_.latestBlock || block.number > untilBlock) {
            revert NotChallengeable(uint256(promise_.latestBlock) + 1, untilBlock);
        }
        _checkBaseFee(promise_);
        if (_isNonceUsed(promise_)) revert NonceUsed(promise_.sender, promise_.nonce);
        State state = _cases[promiseHash].state;
        if (state == State.Challenged) revert AlreadyChallenged(promiseHash);
        if (state != State.None) revert AlreadyJudged(promiseHash, state);
        if (isFined[promise_.bundlerId][promise_.userOpHash]) {
            revert AlreadyFined(promise_.bundlerId, promise_.userOpHash);
        }
        _cases[promiseHash] = Case(State.Challenged, msg.sender, uint64(block.number));
        uint256 answerBlock = block.number + answerBlocks;
        emit PromiseChallenged(promiseHash, promise_.bundlerId, msg.sender, promise_, msg.value, answerBlock);
    }

    /// @inheritdoc IPromiseCourt
    function attempt(
        InclusionPromise calldata promise_,
        PackedUserOperation calldata operation,
        address payable beneficiary
    ) external returns (bool landed) {
        uint256 gasAtStart = gasleft();
        // No contract is before this in the transaction, so none has spoilt what the operation needs, nor used up
        // the call depth; and nothing that runs under it comes back here.
        if (msg.sender != tx.origin) revert NotDirect(msg.sender);
        bytes32 promiseHash = hashOf(promise_);
        Case memory known = _cases[promiseHash];
        _checkOpen(promise_, promiseHash, known.state);
        bool isChallenged = known.state == State.Challenged;
        if (_isNonceUsed(promise_)) {
            if (!isChallenged) revert NonceUsed(promise_.sender, promise_.nonce);
            _void(promiseHash, known.challenger);
            return false;
        }
        _checkOperation(promise_, operation);
        _cases[promiseHash].state = State.Voided;
        bytes memory reason;
        (landed, reason) = _handleOp(operation, beneficiary, promise_.latestBlock);
        if (landed) {
            if (isChallenged) _void(promiseHash, known.challenger);
            else emit PromiseVoided(promiseHash, address(0), 0);
            return true;
        }
        _cases[promiseHash].state = State.Excused;
        uint256 answerWei = isChallenged ? _payAnswer(known.challenger, operation, gasAtStart) : 0;
        emit PromiseExcused(promiseHash, msg.sender, answerWei, reason);
    }

    /// @inheritdoc IPromiseCourt
    function noteBaseFee(InclusionPromise calldata promise_) external {
        bytes32 promiseHash = hashOf(promise_);
        if (block.number > promise_.latestBlock) revert TooLate(promise_.latestBlock);
        State state = _cases[promiseHash].state;
        if (state != State.None) revert AlreadyJudged(promiseHash, state);
        if (block.basefee <= promise_.maxBaseFeePerGas) {
            revert BaseFeeLowEnough(block.basefee, promise_.maxBaseFeePerGas);
        }
        _cases[promiseHash].state = State.Excused;
        emit BaseFeeNoted(promiseHash, block.basefee);
    }

    /// @inheritdoc IPromiseCourt
    function conclude(InclusionPromise calldata promise_) external returns (uint256 fineWei) {
        bytes32 promiseHash = hashOf(promise_);
        Case memory known = _cases[promiseHash];
        if (known.state != State.Challenged) revert NotChallenged(promiseHash);
        if (_isNonceUsed(promise_)) {
            _void(promiseHash, known.challenger);
            return 0;
        }
        uint256 answerBlock = known.challengedBlock + answerBlocks;
        if (block.number <= answerBlock) revert AnswerPending(answerBlock);
        _checkBaseFee(promise_);
        _cases[promiseHash].state = State.Fined;
        creditOf[known.challenger] += challengeDepositWei;
        // Who signs several promises of one operation is fined for one.
        if (!isFined[promise_.bundlerId][promise_.userOpHash]) {
            isFined[promise_.bundlerId][promise_.userOpHash] = true;
            fineWei = registry.slash(promise_.bundlerId, promiseFineWei, known.challenger);
        }
        emit PromiseFined(promiseHash, promise_.bundlerId, known.challenger, fineWei, challengeDepositWei);
    }

    // ─── Commits ─────────────────────────────────────────────────────────────

    /// @inheritdoc IPromiseCourt
    function reportEquivocation(
        BundleCommit calldata first,
        bytes calldata firstSignature,
        BundleCommit calldata second,
        bytes calldata secondSignature,
        bytes32 salt
    ) external returns (uint256 fineWei) {
        _checkCommitted(reportHashOf(first, firstSignature, second, secondSignature), salt);
        (uint32 bundlerId, uint64 window, uint32 sequence) = (first.bundlerId, first.window, first.sequence);
        bytes32 firstHash = hashOfCommit(first);
        bytes32 secondHash = hashOfCommit(second);
        if (
            firstHash == secondHash || second.bundlerId != bundlerId || second.window != window
                || second.sequence != sequence
        ) revert NoEquivocation();
        if (isReported[bundlerId][window][sequence]) revert AlreadyReported(bundlerId, window, sequence);
        _checkSigner(bundlerId, firstHash, firstSignature);
        _checkSigner(bundlerId, secondHash, secondSignature);
        isReported[bundlerId][window][sequence] = true;
        fineWei = registry.slash(bundlerId, equivocationFineWei, msg.sender);
        emit EquivocationFined(bundlerId, window, sequence, msg.sender, fineWei);
    }

    // ─── Deposits ────────────────────────────────────────────────────────────

    /// @inheritdoc IPromiseCourt
    function withdraw(address payable to) external returns (uint256 amountWei) {
        amountWei = creditOf[msg.sender];
        if (amountWei == 0) revert NothingCredited(msg.sender);
        creditOf[msg.sender] = 0;
        emit Withdrawn(msg.sender, to, amountWei);
        (bool sent,) = to.call{value: amountWei}("");
        if (!sent) revert TransferFailed(to, amountWei);
    }

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @inheritdoc IPromiseCourt
    function hashOf(InclusionPromise calldata promise_) public view returns (bytes32) {
        return _hashTypedDataV4(promise_.structHashOf());
    }

    /// @inheritdoc IPromiseCourt
    function hashOfCommit(BundleCommit calldata commit) public view returns (bytes32) {
        return _hashTypedDataV4(commit.structHashOf());
    }

    /// @inheritdoc IPromiseCourt
    function reportHashOf(
        BundleCommit calldata first,
        bytes calldata firstSignature,
        BundleCommit calldata second,
        bytes calldata secondSignature
    ) public view returns (bytes32) {
        return keccak256(
            abi.encode(hashOfCommit(first), firstSignature, hashOfCommit(second), secondSignature)
        );
    }

    /// @inheritdoc IPromiseCourt
    function caseOf(bytes32 promiseHash) external view returns (Case memory) {
        return _cases[promiseHash];
    }

    /// @inheritdoc IPromiseCourt
    function attemptGasOf(PackedUserOperation calldata operation) external pure returns (uint256) {
        return operation.neededGas();
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    /// @dev Reverts if neither landed nor refused for what the operation is.
    function _handleOp(
        PackedUserOperation calldata operation,
        address payable beneficiary,
        uint256 latestBlock
    ) private returns (bool landed, bytes memory reason) {
        PackedUserOperation[] memory operations = new PackedUserOperation[](1);
        operations[0] = operation;
        uint256 neededGas = operation.neededGas();
        uint256 givenGas = gasleft();
        if (givenGas < neededGas) revert NotEnoughGas(givenGas, neededGas);
        try entryPoint.handleOps(operations, beneficiary) {
            return (true, "");
        } catch (bytes memory thrown) {
            AttemptOutcome.Blame blame = AttemptOutcome.blame(thrown, givenGas, gasleft());
            bool isExcuse = blame == AttemptOutcome.Blame.Operation
                || (blame == AttemptOutcome.Blame.Time && block.number <= latestBlock);
            if (!isExcuse) revert NoExcuse(thrown);
            return (false, thrown);
        }
    }

    /// @dev No more than it cost, at no higher price than the operation itself would have paid: or a bundler could earn
    /// by making operations fail.
    function _payAnswer(address challenger, PackedUserOperation calldata operation, uint256 gasAtStart)
        private
        returns (uint256 answerWei)
    {
        uint256 maxFeePerGas = uint128(uint256(operation.gasFees));
        uint256 priceWei = tx.gasprice < maxFeePerGas ? tx.gasprice : maxFeePerGas;
        uint256 gasUsed =
            gasAtStart - gasleft() + ANSWER_OVERHEAD_GAS + msg.data.length * GAS_PER_CALLDATA_BYTE;
        answerWei = gasUsed * priceWei;
        if (answerWei > challengeDepositWei) answerWei = challengeDepositWei;
        creditOf[msg.sender] += answerWei;
        creditOf[challenger] += challengeDepositWei - answerWei;
    }

    function _void(bytes32 promiseHash, address challenger) private {
        _cases[promiseHash].state = State.Voided;
        creditOf[challenger] += challengeDepositWei;
        emit PromiseVoided(promiseHash, challenger, challengeDepositWei);
    }

    function _checkOpen(InclusionPromise calldata promise_, bytes32 promiseHash, State state) private view {
        if (state == State.Challenged) return;
        if (state != State.None) revert AlreadyJudged(promiseHash, state);
        if (block.number > promise_.latestBlock) revert TooLate(promise_.latestBlock);
    }

    function _checkOperation(InclusionPromise calldata promise_, PackedUserOperation calldata operation)
        private
        view
    {
        bytes32 userOpHash = entryPoint.getUserOpHash(operation);
        if (
            userOpHash != promise_.userOpHash || operation.sender != promise_.sender
                || operation.nonce != promise_.nonce
        ) revert WrongOperation(userOpHash);
    }

    function _checkSigner(uint32 bundlerId, bytes32 hash, bytes calldata signature) private view {
        (address signer,,) = ECDSA.tryRecover(hash, signature);
        address nodeKey = registry.nodeKeyOf(bundlerId);
        if (signer == address(0) || signer != nodeKey) revert WrongSigner(signer, nodeKey);
    }

    function _checkBaseFee(InclusionPromise calldata promise_) private view {
        if (block.basefee > promise_.maxBaseFeePerGas) {
            revert BaseFeeTooHigh(block.basefee, promise_.maxBaseFeePerGas);
        }
    }

    function _isNonceUsed(InclusionPromise calldata promise_) private view returns (bool) {
        return entryPoint.getNonce(promise_.sender, uint192(promise_.nonce >> 64)) > promise_.nonce;
    }
}
