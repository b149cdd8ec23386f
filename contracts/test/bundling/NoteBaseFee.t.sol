// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPromiseCourt} from "../../src/bundling/IPromiseCourt.sol";
import {PromiseCourtTest} from "../support/PromiseCourtTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @dev A call that forge isolates has a base fee of zero: these are not.
/// forge-config: default.isolate = false
contract NoteBaseFeeTest is PromiseCourtTest {
    uint128 private constant BOUND = 2 gwei;

    // ─── Refused ─────────────────────────────────────────────────────────────

    function testFuzz_RevertWhen_TheBaseFeeIsWithinTheBound(uint256 baseFee) public {
        IPromiseCourt.InclusionPromise memory promise_ = _bounded(operation());
        baseFee = bound(baseFee, 0, BOUND);
        vm.fee(baseFee);
        vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.BaseFeeLowEnough.selector, baseFee, BOUND));
        court.noteBaseFee(promise_);
    }

    function test_RevertWhen_TheLatestBlockIsOver() public {
        IPromiseCourt.InclusionPromise memory promise_ = _bounded(operation());
        vm.fee(BOUND + 1);
        vm.roll(promise_.latestBlock + 1);
        vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.TooLate.selector, promise_.latestBlock));
        court.noteBaseFee(promise_);
    }

    function test_RevertWhen_ItIsNotedAlready() public {
        IPromiseCourt.InclusionPromise memory promise_ = _bounded(operation());
        vm.fee(BOUND + 1);
        court.noteBaseFee(promise_);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPromiseCourt.AlreadyJudged.selector, court.hashOf(promise_), IPromiseCourt.State.Excused
            )
        );
        court.noteBaseFee(promise_);
    }

    // ─── Noted ───────────────────────────────────────────────────────────────

    function testFuzz_AboveTheBoundItBindsNoMore(uint256 baseFee) public {
        IPromiseCourt.InclusionPromise memory promise_ = _bounded(operation());
        baseFee = bound(baseFee, BOUND + 1, 1e6 gwei);
        vm.roll(promise_.latestBlock);
        vm.fee(baseFee);
        vm.expectEmit(address(court));
        emit IPromiseCourt.BaseFeeNoted(court.hashOf(promise_), baseFee);
        court.noteBaseFee(promise_);
        vm.fee(0);
        vm.roll(promise_.latestBlock + 1);
        bytes memory signature = signPromise(promise_);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPromiseCourt.AlreadyJudged.selector, court.hashOf(promise_), IPromiseCourt.State.Excused
            )
        );
        vm.prank(watcher);
        court.challenge{value: DEPOSIT}(promise_, signature);
    }

    /// @dev As a transaction: what the call uses, with the cold account that forge does not isolate here, and the
    /// calldata (16 gas for each byte that is not zero, as most are not) on top.
    function test_WhatItCosts() public {
        IPromiseCourt.InclusionPromise memory promise_ = _bounded(operation());
        vm.fee(BOUND + 1);
        court.noteBaseFee(promise_);
        uint256 calldataGas = 16 * abi.encodeCall(court.noteBaseFee, (promise_)).length;
        vm.snapshotValue("Court", "noteBaseFee", vm.lastCallGas().gasTotalUsed + 21_000 + calldataGas);
    }

    // ─── Challenges and fines look at it, too ────────────────────────────────

    function testFuzz_NobodyChallengesOrFinesWhileItIsAboveTheBound(uint256 baseFee) public {
        IPromiseCourt.InclusionPromise memory promise_ = _bounded(operation());
        bytes memory signature = signPromise(promise_);
        baseFee = bound(baseFee, BOUND + 1, 1e6 gwei);
        bytes memory tooHigh = abi.encodeWithSelector(IPromiseCourt.BaseFeeTooHigh.selector, baseFee, BOUND);
        vm.roll(promise_.latestBlock + 1);
        vm.fee(baseFee);
        vm.prank(watcher);
        vm.expectRevert(tooHigh);
        court.challenge{value: DEPOSIT}(promise_, signature);

        vm.fee(BOUND);
        challengeBy(watcher, promise_);
        vm.roll(block.number + ANSWER_BLOCKS + 1);
        vm.fee(baseFee);
        vm.expectRevert(tooHigh);
        court.conclude(promise_);

        vm.fee(BOUND);
        vm.assertEq(court.conclude(promise_), FINE);
    }

    /// @dev The fine waits for the base fee, and so does the answer.
    function test_WhileItIsAboveTheBoundTheBundlerMayStillAnswer() public {
        PackedUserOperation memory operation_ = operation();
        IPromiseCourt.InclusionPromise memory promise_ = _bounded(operation_);
        vm.roll(promise_.latestBlock + 1);
        challengeBy(watcher, promise_);
        vm.roll(block.number + 10 * ANSWER_BLOCKS);
        vm.fee(BOUND + 1);
        vm.assertTrue(attemptBy(bundler, promise_, operation_));
        assertState(promise_, IPromiseCourt.State.Voided);
    }

    function _bounded(PackedUserOperation memory operation_)
        private
        view
        returns (IPromiseCourt.InclusionPromise memory promise_)
    {
        promise_ = promiseOf(operation_);
        promise_.maxBaseFeePerGas = BOUND;
    }
}
