// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPromiseCourt} from "../../src/bundling/IPromiseCourt.sol";
import {PromiseCourtTest} from "../support/PromiseCourtTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice Comes back for more when it is paid, once.
contract GreedyChallenger {
    IPromiseCourt private immutable _court;
    bool public wasRefused;

    constructor(IPromiseCourt court_) {
        _court = court_;
    }

    function challenge(IPromiseCourt.InclusionPromise calldata promise_, bytes calldata signature)
        external
        payable
    {
        _court.challenge{value: msg.value}(promise_, signature);
    }

    function withdraw() external {
        _court.withdraw(payable(address(this)));
    }

    receive() external payable {
        try _court.withdraw(payable(address(this))) {}
        catch {
            wasRefused = true;
        }
    }
}

contract WithdrawCreditTest is PromiseCourtTest {
    function test_RevertWhen_NothingIsCredited() public {
        brokenAndChallenged();
        vm.prank(watcher);
        vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.NothingCredited.selector, watcher));
        court.withdraw(payable(watcher));
    }

    function test_RevertWhen_TheReceiverTakesNoCoins() public {
        _voided();
        // The court itself takes coins by challenges alone.
        address refusing = address(court);
        vm.prank(watcher);
        vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.TransferFailed.selector, refusing, DEPOSIT));
        court.withdraw(payable(refusing));
        vm.assertEq(court.creditOf(watcher), DEPOSIT);
    }

    function test_WhatIsCreditedIsPaidOnce() public {
        _voided();
        address payable to = payable(makeAddr("purse"));
        vm.expectEmit(address(court));
        emit IPromiseCourt.Withdrawn(watcher, to, DEPOSIT);
        vm.prank(watcher);
        vm.assertEq(court.withdraw(to), DEPOSIT);
        vm.assertEq(to.balance, DEPOSIT);
        vm.assertEq(address(court).balance, 0);
        vm.prank(watcher);
        vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.NothingCredited.selector, watcher));
        court.withdraw(to);
    }

    function test_Attack_ComingBackWhileItIsPaidTakesNoOthersDeposit() public {
        PackedUserOperation memory operation_ = operation();
        IPromiseCourt.InclusionPromise memory first = promiseOf(operation_);
        IPromiseCourt.InclusionPromise memory second = promiseOf(operation_);
        second.latestBlock += 1;
        vm.roll(second.latestBlock + 1);
        challengeBy(watcher, first);
        GreedyChallenger greedy = new GreedyChallenger(court);
        greedy.challenge{value: DEPOSIT}(second, signPromise(second));
        land(operation_);
        court.conclude(second);
        greedy.withdraw();
        vm.assertTrue(greedy.wasRefused());
        vm.assertEq(address(greedy).balance, DEPOSIT);
        vm.assertEq(address(court).balance, DEPOSIT);
        court.conclude(first);
        vm.prank(watcher);
        court.withdraw(payable(watcher));
    }

    function _voided() private {
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        land(operation_);
        court.conclude(promise_);
    }
}
