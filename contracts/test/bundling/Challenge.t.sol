// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPromiseCourt} from "../../src/bundling/IPromiseCourt.sol";
import {PromiseCourtTest} from "../support/PromiseCourtTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

contract ChallengeTest is PromiseCourtTest {
    // ─── Refused ─────────────────────────────────────────────────────────────

    function testFuzz_RevertWhen_TheDepositIsAnother(uint256 depositWei) public {
        depositWei = bound(depositWei, 0, 10 ether);
        vm.assume(depositWei != DEPOSIT);
        (IPromiseCourt.InclusionPromise memory promise_, bytes memory signature) = _broken();
        vm.prank(watcher);
        vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.WrongDeposit.selector, depositWei, DEPOSIT));
        court.challenge{value: depositWei}(promise_, signature);
    }

    function testFuzz_RevertWhen_AnyFieldIsNotWhatWasSigned(uint256 field, uint256 flip) public {
        (IPromiseCourt.InclusionPromise memory promise_, bytes memory signature) = _broken();
        field = bound(field, 0, 5);
        if (field == 0) promise_.bundlerId ^= uint32(1 << flip % 32);
        if (field == 1) promise_.userOpHash ^= bytes32(1 << flip % 256);
        if (field == 2) promise_.sender = address(uint160(promise_.sender) ^ uint160(1 << flip % 160));
        if (field == 3) promise_.nonce ^= 1 << flip % 256;
        if (field == 4) promise_.latestBlock ^= uint64(1 << flip % 64);
        if (field == 5) promise_.maxBaseFeePerGas ^= uint128(1 << flip % 128);
        vm.prank(watcher);
        vm.expectRevert();
        court.challenge{value: DEPOSIT}(promise_, signature);
    }

    function test_RevertWhen_AnotherKeySigned() public {
        (IPromiseCourt.InclusionPromise memory promise_,) = _broken();
        (address other, uint256 otherKey) = makeAddrAndKey("another node");
        bytes memory signature = signHash(otherKey, court.hashOf(promise_));
        vm.prank(watcher);
        vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.WrongSigner.selector, other, joined.nodeKey));
        court.challenge{value: DEPOSIT}(promise_, signature);
    }

    function testFuzz_RevertWhen_TheSignatureIsNone(bytes calldata signature) public {
        (IPromiseCourt.InclusionPromise memory promise_,) = _broken();
        vm.prank(watcher);
        vm.expectRevert();
        court.challenge{value: DEPOSIT}(promise_, signature);
    }

    function test_RevertWhen_ThereIsNoSuchBundler() public {
        (IPromiseCourt.InclusionPromise memory promise_,) = _broken();
        promise_.bundlerId = 77;
        bytes memory signature = signPromise(promise_);
        vm.prank(watcher);
        vm.expectRevert(
            abi.encodeWithSelector(IPromiseCourt.WrongSigner.selector, joined.nodeKey, address(0))
        );
        court.challenge{value: DEPOSIT}(promise_, signature);
    }

    function testFuzz_RevertWhen_ItIsTooEarlyOrTooLate(uint256 atBlock) public {
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation());
        bytes memory signature = signPromise(promise_);
        uint256 first = promise_.latestBlock + 1;
        uint256 last = promise_.latestBlock + CHALLENGE_BLOCKS;
        atBlock = bound(atBlock, promise_.latestBlock - 10, last + 1_000);
        vm.roll(atBlock);
        vm.prank(watcher);
        if (atBlock < first || atBlock > last) {
            vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.NotChallengeable.selector, first, last));
        }
        court.challenge{value: DEPOSIT}(promise_, signature);
    }

    function test_RevertWhen_TheOperationLanded() public {
        PackedUserOperation memory operation_ = operation();
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation_);
        land(operation_);
        _refusesUsedNonce(promise_);
    }

    function test_RevertWhen_TheSenderUsedTheNonceForAnother() public {
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation());
        land(operationOf(address(account), hex"00", ampleGas()));
        _refusesUsedNonce(promise_);
    }

    function test_RevertWhen_ItIsChallengedAlready() public {
        (IPromiseCourt.InclusionPromise memory promise_,) = brokenAndChallenged();
        bytes memory signature = signPromise(promise_);
        vm.expectRevert(
            abi.encodeWithSelector(IPromiseCourt.AlreadyChallenged.selector, court.hashOf(promise_))
        );
        vm.prank(stranger);
        court.challenge{value: DEPOSIT}(promise_, signature);
    }

    function test_RevertWhen_ItIsJudged() public {
        (IPromiseCourt.InclusionPromise memory promise_,) = brokenAndChallenged();
        vm.roll(block.number + ANSWER_BLOCKS + 1);
        court.conclude(promise_);
        bytes memory signature = signPromise(promise_);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPromiseCourt.AlreadyJudged.selector, court.hashOf(promise_), IPromiseCourt.State.Fined
            )
        );
        vm.prank(stranger);
        court.challenge{value: DEPOSIT}(promise_, signature);
    }

    function test_RevertWhen_TheBundlerWasFinedForTheOperation() public {
        (IPromiseCourt.InclusionPromise memory promise_,) = brokenAndChallenged();
        vm.roll(block.number + ANSWER_BLOCKS + 1);
        court.conclude(promise_);
        promise_.latestBlock += 1;
        bytes memory signature = signPromise(promise_);
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPromiseCourt.AlreadyFined.selector, promise_.bundlerId, promise_.userOpHash
            )
        );
        court.challenge{value: DEPOSIT}(promise_, signature);
    }

    // ─── Taken ───────────────────────────────────────────────────────────────

    function test_ABrokenPromiseIsChallenged() public {
        (IPromiseCourt.InclusionPromise memory promise_, bytes memory signature) = _broken();
        bytes32 hash = court.hashOf(promise_);
        vm.prank(watcher);
        vm.expectEmit(address(court));
        emit IPromiseCourt.PromiseChallenged(
            hash, joined.id, watcher, promise_, DEPOSIT, block.number + ANSWER_BLOCKS
        );
        vm.assertEq(court.challenge{value: DEPOSIT}(promise_, signature), hash);
        IPromiseCourt.Case memory known = court.caseOf(hash);
        vm.assertEq(uint256(known.state), uint256(IPromiseCourt.State.Challenged));
        vm.assertEq(known.challenger, watcher);
        vm.assertEq(known.challengedBlock, block.number);
        vm.assertEq(address(court).balance, DEPOSIT);
        vm.assertEq(lostWei(), 0);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _broken()
        private
        returns (IPromiseCourt.InclusionPromise memory promise_, bytes memory signature)
    {
        promise_ = promiseOf(operation());
        signature = signPromise(promise_);
        vm.roll(promise_.latestBlock + 1);
    }

    function _refusesUsedNonce(IPromiseCourt.InclusionPromise memory promise_) private {
        bytes memory signature = signPromise(promise_);
        vm.roll(promise_.latestBlock + 1);
        vm.prank(watcher);
        vm.expectRevert(
            abi.encodeWithSelector(IPromiseCourt.NonceUsed.selector, promise_.sender, promise_.nonce)
        );
        court.challenge{value: DEPOSIT}(promise_, signature);
    }
}
