// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputePaymaster} from "../../src/paymaster/IComputePaymaster.sol";
import {IErc20Payments} from "../../src/paymaster/IErc20Payments.sol";
import {Erc20Test} from "../support/Erc20Test.sol";
import {OddToken} from "../support/OddToken.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

contract Loud {
    fallback() external {
        assembly {
            revert(0, 4096)
        }
    }
}

/// @notice Mode 4: any plain ERC-20 at a signed rate; the most it can cost is taken first, the rest given back.
contract Erc20ModeTest is Erc20Test {
    // ─── Refused ─────────────────────────────────────────────────────────────

    function test_RevertWhen_TheTermsAreThoseOfAnotherMode() public {
        Terms memory terms = termsOf(ERC20);
        PackedUserOperation memory operation = operationOf(account, "", ampleGas());
        terms.mode = TOKEN;
        bytes memory packed = packTerms(terms);
        packed[52] = bytes1(ERC20);
        operation.paymasterAndData = bytes.concat(packed, new bytes(65));
        signByOwner(operation, userKey);
        _expectRefusal(
            operation, abi.encodeWithSelector(IComputePaymaster.InvalidPaymasterDataLength.selector, 164, 200)
        );
    }

    function test_RevertWhen_TheRateIsZero() public {
        Terms memory terms = erc20Terms();
        terms.rate = 0;
        _expectRefusal(terms, abi.encodeWithSelector(IErc20Payments.InvalidRate.selector));
    }

    function test_RevertWhen_TheTokenIsTheComputeToken() public {
        Terms memory terms = erc20Terms();
        terms.erc20 = address(token);
        _expectRefusal(terms, abi.encodeWithSelector(IErc20Payments.NotForComputeToken.selector));
    }

    function test_RevertWhen_TheSignedMaximumIsAUnitTooSmall() public {
        Terms memory terms = erc20Terms();
        terms.markupBps = 250;
        uint256 required = unitsOf(paymaster.maxChargeOf(maxCostOf(ampleGas(), terms), terms.markupBps));
        terms.maxChargeWei = uint128(required - 1);
        _expectRefusal(
            terms,
            abi.encodeWithSelector(IComputePaymaster.ChargeAboveMaximum.selector, required, required - 1)
        );
        terms.maxChargeWei = uint128(required);
        vm.assertTrue(lands(paidOperation("", ampleGas(), terms)));
    }

    function test_RevertWhen_TheAccountHasNotApproved() public {
        vm.prank(account);
        coin.approve(address(paymaster), 5);
        _expectRefusal(erc20Terms(), abi.encodeWithSelector(OddToken.InsufficientAllowance.selector, 5));
    }

    function test_RevertWhen_TheAccountHoldsTooLittle() public {
        uint256 balance = coin.balanceOf(account);
        vm.prank(account);
        coin.transfer(operator, balance - 7);
        _expectRefusal(erc20Terms(), abi.encodeWithSelector(OddToken.InsufficientBalance.selector, 7));
    }

    function test_RevertWhen_TheTokenAnswersFalse() public {
        coin.setManner(OddToken.Manner.FalseAnswer, OddToken.Manner.Plain);
        _expectRefusal(
            erc20Terms(), abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(coin))
        );
    }

    function test_RevertWhen_ThereIsNoToken() public {
        Terms memory terms = erc20Terms();
        terms.erc20 = makeAddr("nobody");
        vm.assertFalse(lands(paidOperation("", ampleGas(), terms)));
    }

    function test_RevertWhen_PostOpCouldRunDryOrIsBilledForTooMuch() public {
        (uint256 minimum, uint256 maximum) = paymaster.postOpGasLimitBounds(ERC20);
        uint256[2] memory limits = [minimum - 1, maximum + 1];
        for (uint256 i = 0; i < 2; ++i) {
            Terms memory terms = erc20Terms();
            terms.postOpGasLimit = uint128(limits[i]);
            bytes4 selector = IComputePaymaster.PostOpGasLimitOutOfBounds.selector;
            _expectRefusal(terms, abi.encodeWithSelector(selector, limits[i], minimum, maximum));
        }
    }

    // ─── Charged ─────────────────────────────────────────────────────────────

    function testFuzz_TheSenderPaysTheChargeAndNothingElse(uint16 markupBps) public {
        Terms memory terms = erc20Terms();
        terms.markupBps = markupBps;
        uint256 balance = coin.balanceOf(account);
        uint256 revenueWei = paymaster.revenueWei();
        Outcome memory outcome = landAndRead(paidOperation(calling(beneficiary, ""), ampleGas(), terms));
        vm.assertTrue(outcome.success && outcome.charged);
        vm.assertEq(balance - coin.balanceOf(account), outcome.chargeWei);
        uint256 heldWei = paymaster.maxChargeOf(maxCostOf(ampleGas(), terms), markupBps);
        vm.assertEq(outcome.chargeWei + outcome.refundWei, unitsOf(heldWei));
        vm.assertEq(collected(), outcome.chargeWei);
        vm.assertEq(paymaster.erc20Revenue(address(coin)), outcome.chargeWei + 1);
        vm.assertEq(paymaster.revenueWei(), revenueWei, "apart from the compute token's revenue");
        vm.assertGe(outcome.chargeWei, unitsOf(paymaster.maxChargeOf(outcome.lostWei, markupBps)));
    }

    /// @dev Decimals 0, 6, 18 and 27; between a thousandth of a token and a million of them for one coin.
    function testFuzz_WhatIsCollectedCoversTheLossAtTheSignedRate(
        uint8 kind,
        uint256 price,
        uint256 limits,
        uint16 markupBps,
        bool fails
    ) public {
        uint8[4] memory decimals = [0, 6, 18, 27];
        coin = newCoin(decimals[kind % 4]);
        rate = uint128(bound(price, 1, 1e9) * 10 ** decimals[kind % 4] / 1000);
        if (rate == 0) rate = 1;
        Terms memory terms = erc20Terms();
        terms.markupBps = markupBps;
        Gas memory gas = ampleGas();
        gas.callGasLimit = uint128(bound(uint64(limits), 0, 3_000_000));
        gas.maxFeePerGasWei = uint128(bound(uint32(limits >> 64), 1, 3 gwei));
        gas.maxPriorityFeePerGasWei = uint128(bound(uint32(limits >> 96), 0, gas.maxFeePerGasWei));
        (uint256 minimum, uint256 maximum) = paymaster.postOpGasLimitBounds(ERC20);
        terms.postOpGasLimit = uint128(bound(uint32(limits >> 128), minimum, maximum));
        bytes memory callData = fails ? calling(address(entryPoint), hex"12345678") : calling(beneficiary, "");
        Outcome memory outcome = landAndRead(paidOperation(callData, gas, terms));
        vm.assertTrue(outcome.charged || outcome.postOpReverted || !outcome.success);
        vm.assertGe(collected(), unitsOf(paymaster.maxChargeOf(outcome.lostWei, markupBps)));
    }

    function test_ATokenThatAnswersNothingIsTaken() public {
        coin.setManner(OddToken.Manner.NoAnswer, OddToken.Manner.NoAnswer);
        Outcome memory outcome =
            landAndRead(paidOperation(calling(beneficiary, ""), ampleGas(), erc20Terms()));
        vm.assertGt(outcome.refundWei, 0);
        vm.assertEq(collected(), outcome.chargeWei);
        vm.assertEq(paymaster.refundsKept(address(coin)), 0);
    }

    function test_ARefundWithALongAnswerArrives() public {
        coin.setManner(OddToken.Manner.Plain, OddToken.Manner.LongAnswer);
        Outcome memory outcome = landAndRead(paidOperation("", ampleGas(), erc20Terms()));
        vm.assertEq(collected(), outcome.chargeWei);
        vm.assertFalse(outcome.postOpReverted);
    }

    function test_AZeroGasPriceCostsNothing() public {
        Gas memory gas = ampleGas();
        gas.maxPriorityFeePerGasWei = 0;
        Outcome memory outcome = landAndRead(paidOperation("", gas, erc20Terms()));
        vm.assertEq(outcome.chargeWei, 0);
        vm.assertEq(collected(), 0);
    }

    /// @dev The token uses all that it is given, or as little as tokens do; validation has no gas to spare.
    function test_TheChargeCoversARefundThatUsesAllItMay() public {
        _assertCovered(OddToken.Manner.Wasteful, 1_500);
    }

    function test_TheChargeIsNotMuchMoreThanTheLossInTheUsualCase() public {
        _assertCovered(OddToken.Manner.Plain, 6_000);
    }

    function test_TheChargeCoversARefundThatIsKept() public {
        _assertCovered(OddToken.Manner.BurnsGas, 2_500);
        vm.assertGt(paymaster.refundKeptFor(address(coin), account), 0);
    }

    function test_TheChargeCoversALargeCallThatFailsLoudly() public {
        Terms memory terms = _preciseTerms(OddToken.Manner.Wasteful);
        bytes memory callData = calling(address(new Loud()), new bytes(100_000));
        _assertCovered(_tight(callData, terms), 2_500);
    }

    // ─── Refunds that the token refuses ──────────────────────────────────────

    function test_ARefusedRefundIsKeptForTheSenderWhateverTheTokenDoes() public {
        OddToken.Manner[3] memory manners =
            [OddToken.Manner.FalseAnswer, OddToken.Manner.Reverts, OddToken.Manner.BurnsGas];
        for (uint256 i = 0; i < manners.length; ++i) {
            uint256 state = vm.snapshotState();
            coin.setManner(OddToken.Manner.Plain, manners[i]);
            _assertKept(_tight(calling(beneficiary, ""), erc20Terms()));
            vm.revertToState(state);
        }
    }

    function test_TheSenderClaimsWhatWasKept() public {
        coin.setManner(OddToken.Manner.Plain, OddToken.Manner.Reverts);
        uint256 kept = _assertKept(paidOperation("", ampleGas(), erc20Terms()));
        vm.expectRevert(OddToken.Paused.selector);
        vm.prank(account);
        paymaster.claimRefund(address(coin), account);
        coin.setManner(OddToken.Manner.Plain, OddToken.Manner.Plain);
        uint256 balance = coin.balanceOf(account);
        vm.expectEmit(address(paymaster));
        emit IErc20Payments.RefundClaimed(address(coin), account, account, kept);
        vm.prank(account);
        paymaster.claimRefund(address(coin), account);
        vm.assertEq(coin.balanceOf(account), balance + kept);
        vm.assertEq(paymaster.refundsKept(address(coin)), 0);
        vm.expectRevert(abi.encodeWithSelector(IErc20Payments.NoRefundKept.selector, address(coin), account));
        vm.prank(account);
        paymaster.claimRefund(address(coin), account);
    }

    function test_RevertWhen_ThereIsNothingToClaim() public {
        vm.expectRevert(abi.encodeWithSelector(IErc20Payments.NoRefundKept.selector, address(coin), operator));
        vm.prank(operator);
        paymaster.claimRefund(address(coin), operator);
    }

    // ─── Revenue ─────────────────────────────────────────────────────────────

    function testFuzz_RevertWhen_AnyoneButTheOwnerTakesRevenue(address caller) public {
        vm.assume(caller != operator);
        vm.expectRevert(abi.encodeWithSignature("OwnableUnauthorizedAccount(address)", caller));
        vm.prank(caller);
        paymaster.withdrawErc20Revenue(address(coin), caller, 1);
    }

    function test_RevertWhen_TheOwnerTakesTheComputeTokenThisWay() public {
        fillTank(account, 1 ether);
        vm.expectRevert(IErc20Payments.NotForComputeToken.selector);
        vm.prank(operator);
        paymaster.withdrawErc20Revenue(address(token), operator, 1);
    }

    function test_RevertWhen_TheOwnerTakesWhatIsKeptForSenders() public {
        coin.setManner(OddToken.Manner.Plain, OddToken.Manner.Reverts);
        _assertKept(paidOperation("", ampleGas(), erc20Terms()));
        coin.setManner(OddToken.Manner.Plain, OddToken.Manner.Plain);
        uint256 revenue = paymaster.erc20Revenue(address(coin));
        vm.expectRevert(
            abi.encodeWithSelector(
                IErc20Payments.InsufficientErc20Revenue.selector, address(coin), revenue + 1, revenue
            )
        );
        vm.prank(operator);
        paymaster.withdrawErc20Revenue(address(coin), operator, revenue + 1);
        vm.expectEmit(address(paymaster));
        emit IErc20Payments.Erc20RevenueWithdrawn(address(coin), operator, revenue);
        vm.prank(operator);
        paymaster.withdrawErc20Revenue(address(coin), operator, revenue);
        vm.assertEq(coin.balanceOf(operator), revenue);
        vm.prank(account);
        paymaster.claimRefund(address(coin), account);
        vm.assertEq(coin.balanceOf(address(paymaster)), 0);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _tight(bytes memory callData, Terms memory terms) private returns (PackedUserOperation memory) {
        Gas memory gas = ampleGas();
        gas.callGasLimit = 2_000_000;
        tighten(callData, gas, terms);
        return paidOperation(callData, gas, terms);
    }

    /// @dev Of 27 decimals, so that rounding hides nothing.
    function _preciseTerms(OddToken.Manner refunding) private returns (Terms memory terms) {
        coin = newCoin(27);
        coin.setManner(OddToken.Manner.Plain, refunding);
        rate = 1e27;
        terms = erc20Terms();
    }

    function _assertCovered(OddToken.Manner refunding, uint256 spareGas) private {
        Terms memory terms = _preciseTerms(refunding);
        _assertCovered(_tight(calling(beneficiary, ""), terms), spareGas);
    }

    /// @param spareGas How much more gas may be billed at most than was taken.
    function _assertCovered(PackedUserOperation memory operation, uint256 spareGas) private {
        Outcome memory outcome = landAndRead(operation);
        vm.assertTrue(outcome.charged && !outcome.postOpReverted, "charged");
        vm.assertGe(outcome.chargeWei, unitsOf(outcome.lostWei), "covers the loss");
        uint256 gasPriceWei = outcome.lostWei / outcome.gasUsed;
        uint256 spare = (outcome.chargeWei - unitsOf(outcome.lostWei)) / 1e9 / gasPriceWei;
        vm.assertLe(spare, spareGas, "and not by much more");
    }

    function _assertKept(PackedUserOperation memory operation) private returns (uint256 kept) {
        uint256 balance = coin.balanceOf(account);
        Outcome memory outcome = landAndRead(operation);
        vm.assertTrue(outcome.success && outcome.charged && !outcome.postOpReverted, "charged");
        vm.assertGe(outcome.chargeWei, unitsOf(outcome.lostWei), "covers the loss");
        kept = paymaster.refundKeptFor(address(coin), account);
        vm.assertGt(kept, 0, "kept");
        vm.assertEq(kept, outcome.refundWei);
        vm.assertEq(paymaster.refundsKept(address(coin)), kept);
        vm.assertEq(balance - coin.balanceOf(account), outcome.chargeWei + kept);
        vm.assertEq(paymaster.erc20Revenue(address(coin)), outcome.chargeWei + 1);
    }

    function _expectRefusal(Terms memory terms, bytes memory reason) private {
        _expectRefusal(paidOperation("", ampleGas(), terms), reason);
    }

    function _expectRefusal(PackedUserOperation memory operation, bytes memory reason) private {
        PackedUserOperation[] memory operations = new PackedUserOperation[](1);
        operations[0] = operation;
        vm.expectRevert(
            abi.encodeWithSelector(IEntryPoint.FailedOpWithRevert.selector, 0, "AA33 reverted", reason)
        );
        vm.prank(bundler, bundler);
        entryPoint.handleOps(operations, beneficiary);
    }
}
