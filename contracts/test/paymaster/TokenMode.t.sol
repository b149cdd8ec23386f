// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputePaymaster} from "../../src/paymaster/IComputePaymaster.sol";
import {PaymasterTest} from "../support/PaymasterTest.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

contract LoudFailure {
    fallback() external {
        assembly {
            revert(0, 4096)
        }
    }
}

/// @notice Mode 1: the most it can cost is taken first, the rest given back.
contract TokenModeTest is PaymasterTest {
    function test_RevertWhen_TheSignedMaximumIsTooSmall() public {
        Gas memory gas = ampleGas();
        Terms memory terms = termsOf(TOKEN);
        terms.markupBps = 250;
        uint256 requiredWei = paymaster.maxChargeOf(maxCostOf(gas, terms), terms.markupBps);
        terms.maxChargeWei = uint128(requiredWei - 1);
        _expectRefusal(
            paidOperation("", gas, terms),
            abi.encodeWithSelector(
                IComputePaymaster.ChargeAboveMaximum.selector, requiredWei, requiredWei - 1
            )
        );
    }

    function test_RevertWhen_TheAccountHasNotApproved() public {
        approve(account, 5);
        Terms memory terms = termsOf(TOKEN);
        _expectRefusal(
            paidOperation("", ampleGas(), terms),
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector,
                address(paymaster),
                5,
                maxCostOf(ampleGas(), terms)
            )
        );
    }

    function test_RevertWhen_TheAccountHoldsTooLittle() public {
        uint256 balanceWei = token.balanceOf(account);
        vm.prank(account);
        token.transfer(operator, balanceWei - 7);
        Terms memory terms = termsOf(TOKEN);
        _expectRefusal(
            paidOperation("", ampleGas(), terms),
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientBalance.selector, account, 7, maxCostOf(ampleGas(), terms)
            )
        );
    }

    function testFuzz_TheMarkupIsAddedAndRoundedUp(uint128 costWei, uint16 markupBps) public view {
        uint256 exact = uint256(costWei) * (10_000 + uint256(markupBps));
        uint256 chargeWei = paymaster.maxChargeOf(costWei, markupBps);
        vm.assertGe(chargeWei * 10_000, exact);
        vm.assertLt(chargeWei * 10_000, exact + 10_000);
    }

    function testFuzz_TheSenderPaysTheChargeAndNothingElse(uint16 markupBps) public {
        Terms memory terms = termsOf(TOKEN);
        terms.markupBps = markupBps;
        uint256 balanceWei = token.balanceOf(account);
        Outcome memory outcome = landAndRead(paidOperation(calling(beneficiary, ""), ampleGas(), terms));
        uint256 heldWei = paymaster.maxChargeOf(maxCostOf(ampleGas(), terms), markupBps);
        vm.assertEq(balanceWei - token.balanceOf(account), outcome.chargeWei);
        vm.assertEq(outcome.chargeWei + outcome.refundWei, heldWei);
        vm.assertEq(token.balanceOf(address(paymaster)), outcome.chargeWei + 1);
        vm.assertGe(outcome.chargeWei, paymaster.maxChargeOf(outcome.lostWei, markupBps));
    }

    function test_AFailingExecutionIsChargedToo() public {
        Outcome memory outcome =
            landAndRead(paidOperation(calling(address(entryPoint), hex"12345678"), TOKEN));
        vm.assertFalse(outcome.success);
        vm.assertTrue(outcome.charged);
        vm.assertGe(outcome.chargeWei, outcome.lostWei);
    }

    function test_TheMaximumMayBeExact() public {
        Terms memory terms = termsOf(TOKEN);
        terms.maxChargeWei = uint128(maxCostOf(ampleGas(), terms));
        vm.assertTrue(landAndRead(paidOperation("", ampleGas(), terms)).success);
    }

    function test_AnExactAllowanceIsEnough() public {
        approve(account, maxCostOf(ampleGas(), termsOf(TOKEN)));
        vm.assertTrue(landAndRead(paidOperation("", TOKEN)).success);
    }

    function test_AZeroGasPriceCostsNothing() public {
        Gas memory gas = ampleGas();
        gas.maxPriorityFeePerGasWei = 0;
        Outcome memory outcome = landAndRead(paidOperation("", gas, termsOf(TOKEN)));
        vm.assertTrue(outcome.charged);
        vm.assertEq(outcome.chargeWei, 0);
    }

    /// @dev A loud failure costs EntryPoint gas that no limit covers: with none to spare it keeps the whole
    /// prefund and undoes postOp.
    function test_APrefundThatRunsOutIsCoveredByWhatWasTaken() public {
        Gas memory gas = ampleGas();
        (gas.preVerificationGas, gas.callGasLimit) = (0, 12_000);
        gas.maxPriorityFeePerGasWei = gas.maxFeePerGasWei;
        Terms memory terms = termsOf(TOKEN);
        bytes memory callData = calling(address(new LoudFailure()), "");
        tighten(callData, gas, terms);
        Outcome memory outcome = landAndRead(paidOperation(callData, gas, terms));
        vm.assertEq(outcome.lostWei, maxCostOf(gas, terms));
        vm.assertEq(token.balanceOf(address(paymaster)) - 1, maxCostOf(gas, terms));
        vm.assertGe(token.balanceOf(address(paymaster)) - 1, outcome.lostWei);
    }

    function test_OperationsOfSeveralSendersInOneBundleAreChargedApart() public {
        (address otherOwner, uint256 otherKey) = makeAddrAndKey("other");
        address other = factory.createAccount(otherOwner, 0);
        fundTokens(other, 10 ether);
        approve(other, type(uint256).max);
        PackedUserOperation memory first = paidOperation(calling(beneficiary, ""), TOKEN);
        (account, userKey) = (other, otherKey);
        PackedUserOperation memory second = paidOperation(calling(beneficiary, ""), TOKEN);
        uint256 depositWei = paymaster.getDeposit();
        landBoth(first, second);
        uint256 collectedWei = token.balanceOf(address(paymaster)) - 1;
        vm.assertGe(collectedWei, depositWei - paymaster.getDeposit());
        vm.assertEq(collectedWei + token.balanceOf(first.sender) + token.balanceOf(other), 20 ether);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

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
