// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPromiseCourt} from "../../src/bundling/IPromiseCourt.sol";
import {FickleAccount} from "../support/FickleAccount.sol";
import {PromiseCourtTest} from "../support/PromiseCourtTest.sol";
import {Vm} from "../support/Vm.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

contract AttemptTest is PromiseCourtTest {
    // ─── Refused ─────────────────────────────────────────────────────────────

    function test_RevertWhen_AContractIsBeforeIt() public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        vm.prank(stranger, bundler);
        vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.NotDirect.selector, stranger));
        court.attempt(promise_, operation_, beneficiary);
    }

    function test_RevertWhen_NobodyChallengedAfterTheLatestBlock() public {
        PackedUserOperation memory operation_ = operation();
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation_);
        vm.roll(promise_.latestBlock + 1);
        vm.prank(bundler, bundler);
        vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.TooLate.selector, promise_.latestBlock));
        court.attempt(promise_, operation_, beneficiary);
    }

    function test_RevertWhen_ItIsAnotherOperation() public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        operation_.callData = hex"00";
        bytes32 hash = entryPoint.getUserOpHash(operation_);
        vm.prank(bundler, bundler);
        vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.WrongOperation.selector, hash));
        court.attempt(promise_, operation_, beneficiary);
    }

    function test_RevertWhen_ThePromiseNamesAnotherSenderOrNonce() public {
        PackedUserOperation memory operation_ = operation();
        for (uint256 i = 0; i < 2; ++i) {
            IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation_);
            if (i == 0) promise_.sender = stranger;
            else promise_.nonce += 1;
            vm.prank(bundler, bundler);
            vm.expectRevert(
                abi.encodeWithSelector(IPromiseCourt.WrongOperation.selector, promise_.userOpHash)
            );
            court.attempt(promise_, operation_, beneficiary);
        }
    }

    function test_RevertWhen_TheNonceIsUsedAndNobodyChallenged() public {
        PackedUserOperation memory operation_ = operation();
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation_);
        land(operation_);
        vm.prank(bundler, bundler);
        vm.expectRevert(
            abi.encodeWithSelector(IPromiseCourt.NonceUsed.selector, promise_.sender, promise_.nonce)
        );
        court.attempt(promise_, operation_, beneficiary);
    }

    function test_RevertWhen_ItIsJudged() public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        attemptBy(bundler, promise_, operation_);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPromiseCourt.AlreadyJudged.selector, court.hashOf(promise_), IPromiseCourt.State.Voided
            )
        );
        vm.prank(bundler, bundler);
        court.attempt(promise_, operation_, beneficiary);
    }

    function test_RevertWhen_TheBeneficiaryIsNone() public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        bytes memory reason = abi.encodeWithSignature("Error(string)", "AA90 invalid beneficiary");
        vm.prank(bundler, bundler);
        vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.NoExcuse.selector, reason));
        court.attempt(promise_, operation_, payable(0));
    }

    /// @dev A bundler that lets it expire has not landed it in time.
    function test_RevertWhen_ItsTimeIsOverAfterTheLatestBlock() public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        for (
            uint8 mood = uint8(FickleAccount.Mood.Expires);
            mood <= uint8(type(FickleAccount.Mood).max);
            ++mood
        ) {
            account.become(FickleAccount.Mood(mood));
            bytes memory reason =
                abi.encodeWithSelector(IEntryPoint.FailedOp.selector, 0, "AA22 expired or not due");
            vm.prank(bundler, bundler);
            vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.NoExcuse.selector, reason));
            court.attempt(promise_, operation_, beneficiary);
        }
    }

    // ─── It lands ────────────────────────────────────────────────────────────

    function test_LandingItAnswersAndTheDepositGoesBack() public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        vm.expectEmit(address(court));
        emit IPromiseCourt.PromiseVoided(court.hashOf(promise_), watcher, DEPOSIT);
        vm.assertTrue(attemptBy(bundler, promise_, operation_));
        assertState(promise_, IPromiseCourt.State.Voided);
        vm.assertEq(entryPoint.getNonce(address(account), 0), promise_.nonce + 1);
        vm.assertGt(beneficiary.balance, 1);
        vm.assertEq(court.creditOf(watcher), DEPOSIT);
        vm.assertEq(lostWei(), 0);
    }

    function test_ByTheLatestBlockItLandsWithoutAChallenge() public {
        PackedUserOperation memory operation_ = operation();
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation_);
        vm.roll(promise_.latestBlock);
        vm.expectEmit(address(court));
        emit IPromiseCourt.PromiseVoided(court.hashOf(promise_), address(0), 0);
        vm.assertTrue(attemptBy(bundler, promise_, operation_));
        assertState(promise_, IPromiseCourt.State.Voided);
    }

    function test_SomebodyElseLandedItMeanwhile() public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        land(operation_);
        vm.assertFalse(attemptBy(bundler, promise_, operation_));
        assertState(promise_, IPromiseCourt.State.Voided);
        vm.assertEq(court.creditOf(watcher), DEPOSIT);
        vm.assertEq(court.creditOf(bundler), 0);
    }

    // ─── It cannot land ──────────────────────────────────────────────────────

    function test_WhateverMakesItInvalidExcusesAndTheDepositPays() public {
        uint256 state = vm.snapshotState();
        for (uint8 mood = 1; mood < uint8(FickleAccount.Mood.Expires); ++mood) {
            (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
                brokenAndChallenged();
            account.become(FickleAccount.Mood(mood));
            vm.assertFalse(attemptBy(bundler, promise_, operation_));
            assertState(promise_, IPromiseCourt.State.Excused);
            assertPaidForAnswer(bundler, watcher);
            vm.revertToState(state);
        }
    }

    function test_AnAccountThatIsGoneExcuses() public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        vm.etch(address(account), "");
        vm.assertFalse(attemptBy(bundler, promise_, operation_));
        assertState(promise_, IPromiseCourt.State.Excused);
    }

    function test_AnAccountWithoutFundsExcuses() public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        vm.deal(address(account), 0);
        vm.assertFalse(attemptBy(bundler, promise_, operation_));
        assertState(promise_, IPromiseCourt.State.Excused);
    }

    function test_AnOperationThatIsNotTheNextExcuses() public {
        PackedUserOperation memory operation_ = operation();
        operation_.nonce += 1;
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation_);
        vm.roll(promise_.latestBlock + 1);
        challengeBy(watcher, promise_);
        bytes memory reason =
            abi.encodeWithSelector(IEntryPoint.FailedOp.selector, 0, "AA25 invalid account nonce");
        vm.recordLogs();
        vm.assertFalse(attemptBy(bundler, promise_, operation_));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        Vm.Log memory excused = logs[logs.length - 1];
        vm.assertEq(excused.topics[0], IPromiseCourt.PromiseExcused.selector);
        vm.assertEq(excused.topics[1], court.hashOf(promise_));
        vm.assertEq(excused.topics[2], bytes32(uint256(uint160(bundler))));
        vm.assertEq(excused.data, abi.encode(court.creditOf(bundler), reason));
        assertPaidForAnswer(bundler, watcher);
    }

    function test_ByTheLatestBlockAnyFailureExcusesForGood() public {
        uint256 state = vm.snapshotState();
        for (uint8 mood = 1; mood <= uint8(type(FickleAccount.Mood).max); ++mood) {
            PackedUserOperation memory operation_ = operation();
            IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation_);
            account.become(FickleAccount.Mood(mood));
            vm.roll(promise_.latestBlock);
            vm.assertFalse(attemptBy(bundler, promise_, operation_));
            assertState(promise_, IPromiseCourt.State.Excused);
            vm.assertEq(court.creditOf(bundler), 0);
            account.become(FickleAccount.Mood.Valid);
            vm.roll(promise_.latestBlock + 1);
            bytes memory signature = signPromise(promise_);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IPromiseCourt.AlreadyJudged.selector, court.hashOf(promise_), IPromiseCourt.State.Excused
                )
            );
            vm.prank(watcher);
            court.challenge{value: DEPOSIT}(promise_, signature);
            vm.revertToState(state);
        }
    }
}
