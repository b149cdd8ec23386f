// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPromiseCourt} from "../../src/bundling/IPromiseCourt.sol";
import {CourtActors} from "../support/CourtActors.sol";
import {Vm} from "../support/Vm.sol";

/// @notice The court's events alone are enough to know every case, credit and fine.
/// forge-config: default.fuzz.runs = 32
/// forge-config: ci.fuzz.runs = 512
contract CourtEventsTest is CourtActors {
    uint256 private constant STEPS = 40;

    mapping(bytes32 promiseHash => IPromiseCourt.Case) private _rebuilt;
    mapping(bytes32 promiseHash => bytes32) private _operationOf;
    mapping(uint32 bundlerId => mapping(bytes32 userOpHash => bool)) private _fined;
    mapping(address account => uint256) private _credits;

    function testFuzz_EventsAloneRebuildTheState(uint256 seed) public {
        vm.recordLogs();
        this.play(seed);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter == address(court)) _take(logs[i]);
        }
        for (uint256 i = 0; i < given(); ++i) {
            IPromiseCourt.Case memory known = court.caseOf(hashAt(i));
            IPromiseCourt.Case memory rebuilt = _rebuilt[hashAt(i)];
            vm.assertEq(uint256(rebuilt.state), uint256(known.state));
            vm.assertEq(rebuilt.challenger, known.challenger);
            vm.assertEq(rebuilt.challengedBlock, known.challengedBlock);
            IPromiseCourt.InclusionPromise memory promise_ = promiseAt(i);
            vm.assertTrue(
                _fined[promise_.bundlerId][promise_.userOpHash]
                    == court.isFined(promise_.bundlerId, promise_.userOpHash)
            );
        }
        address[3] memory accounts = [watcher, stranger, bundler];
        for (uint256 i = 0; i < accounts.length; ++i) {
            vm.assertEq(_credits[accounts[i]], court.creditOf(accounts[i]));
        }
    }

    function play(uint256 seed) external {
        for (uint256 step = 0; step < STEPS; ++step) {
            uint256 random = uint256(keccak256(abi.encode(seed, step)));
            (uint256 a, uint256 b) = (random >> 8, random >> 72);
            uint256 act = random % 9;
            if (act < 2) give(a, b, random >> 136, true);
            else if (act == 2) spoil(a, b);
            else if (act == 3) b & 1 == 0 ? mend(a) : withdrawAll(a);
            else if (act == 4) attemptOne(a, type(uint256).max);
            else if (act == 5) _all(true);
            else if (act == 6) _all(false);
            else pass(a);
        }
    }

    function _all(bool challenging) private {
        for (uint256 i = 0; i < given(); ++i) {
            if (challenging) challengeOne(i, i);
            else concludeOne(i);
        }
    }

    function _take(Vm.Log memory log) private {
        bytes32 kind = log.topics[0];
        if (kind == IPromiseCourt.Withdrawn.selector) {
            (, uint256 amountWei) = abi.decode(log.data, (address, uint256));
            _credits[address(uint160(uint256(log.topics[1])))] -= amountWei;
            return;
        }
        IPromiseCourt.Case storage rebuilt = _rebuilt[log.topics[1]];
        if (kind == IPromiseCourt.PromiseChallenged.selector) {
            (IPromiseCourt.InclusionPromise memory promise_,, uint256 answerBlock) =
                abi.decode(log.data, (IPromiseCourt.InclusionPromise, uint256, uint256));
            rebuilt.state = IPromiseCourt.State.Challenged;
            rebuilt.challenger = address(uint160(uint256(log.topics[3])));
            rebuilt.challengedBlock = uint64(answerBlock - ANSWER_BLOCKS);
            _operationOf[log.topics[1]] = promise_.userOpHash;
        } else if (kind == IPromiseCourt.PromiseVoided.selector) {
            rebuilt.state = IPromiseCourt.State.Voided;
            _credits[rebuilt.challenger] += abi.decode(log.data, (uint256));
        } else if (kind == IPromiseCourt.PromiseExcused.selector) {
            (uint256 answerWei,) = abi.decode(log.data, (uint256, bytes));
            rebuilt.state = IPromiseCourt.State.Excused;
            _credits[address(uint160(uint256(log.topics[2])))] += answerWei;
            if (rebuilt.challenger != address(0)) _credits[rebuilt.challenger] += DEPOSIT - answerWei;
        } else if (kind == IPromiseCourt.PromiseFined.selector) {
            (, uint256 depositWei) = abi.decode(log.data, (uint256, uint256));
            rebuilt.state = IPromiseCourt.State.Fined;
            _credits[rebuilt.challenger] += depositWei;
            _fined[uint32(uint256(log.topics[2]))][_operationOf[log.topics[1]]] = true;
        }
    }
}
