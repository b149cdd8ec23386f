// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPromiseCourt} from "../../src/bundling/IPromiseCourt.sol";
import {ReportCommitments} from "../../src/bundling/ReportCommitments.sol";
import {FickleAccount} from "../support/FickleAccount.sol";
import {PromiseCourtTest} from "../support/PromiseCourtTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice What each act before the court costs, as a transaction of its own. Kept in contracts/snapshots/Court.json.
contract CourtGasTest is PromiseCourtTest {
    function test_AnswersThatLand() public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        _snapshot("challenge");
        uint256 state = vm.snapshotState();
        attemptBy(bundler, promise_, operation_);
        _snapshot("attempt, landing");
        vm.prank(watcher);
        court.withdraw(payable(watcher));
        _snapshot("withdraw");
        vm.revertToState(state);
        land(operation_);
        court.conclude(promise_);
        _snapshot("conclude, answered");
    }

    function test_AnswersThatFail() public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        account.become(FickleAccount.Mood.Reverts);
        attemptBy(bundler, promise_, operation_);
        _snapshot("attempt, refused");
    }

    function test_AttemptsInTime() public {
        PackedUserOperation memory operation_ = operation();
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation_);
        account.become(FickleAccount.Mood.Reverts);
        attemptBy(bundler, promise_, operation_);
        _snapshot("attempt, refused in time");
    }

    function test_Fines() public {
        (IPromiseCourt.InclusionPromise memory promise_,) = brokenAndChallenged();
        vm.roll(block.number + ANSWER_BLOCKS + 1);
        court.conclude(promise_);
        _snapshot("conclude, fined");
    }

    function test_Equivocation() public {
        IPromiseCourt.BundleCommit memory first = IPromiseCourt.BundleCommit({
            bundlerId: joined.id,
            window: 2_560,
            sequence: 1,
            operationsHash: keccak256("operations"),
            transactionHash: keccak256("transaction")
        });
        IPromiseCourt.BundleCommit memory second = abi.decode(abi.encode(first), (IPromiseCourt.BundleCommit));
        second.transactionHash = keccak256("another");
        bytes memory one = signHash(joined.nodeSecret, court.hashOfCommit(first));
        bytes memory other = signHash(joined.nodeSecret, court.hashOfCommit(second));
        bytes32 reportHash = court.reportHashOf(first, one, second, other);
        bytes32 commitment = keccak256(abi.encode(reportHash, bytes32("salt"), watcher));
        vm.prank(watcher);
        ReportCommitments(address(court)).commitReport(commitment);
        _snapshot("commitReport");
        vm.roll(block.number + 6);
        vm.prank(watcher);
        court.reportEquivocation(first, one, second, other, "salt");
        _snapshot("reportEquivocation");
    }

    function _snapshot(string memory name) private {
        vm.snapshotGasLastCall("Court", name);
    }
}
