// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IPromiseCourt} from "../../src/bundling/IPromiseCourt.sol";
import {FickleAccount} from "./FickleAccount.sol";
import {PromiseCourtTest} from "./PromiseCourtTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice A world of promises, for whatever order of acts: fickle users, watchers, reorganisations, and three
/// bundlers. `Diligent` lands or attempts each promised operation in its latest block at the latest; `answering` does
/// nothing until it is challenged, then lands or attempts; `careless` does neither, unless chance has it land one.
contract CourtActors is PromiseCourtTest {
    enum Whose {
        Diligent,
        Answering,
        Careless
    }

    struct Given {
        Whose whose;
        bytes32 hash;
        IPromiseCourt.InclusionPromise promise_;
        PackedUserOperation operation;
    }

    uint256 private constant USERS = 4;
    uint256 private constant MOST_PROMISES = 24;
    /// @dev Blocks between which `answering` looks for challenges: it may take nearly all of its time.
    uint256 private constant ANSWERS_EVERY = 50;

    Joined[3] public bundlers;
    FickleAccount[] public users;
    address[2] public watchers;
    Given[] private _given;
    /// @dev The same promise signed twice is one promise, with one case before the court.
    mapping(bytes32 promiseHash => bool) private _isGiven;
    uint256 public depositsWei;
    uint256 public withdrawnWei;
    uint256 public challenges;
    uint256 public fines;
    uint256 public excuses;
    uint256 public reorganisations;

    function setUp() public override {
        super.setUp();
        bundlers[0] = registered("diligent", MINIMUM_STAKE);
        bundlers[1] = registered("answering", MINIMUM_STAKE);
        bundlers[2] = registered("careless", MINIMUM_STAKE);
        for (uint256 i = 0; i < USERS; ++i) {
            users.push(new FickleAccount());
            vm.deal(address(users[i]), 100 ether);
        }
        watchers = [watcher, stranger];
        vm.deal(watcher, 10_000 ether);
        vm.deal(stranger, 10_000 ether);
    }

    // ─── What anybody may do ─────────────────────────────────────────────────

    function give(uint256 user, uint256 whose, uint256 horizon, bool isNext) public {
        if (_given.length == MOST_PROMISES) return;
        PackedUserOperation memory operation_ = operationOf(_user(user), "", ampleGas());
        if (!isNext) operation_.nonce += 1;
        _give(Whose(whose % 3), operation_, horizon);
    }

    function spoil(uint256 user, uint256 mood) public {
        users[user % USERS].become(FickleAccount.Mood(mood % (uint256(type(FickleAccount.Mood).max) + 1)));
    }

    function mend(uint256 user) public {
        users[user % USERS].become(FickleAccount.Mood.Valid);
    }

    function replace(uint256 user) public {
        _tryLand(operationOf(_user(user), hex"00", ampleGas()));
    }

    function landOne(uint256 which) public {
        if (_given.length != 0) _tryLand(_given[which % _given.length].operation);
    }

    function challengeOne(uint256 which, uint256 by) public {
        if (_given.length == 0) return;
        Given storage given_ = _given[which % _given.length];
        bytes memory signature = signHash(bundlers[uint256(given_.whose)].nodeSecret, given_.hash);
        vm.prank(watchers[by & 1]);
        try court.challenge{value: DEPOSIT}(given_.promise_, signature) {
            depositsWei += DEPOSIT;
            ++challenges;
        } catch {}
    }

    function concludeOne(uint256 which) public {
        if (_given.length == 0) return;
        try court.conclude(_given[which % _given.length].promise_) returns (uint256 fineWei) {
            if (fineWei != 0) ++fines;
        } catch {}
    }

    function attemptOne(uint256 which, uint256 gasLimit) public {
        if (_given.length == 0) return;
        Given storage given_ = _given[which % _given.length];
        _attempt(watchers[which & 1], given_, bound(gasLimit, 100_000, 2_000_000));
    }

    function withdrawAll(uint256 by) public {
        vm.prank(watchers[by & 1]);
        try court.withdraw(payable(makeAddr("purse"))) returns (uint256 amountWei) {
            withdrawnWei += amountWei;
        } catch {}
    }

    /// @notice Lets blocks pass, in each of which the bundlers do what is theirs to do.
    function pass(uint256 blocks) public {
        for (blocks = bound(blocks, 1, 60); blocks != 0; --blocks) {
            _work();
            vm.roll(block.number + 1);
        }
    }

    /// @notice The last few blocks never were: what was signed in them still is.
    function reorganise(uint256 seed) public {
        uint256 fork = vm.snapshotState();
        uint256 known = _given.length;
        give(seed, seed >> 8, seed >> 16, true);
        landOne(seed >> 24);
        pass(1 + seed % 3);
        challengeOne(seed >> 40, seed);
        uint256 signed = _given.length - known;
        Given[] memory kept = new Given[](signed);
        for (uint256 i = 0; i < signed; ++i) {
            kept[i] = _given[known + i];
        }
        vm.revertToState(fork);
        for (uint256 i = 0; i < signed; ++i) {
            _keep(kept[i]);
        }
        ++reorganisations;
    }

    // ─── What is so ──────────────────────────────────────────────────────────

    function openChallenges() public view returns (uint256 open) {
        for (uint256 i = 0; i < _given.length; ++i) {
            if (_stateOf(i) == IPromiseCourt.State.Challenged) ++open;
        }
    }

    function given() public view returns (uint256) {
        return _given.length;
    }

    function hashAt(uint256 index) public view returns (bytes32) {
        return _given[index].hash;
    }

    function promiseAt(uint256 index) public view returns (IPromiseCourt.InclusionPromise memory) {
        return _given[index].promise_;
    }

    function theCourt() public view returns (IPromiseCourt) {
        return court;
    }

    function lostBy(Whose whose) public view returns (uint256) {
        return MINIMUM_STAKE - stakeOf(bundlers[uint256(whose)].id);
    }

    function creditsWei() public view returns (uint256) {
        return court.creditOf(watcher) + court.creditOf(stranger) + court.creditOf(bundler);
    }

    function rewardsWei() public view returns (uint256) {
        return registry.rewardOf(watcher) + registry.rewardOf(stranger) + registry.unburntWei();
    }

    // ─── What bundlers do in each block ──────────────────────────────────────

    function _work() private {
        for (uint256 i = 0; i < _given.length; ++i) {
            Given storage given_ = _given[i];
            if (given_.whose == Whose.Diligent) {
                if (block.number != given_.promise_.latestBlock || _isUsed(given_)) continue;
                if (_stateOf(i) == IPromiseCourt.State.None) _attempt(bundler, given_, 2_000_000);
            } else if (given_.whose == Whose.Answering && block.number % ANSWERS_EVERY == 0) {
                if (_stateOf(i) != IPromiseCourt.State.Challenged || _isUsed(given_)) continue;
                _attempt(bundler, given_, 2_000_000);
            }
        }
    }

    function _give(Whose whose, PackedUserOperation memory operation_, uint256 horizon) private {
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation_);
        promise_.bundlerId = bundlers[uint256(whose)].id;
        promise_.latestBlock = uint64(block.number + bound(horizon, 1, 20));
        _keep(Given(whose, court.hashOf(promise_), promise_, operation_));
    }

    function _keep(Given memory given_) private {
        if (_isGiven[given_.hash]) return;
        _isGiven[given_.hash] = true;
        _given.push(given_);
    }

    function _attempt(address by, Given storage given_, uint256 gasLimit) private {
        vm.prank(by, by);
        try court.attempt{gas: gasLimit}(given_.promise_, given_.operation, beneficiary) returns (
            bool landed
        ) {
            if (!landed) ++excuses;
        } catch {}
    }

    function _tryLand(PackedUserOperation memory operation_) private {
        PackedUserOperation[] memory operations = new PackedUserOperation[](1);
        operations[0] = operation_;
        vm.prank(bundler, bundler);
        try entryPoint.handleOps(operations, beneficiary) {} catch {}
    }

    function _isUsed(Given storage given_) private view returns (bool) {
        return entryPoint.getNonce(given_.promise_.sender, 0) > given_.promise_.nonce;
    }

    function _stateOf(uint256 index) private view returns (IPromiseCourt.State) {
        return court.caseOf(hashAt(index)).state;
    }

    function _user(uint256 user) private view returns (address) {
        return address(users[user % USERS]);
    }
}
