// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPromiseCourt} from "../../src/bundling/IPromiseCourt.sol";
import {FickleAccount} from "../support/FickleAccount.sol";
import {PromiseCourtTest} from "../support/PromiseCourtTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice What who shows that an operation cannot land is paid out of the challenger's deposit.
/// @dev A call that forge isolates has no gas price: these are not.
/// forge-config: default.isolate = false
contract AnswerPayTest is PromiseCourtTest {
    uint256 private constant TRANSACTION_GAS = 21_000;

    function setUp() public override {
        super.setUp();
        vm.txGasPrice(1 gwei);
    }

    /// @dev All it costs, and at most what fetching it costs besides; at the price of the transaction, or the operation's
    /// if that is less.
    function testFuzz_TheAnswerIsPaidWhatItCost(uint256 priceWei, uint8 mood) public {
        mood = uint8(bound(mood, 1, uint8(FickleAccount.Mood.Expires) - 1));
        priceWei = bound(priceWei, 1, 10 gwei);
        (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_) =
            brokenAndChallenged();
        account.become(FickleAccount.Mood(mood));
        vm.txGasPrice(priceWei);
        vm.assertFalse(attemptBy(bundler, promise_, operation_));
        uint256 calldataGas = 16 * abi.encodeCall(court.attempt, (promise_, operation_, beneficiary)).length;
        uint256 gasUsed = vm.lastCallGas().gasTotalUsed + TRANSACTION_GAS + calldataGas;
        uint256 paidPriceWei = priceWei < ampleGas().maxFeePerGasWei ? priceWei : ampleGas().maxFeePerGasWei;
        vm.assertGe(court.creditOf(bundler), gasUsed * paidPriceWei);
        vm.assertLe(court.creditOf(bundler), (gasUsed + 60_000) * paidPriceWei);
        vm.assertEq(court.creditOf(watcher), DEPOSIT - court.creditOf(bundler));
    }

    function test_AnAnswerThatCostsMoreThanTheDepositIsPaidTheDeposit() public {
        PackedUserOperation memory operation_ = operation();
        operation_.gasFees = bytes32(abi.encodePacked(uint128(1e6 gwei), uint128(1e6 gwei)));
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation_);
        vm.roll(promise_.latestBlock + 1);
        challengeBy(watcher, promise_);
        account.become(FickleAccount.Mood.Reverts);
        vm.txGasPrice(1e6 gwei);
        vm.assertFalse(attemptBy(bundler, promise_, operation_));
        vm.assertEq(court.creditOf(bundler), DEPOSIT);
        vm.assertEq(court.creditOf(watcher), 0);
    }

    /// @dev Anyone may deploy an account by its factory, and an operation that brings its initCode then fails (AA10).
    /// Nobody can tell who did it, so it excuses, and earns nothing: the challenger keeps all but the gas.
    function test_Attack_ABundlerDeploysTheAccountToMakeTheOperationFail() public {
        (address owner, uint256 ownerKey) = makeAddrAndKey("owner");
        address sender = factory.getAddress(owner, 7);
        vm.deal(sender, 1 ether);
        Gas memory gas = ampleGas();
        gas.verificationGasLimit = 400_000;
        PackedUserOperation memory operation_ = operationOf(sender, "", gas);
        operation_.initCode = abi.encodePacked(factory, abi.encodeCall(factory.createAccount, (owner, 7)));
        signByOwner(operation_, ownerKey);
        vm.assertTrue(lands(operation_));
        IPromiseCourt.InclusionPromise memory promise_ = promiseOf(operation_);
        vm.roll(promise_.latestBlock + 1);
        challengeBy(watcher, promise_);
        vm.prank(bundler);
        factory.createAccount(owner, 7);
        vm.assertFalse(attemptBy(bundler, promise_, operation_));
        assertState(promise_, IPromiseCourt.State.Excused);
        assertPaidForAnswer(bundler, watcher);
        vm.assertGt(court.creditOf(bundler), 0);
    }
}
