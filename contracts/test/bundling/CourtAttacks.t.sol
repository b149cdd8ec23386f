// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {IPromiseCourt} from "../../src/bundling/IPromiseCourt.sol";
import {Meddler, MoodyBeneficiary, SpendingPaymaster} from "../support/CourtAttackers.sol";
import {FickleAccount} from "../support/FickleAccount.sol";
import {PromiseCourtTest} from "../support/PromiseCourtTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice What each party may try to gain by a promise, tried; GAME.md has the table.
contract CourtAttacksTest is PromiseCourtTest {
    bytes32 private constant PROMISE_VECTOR =
        0x6fb66e155f8c985cfe01dfc08a9f3099302e7abae5ee8ccc89f11258ff840dfb;
    bytes32 private constant COMMIT_VECTOR =
        0x2d03f70322797defbb3413b81c8f4cdcceca417c05be9c3362fd52e9ba596c36;

    // ─── Users ───────────────────────────────────────────────────────────────

    function test_Attack_AUserSpoilsHisOwnOperationToEarnTheFine() public {
        for (uint8 mood = 1; mood < uint8(FickleAccount.Mood.Expires); ++mood) {
            uint256 state = vm.snapshotState();
            (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
                brokenAndChallenged();
            account.become(FickleAccount.Mood(mood));
            attemptBy(bundler, promise_, operation_);
            vm.roll(block.number + ANSWER_BLOCKS + 1);
            vm.expectRevert(
                abi.encodeWithSelector(IPromiseCourt.NotChallenged.selector, court.hashOf(promise_))
            );
            court.conclude(promise_);
            vm.assertEq(lostWei(), 0);
            assertPaidForAnswer(bundler, watcher);
            vm.revertToState(state);
        }
    }

    /// @dev Invalid until the latest block, valid after it: the bundler just lands it, for its fee.
    function test_Attack_AUserSpoilsItUntilTheLatestBlockAndMendsIt() public {
        PackedUserOperation memory operation_ = operation();
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation_);
        account.become(FickleAccount.Mood.Reverts);
        vm.roll(promise_.latestBlock + 1);
        account.become(FickleAccount.Mood.Valid);
        challengeBy(watcher, promise_);
        uint256 beforeWei = beneficiary.balance;
        vm.assertTrue(attemptBy(bundler, promise_, operation_));
        vm.assertGt(beneficiary.balance, beforeWei);
        vm.assertEq(lostWei(), 0);
    }

    /// @dev It fails by its time at last, which excuses no longer: what the bundler showed in time still does.
    function test_Attack_AUserSpoilsItUntilItExpires() public {
        PackedUserOperation memory operation_ = operation();
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation_);
        account.become(FickleAccount.Mood.Reverts);
        vm.roll(promise_.latestBlock);
        attemptBy(bundler, promise_, operation_);
        account.become(FickleAccount.Mood.Expires);
        vm.roll(promise_.latestBlock + 1);
        bytes memory signature = signPromise(promise_);
        bytes32 hash = court.hashOf(promise_);
        vm.prank(watcher);
        vm.expectRevert(
            abi.encodeWithSelector(IPromiseCourt.AlreadyJudged.selector, hash, IPromiseCourt.State.Excused)
        );
        court.challenge{value: DEPOSIT}(promise_, signature);
    }

    function test_Attack_AUserReplacesTheOperationAndClaimsTheFine() public {
        (IPromiseCourt.InclusionPromise memory promise_,) = brokenAndChallenged();
        land(operationOf(address(account), hex"00", ampleGas()));
        vm.roll(block.number + ANSWER_BLOCKS + 1);
        vm.assertEq(court.conclude(promise_), 0);
        vm.assertEq(lostWei(), 0);
    }

    function test_Attack_AnAccountIsValidForItsOwnBundlerAlone() public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        account.prefer(stranger);
        account.become(FickleAccount.Mood.ForOthers);
        vm.assertFalse(attemptBy(bundler, promise_, operation_));
        assertState(promise_, IPromiseCourt.State.Excused);
    }

    /// @dev Whoever shows it is paid: a challenger that shows it himself has excused the bundler.
    function test_Attack_AChallengerAttemptsItHimselfToKeepHisDeposit() public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        account.become(FickleAccount.Mood.Reverts);
        vm.assertFalse(attemptBy(watcher, promise_, operation_));
        assertState(promise_, IPromiseCourt.State.Excused);
        vm.assertEq(court.creditOf(watcher), DEPOSIT);
        vm.assertEq(lostWei(), 0);
    }

    // ─── Bundlers ────────────────────────────────────────────────────────────

    function test_Attack_ABundlerLetsAValidOperationExpire() public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        account.become(FickleAccount.Mood.Expires);
        vm.prank(bundler, bundler);
        vm.expectRevert();
        court.attempt(promise_, operation_, beneficiary);
        vm.roll(block.number + ANSWER_BLOCKS + 1);
        vm.assertEq(court.conclude(promise_), FINE);
    }

    /// @dev Whatever gas it is sent with: a valid operation lands, or the attempt proves nothing.
    function testFuzz_Attack_ABundlerFakesAFailureByStarvingIt(uint256 gasLimit) public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        gasLimit = bound(gasLimit, 60_000, 1_200_000);
        vm.prank(bundler, bundler);
        try court.attempt{gas: gasLimit}(promise_, operation_, beneficiary) returns (bool landed) {
            vm.assertTrue(landed);
            assertState(promise_, IPromiseCourt.State.Voided);
        } catch {
            assertState(promise_, IPromiseCourt.State.Challenged);
        }
    }

    /// @dev Validation of account and paymaster that need all that they are given, and an execution that is given little.
    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 1000
    function testFuzz_Attack_ABundlerStarvesValidationThatNeedsAllOfItsGas(uint256 gasLimit, uint128 limit)
        public
    {
        limit = uint128(bound(limit, 200_000, 3_000_000));
        SpendingPaymaster paymaster = new SpendingPaymaster(limit - 20_000);
        vm.deal(address(this), 100 ether);
        entryPoint.depositTo{value: 1 ether}(address(paymaster));
        Gas memory gas = ampleGas();
        (gas.verificationGasLimit, gas.callGasLimit) = (limit, 0);
        PackedUserOperation memory operation_ = operationOf(address(account), "", gas);
        operation_.paymasterAndData = abi.encodePacked(paymaster, limit, uint128(0));
        account.spend(limit - 60_000);
        vm.assertTrue(lands(operation_));
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation_);
        vm.roll(promise_.latestBlock + 1);
        challengeBy(watcher, promise_);
        uint256 neededGas = court.attemptGasOf(operation_);
        gasLimit = bound(gasLimit, neededGas - 100_000, neededGas + 300_000);
        vm.prank(bundler, bundler);
        try court.attempt{gas: gasLimit}(promise_, operation_, beneficiary) returns (bool landed) {
            vm.assertTrue(landed);
        } catch {
            assertState(promise_, IPromiseCourt.State.Challenged);
            vm.assertLt(gasLimit, neededGas + 150_000);
        }
    }

    /// @dev Of whatever length, it lands with what `attemptGasOf` asks for and some for the call itself.
    function testFuzz_WhatIsAskedForIsEnoughWhateverTheLength(uint256 length) public {
        length = bound(length, 0, 60_000);
        PackedUserOperation memory operation_ =
            operationOf(address(account), abi.encodePacked(new bytes(length)), ampleGas());
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation_);
        uint256 enough = court.attemptGasOf(operation_) + 150_000 + 24 * length;
        vm.prank(bundler, bundler);
        vm.assertTrue(court.attempt{gas: enough}(promise_, operation_, beneficiary));
    }

    function testFuzz_AttemptsWithLessGasThanNeededAreRefused(uint256 gasLimit) public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        account.become(FickleAccount.Mood.BurnsGas);
        gasLimit = bound(gasLimit, 60_000, court.attemptGasOf(operation_));
        vm.prank(bundler, bundler);
        vm.expectRevert();
        court.attempt{gas: gasLimit}(promise_, operation_, beneficiary);
        assertState(promise_, IPromiseCourt.State.Challenged);
    }

    function test_Attack_ABundlerFakesAFailureByABeneficiaryThatRefuses() public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        MoodyBeneficiary moody = new MoodyBeneficiary();
        moody.refuse(true);
        bytes memory reason = abi.encodeWithSignature("Error(string)", "AA91 failed send to beneficiary");
        vm.prank(bundler, bundler);
        vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.NoExcuse.selector, reason));
        court.attempt(promise_, operation_, payable(address(moody)));
        assertState(promise_, IPromiseCourt.State.Challenged);
    }

    /// @dev An operation that calls the court in its execution finds its own case closed, and takes no deposit twice.
    function test_Attack_AnOperationConcludesItsOwnPromiseFromWithin() public {
        Meddler meddler = new Meddler(court);
        bytes memory meddling = abi.encodeCall(Meddler.meddle, ());
        PackedUserOperation memory operation_ = operationOf(
            address(account),
            abi.encodeCall(FickleAccount.execute, (address(meddler), 0, meddling)),
            ampleGas()
        );
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation_);
        IPromiseCourt.InclusionPromise memory other = promiseOf(operation_);
        other.latestBlock -= 1;
        meddler.aim(promise_);
        vm.roll(promise_.latestBlock + 1);
        challengeBy(watcher, promise_);
        challengeBy(stranger, other);
        vm.assertTrue(attemptBy(bundler, promise_, operation_));
        vm.assertEq(meddler.refused(), 1);
        vm.assertEq(meddler.concluded(), 0);
        vm.assertEq(court.creditOf(watcher), DEPOSIT);
        court.conclude(other);
        vm.assertEq(court.creditOf(stranger), DEPOSIT);
        vm.assertEq(address(court).balance, 2 * DEPOSIT);
    }

    function test_Attack_AnOperationAttemptsAPromiseFromWithin() public {
        PackedUserOperation memory inner = operation();
        inner.nonce = uint256(1) << 64;
        IPromiseCourt.InclusionPromise memory promised = promiseOf(inner);
        bytes memory attempting = abi.encodeCall(IPromiseCourt.attempt, (promised, inner, beneficiary));
        land(
            operationOf(
                address(account),
                abi.encodeCall(FickleAccount.execute, (address(court), 0, attempting)),
                ampleGas()
            )
        );
        assertState(promised, IPromiseCourt.State.None);
    }

    function test_Attack_ABundlerLeavesBeforeItIsJudged() public {
        vm.prank(joined.operator);
        registry.requestExit(joined.id);
        (IPromiseCourt.InclusionPromise memory promise_,) = brokenAndChallenged();
        vm.roll(block.number + ANSWER_BLOCKS + 1);
        vm.assertEq(court.conclude(promise_), FINE);
        vm.assertEq(lostWei(), FINE);
    }

    /// @dev What a user has to look at: the promise reaches beyond the bundler's exit.
    function test_APromiseBeyondTheBundlersExitIsWorthNothing() public {
        vm.prank(joined.operator);
        registry.requestExit(joined.id);
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation());
        promise_.latestBlock = registry.bundler(joined.id).exitBlock;
        vm.roll(promise_.latestBlock);
        vm.prank(joined.operator);
        registry.withdraw(joined.id, payable(joined.operator));
        vm.roll(promise_.latestBlock + 1);
        challengeBy(watcher, promise_);
        vm.roll(block.number + ANSWER_BLOCKS + 1);
        vm.assertEq(court.conclude(promise_), 0);
        vm.assertEq(court.creditOf(watcher), DEPOSIT);
    }

    /// @dev Who challenges himself before the user does loses half, and gains nothing.
    function test_Attack_ABundlerChallengesItself() public {
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation());
        vm.roll(promise_.latestBlock + 1);
        vm.deal(joined.operator, DEPOSIT);
        challengeBy(joined.operator, promise_);
        vm.roll(block.number + ANSWER_BLOCKS + 1);
        court.conclude(promise_);
        vm.assertEq(lostWei(), FINE);
        vm.assertEq(registry.rewardOf(joined.operator), FINE / 2);
        vm.assertEq(registry.unburntWei(), FINE / 2);
        vm.assertEq(court.creditOf(joined.operator), DEPOSIT);
    }

    /// @dev A second promise with a later block does not make an expiry in time that was not.
    function test_Attack_ABundlerSignsALaterPromiseToItself() public {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        account.become(FickleAccount.Mood.Expires);
        IPromiseCourt.InclusionPromise memory later = promiseOf(operation_);
        attemptBy(bundler, later, operation_);
        assertState(later, IPromiseCourt.State.Excused);
        vm.roll(block.number + ANSWER_BLOCKS + 1);
        vm.assertEq(court.conclude(promise_), FINE);
    }

    // ─── Elsewhere ───────────────────────────────────────────────────────────

    function test_Attack_APromiseIsBroughtToAnotherCourtOrChain() public {
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation());
        bytes memory signature = signPromise(promise_);
        vm.roll(promise_.latestBlock + 1);
        address here = address(court);
        uint256 state = vm.snapshotState();
        registry = IBundlerRegistry(deploy("BundlerRegistry", abi.encode(entryPoint, _terms())));
        vm.assertEq(registered("honest", MINIMUM_STAKE).id, joined.id);
        court = IPromiseCourt(registry.court());
        vm.assertTrue(address(court) != here);
        _refuses(promise_, signature);
        vm.revertToState(state);
        court = IPromiseCourt(here);
        vm.chainId(block.chainid + 1);
        _refuses(promise_, signature);
    }

    /// @dev On the chain that wins the operation is there: whatever happened on the other is undone with it.
    function test_AReorganisationThatLandsTheOperationUndoesTheFine() public {
        PackedUserOperation memory operation_ = operation();
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation_);
        uint256 fork = vm.snapshotState();
        vm.roll(promise_.latestBlock + 1);
        challengeBy(watcher, promise_);
        vm.roll(block.number + ANSWER_BLOCKS + 1);
        vm.assertEq(court.conclude(promise_), FINE);
        vm.revertToState(fork);
        land(operation_);
        vm.roll(promise_.latestBlock + 1);
        bytes memory signature = signPromise(promise_);
        vm.prank(watcher);
        vm.expectRevert(
            abi.encodeWithSelector(IPromiseCourt.NonceUsed.selector, promise_.sender, promise_.nonce)
        );
        court.challenge{value: DEPOSIT}(promise_, signature);
        vm.assertEq(lostWei(), 0);
    }

    /// @dev viem's `hashTypedData` of the same, with the types of sdk/src/protocol/bundling.ts.
    function test_HashesAreThoseThatNodesSign() public {
        address fixedCourt = 0x00000000000000000000000000000000000000C0;
        vm.etch(fixedCourt, address(court).code);
        IPromiseCourt at = IPromiseCourt(fixedCourt);
        IPromiseCourt.InclusionPromise memory promise_ = IPromiseCourt.InclusionPromise({
            bundlerId: 7,
            userOpHash: bytes32(uint256(0xabcdef)),
            sender: 0x00000000000000000000000000000000000000A1,
            nonce: (uint256(5) << 64) | 9,
            latestBlock: 123_456,
            maxBaseFeePerGas: 1_000_000_007
        });
        vm.assertEq(at.hashOf(promise_), PROMISE_VECTOR);
        IPromiseCourt.BundleCommit memory commit = IPromiseCourt.BundleCommit({
            bundlerId: 7,
            window: 30_864,
            sequence: 2,
            operationsHash: bytes32(uint256(0x1234)),
            transactionHash: bytes32(uint256(0x5678))
        });
        vm.assertEq(at.hashOfCommit(commit), COMMIT_VECTOR);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _refuses(IPromiseCourt.InclusionPromise memory promise_, bytes memory signature) private {
        vm.prank(watcher);
        try court.challenge{value: DEPOSIT}(promise_, signature) {
            vm.assertTrue(false, "it was taken");
        } catch (bytes memory thrown) {
            vm.assertEq(bytes32(bytes4(thrown)), bytes32(IPromiseCourt.WrongSigner.selector));
        }
    }
}
