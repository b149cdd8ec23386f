// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPromiseCourt} from "../../src/bundling/IPromiseCourt.sol";
import {PromiseCourtTest} from "../support/PromiseCourtTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

contract ConcludeTest is PromiseCourtTest {
    // ─── Refused ─────────────────────────────────────────────────────────────

    function test_RevertWhen_NobodyChallengedIt() public {
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation());
        vm.roll(promise_.latestBlock + ANSWER_BLOCKS + 1);
        vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.NotChallenged.selector, court.hashOf(promise_)));
        court.conclude(promise_);
    }

    function testFuzz_RevertWhen_TheBundlerMayStillAnswer(uint256 afterBlocks) public {
        (IPromiseCourt.InclusionPromise memory promise_,) = brokenAndChallenged();
        uint256 answerBlock = block.number + ANSWER_BLOCKS;
        vm.roll(block.number + bound(afterBlocks, 0, ANSWER_BLOCKS));
        vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.AnswerPending.selector, answerBlock));
        court.conclude(promise_);
    }

    function test_RevertWhen_ItIsConcludedAlready() public {
        (IPromiseCourt.InclusionPromise memory promise_,) = brokenAndChallenged();
        vm.roll(block.number + ANSWER_BLOCKS + 1);
        court.conclude(promise_);
        vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.NotChallenged.selector, court.hashOf(promise_)));
        court.conclude(promise_);
    }

    // ─── Fined ───────────────────────────────────────────────────────────────

    function test_WhoDoesNotAnswerIsFinedHalfToTheChallengerHalfBurnt() public {
        (IPromiseCourt.InclusionPromise memory promise_,) = brokenAndChallenged();
        vm.roll(block.number + ANSWER_BLOCKS + 1);
        vm.expectEmit(address(court));
        emit IPromiseCourt.PromiseFined(court.hashOf(promise_), joined.id, watcher, FINE, DEPOSIT);
        vm.prank(stranger);
        vm.assertEq(court.conclude(promise_), FINE);
        assertState(promise_, IPromiseCourt.State.Fined);
        vm.assertEq(lostWei(), FINE);
        vm.assertEq(registry.rewardOf(watcher), FINE / 2);
        vm.assertEq(registry.unburntWei(), FINE / 2);
        vm.assertEq(court.creditOf(watcher), DEPOSIT);
    }

    function test_SeveralPromisesOfOneOperationAreFinedOnce() public {
        PackedUserOperation memory operation_ = operation();
        IPromiseCourt.InclusionPromise memory first = promiseOf(operation_);
        IPromiseCourt.InclusionPromise memory second = promiseOf(operation_);
        second.latestBlock += 1;
        vm.roll(second.latestBlock + 1);
        challengeBy(watcher, first);
        challengeBy(stranger, second);
        vm.roll(block.number + ANSWER_BLOCKS + 1);
        vm.assertEq(court.conclude(first), FINE);
        vm.assertEq(court.conclude(second), 0);
        vm.assertEq(lostWei(), FINE);
        vm.assertEq(court.creditOf(stranger), DEPOSIT);
        vm.assertEq(registry.rewardOf(stranger), 0);
    }

    /// @dev Of two that its account has signed for one nonce one can land: that releases its bundler of the other.
    function test_PromisesOfTwoOperationsForOneNonceAreFinedBothWhereNeitherLands() public {
        IPromiseCourt.InclusionPromise memory first = promiseOf(operation());
        IPromiseCourt.InclusionPromise memory second =
            promiseOf(operationOf(address(account), hex"00", ampleGas()));
        vm.assertEq(first.nonce, second.nonce);
        vm.assertTrue(first.userOpHash != second.userOpHash);
        vm.roll(second.latestBlock + 1);
        challengeBy(watcher, first);
        challengeBy(watcher, second);
        vm.roll(block.number + ANSWER_BLOCKS + 1);
        vm.assertEq(court.conclude(first), FINE);
        vm.assertEq(court.conclude(second), FINE);
        vm.assertEq(lostWei(), 2 * FINE);
    }

    function test_ABundlerWithoutStakeLosesNothingMoreAndTheDepositGoesBack() public {
        (IPromiseCourt.InclusionPromise memory promise_,) = brokenAndChallenged();
        vm.prank(address(court));
        registry.slash(joined.id, type(uint128).max, stranger);
        vm.roll(block.number + ANSWER_BLOCKS + 1);
        vm.assertEq(court.conclude(promise_), 0);
        vm.assertEq(court.creditOf(watcher), DEPOSIT);
    }

    // ─── Voided ──────────────────────────────────────────────────────────────

    function testFuzz_LandingItAnswersAtAnyTime(uint256 afterBlocks) public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        vm.roll(block.number + bound(afterBlocks, 0, 10 * ANSWER_BLOCKS));
        land(operation_);
        _isVoided(promise_);
    }

    function test_UsingTheNonceForAnotherReleasesTheBundler() public {
        (IPromiseCourt.InclusionPromise memory promise_,) = brokenAndChallenged();
        vm.roll(block.number + ANSWER_BLOCKS + 1);
        land(operationOf(address(account), hex"00", ampleGas()));
        _isVoided(promise_);
    }

    function _isVoided(IPromiseCourt.InclusionPromise memory promise_) private {
        vm.expectEmit(address(court));
        emit IPromiseCourt.PromiseVoided(court.hashOf(promise_), watcher, DEPOSIT);
        vm.prank(stranger);
        vm.assertEq(court.conclude(promise_), 0);
        assertState(promise_, IPromiseCourt.State.Voided);
        vm.assertEq(lostWei(), 0);
        vm.assertEq(court.creditOf(watcher), DEPOSIT);
    }
}
