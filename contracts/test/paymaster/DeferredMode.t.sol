// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputePaymaster} from "../../src/paymaster/IComputePaymaster.sol";
import {PaymasterTest} from "../support/PaymasterTest.sol";
import {Vm} from "../support/Vm.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice Mode 2: an operation that approves the paymaster itself pays afterwards, or owes.
contract DeferredModeTest is PaymasterTest {
    uint256 private constant STARTING_WEI = 10 ether;

    function setUp() public override {
        super.setUp();
        approve(account, 0);
    }

    // ─── Refused ─────────────────────────────────────────────────────────────

    function test_RevertWhen_TheAccountHoldsLessThanTheMaximum() public {
        uint256 requiredWei = maxCostOf(ampleGas(), termsOf(TOKEN_DEFERRED));
        vm.prank(account);
        token.transfer(operator, STARTING_WEI - requiredWei + 1);
        _expectRefusal(
            paidOperation(_approving(), TOKEN_DEFERRED),
            abi.encodeWithSelector(
                IComputePaymaster.InsufficientTokenBalance.selector, account, requiredWei, requiredWei - 1
            )
        );
    }

    function test_RevertWhen_TheSignedMaximumDoesNotCoverEarlierDebt() public {
        land(paidOperation(_failing(), TOKEN_DEFERRED));
        uint256 debtWei = paymaster.debtOf(account);
        Terms memory terms = termsOf(TOKEN_DEFERRED);
        uint256 requiredWei = maxCostOf(ampleGas(), terms) + debtWei;
        terms.maxChargeWei = uint128(requiredWei - 1);
        _expectRefusal(
            paidOperation(_approving(), ampleGas(), terms),
            abi.encodeWithSelector(
                IComputePaymaster.ChargeAboveMaximum.selector, requiredWei, requiredWei - 1
            )
        );
    }

    // ─── Paid ────────────────────────────────────────────────────────────────

    function testFuzz_AnOperationThatApprovesPaysItsCharge(uint16 markupBps) public {
        Terms memory terms = termsOf(TOKEN_DEFERRED);
        terms.markupBps = markupBps;
        Outcome memory outcome = landAndRead(paidOperation(_approving(), ampleGas(), terms));
        vm.assertTrue(outcome.success);
        vm.assertEq(outcome.refundWei, 0);
        vm.assertEq(STARTING_WEI - token.balanceOf(account), outcome.chargeWei);
        vm.assertGe(outcome.chargeWei, paymaster.maxChargeOf(outcome.lostWei, markupBps));
        vm.assertEq(paymaster.debtOf(account), 0);
    }

    function test_TheFirstOperationOfACounterfactualAccountPaysForItsDeployment() public {
        (address owner, uint256 ownerKey) = makeAddrAndKey("newcomer");
        address newcomer = factory.getAddress(owner, 0);
        fundTokens(newcomer, 1 ether);
        Gas memory gas = ampleGas();
        gas.verificationGasLimit = 400_000;
        PackedUserOperation memory operation = operationOf(newcomer, _approving(), gas);
        operation.initCode = abi.encodePacked(factory, abi.encodeCall(factory.createAccount, (owner, 0)));
        signForPaymaster(operation, termsOf(TOKEN_DEFERRED));
        signByOwner(operation, ownerKey);
        Outcome memory outcome = landAndRead(operation);
        vm.assertTrue(outcome.success);
        vm.assertGe(1 ether - token.balanceOf(newcomer), outcome.lostWei);
        vm.assertEq(newcomer.balance, 0);
    }

    // ─── Owed ────────────────────────────────────────────────────────────────

    function test_AFailedExecutionOwesItsChargeAndNoMore() public {
        Outcome memory outcome = landAndRead(paidOperation(_failing(), TOKEN_DEFERRED));
        vm.assertFalse(outcome.success);
        vm.assertFalse(outcome.postOpReverted);
        vm.assertEq(token.balanceOf(account), STARTING_WEI);
        uint256 debtWei = paymaster.debtOf(account);
        vm.assertGe(debtWei, outcome.lostWei);
        vm.assertLt(debtWei, maxCostOf(ampleGas(), termsOf(TOKEN_DEFERRED)));
    }

    function test_AFailedExecutionPaysIfAnEarlierApprovalReaches() public {
        approve(account, type(uint256).max);
        Outcome memory outcome = landAndRead(paidOperation(_failing(), TOKEN_DEFERRED));
        vm.assertFalse(outcome.success);
        vm.assertTrue(outcome.charged);
        vm.assertEq(paymaster.debtOf(account), 0);
        vm.assertEq(STARTING_WEI - token.balanceOf(account), outcome.chargeWei);
    }

    function test_AnExecutionThatDoesNotApproveIsUndoneAndOwesTheMaximum() public {
        bytes memory giving = calling(address(token), abi.encodeCall(token.transfer, (operator, 1)));
        Outcome memory outcome = landAndRead(paidOperation(giving, TOKEN_DEFERRED));
        vm.assertFalse(outcome.success);
        vm.assertTrue(outcome.postOpReverted);
        vm.assertEq(token.balanceOf(account), STARTING_WEI);
        vm.assertEq(paymaster.debtOf(account), maxCostOf(ampleGas(), termsOf(TOKEN_DEFERRED)));
    }

    function test_TheNextDeferredOperationPaysEarlierDebt() public {
        land(paidOperation(_failing(), TOKEN_DEFERRED));
        uint256 debtWei = paymaster.debtOf(account);
        Outcome memory outcome = landAndRead(paidOperation(_approving(), TOKEN_DEFERRED));
        vm.assertEq(STARTING_WEI - token.balanceOf(account), debtWei + outcome.chargeWei);
        vm.assertEq(paymaster.debtOf(account), 0);
    }

    function test_TheNextTokenOperationPaysEarlierDebt() public {
        land(paidOperation(_failing(), TOKEN_DEFERRED));
        uint256 debtWei = paymaster.debtOf(account);
        approve(account, type(uint256).max);
        Outcome memory outcome = landAndRead(paidOperation("", TOKEN));
        vm.assertEq(STARTING_WEI - token.balanceOf(account), debtWei + outcome.chargeWei);
        vm.assertEq(paymaster.debtOf(account), 0);
    }

    function test_DebtGrowsWithEveryFailure() public {
        land(paidOperation(_failing(), TOKEN_DEFERRED));
        uint256 firstWei = paymaster.debtOf(account);
        Outcome memory outcome = landAndRead(paidOperation(_failing(), TOKEN_DEFERRED));
        vm.assertGe(paymaster.debtOf(account), firstWei + outcome.lostWei);
    }

    // ─── Several of one sender in one bundle ─────────────────────────────────

    /// @dev Whatever the modes and their order: what left the account is what the operations cost, to the wei.
    function testFuzz_OperationsOfOneSenderInOneBundlePayExactlyTheirCharges(uint256 seed) public {
        approve(account, type(uint256).max);
        uint256 count = bound(uint8(seed), 2, 4);
        PackedUserOperation[] memory operations = new PackedUserOperation[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint8 mode = (seed >> (8 + i)) & 1 == 0 ? TOKEN : TOKEN_DEFERRED;
            bytes memory callData = (seed >> (16 + i)) & 1 == 0 ? _failing() : _approving();
            operations[i] = operationOf(account, callData, ampleGas());
            operations[i].nonce = entryPoint.getNonce(account, uint192(i));
            signForPaymaster(operations[i], termsOf(mode));
            signByOwner(operations[i], userKey);
        }
        uint256 depositWei = paymaster.getDeposit();
        vm.recordLogs();
        landAll(operations);
        uint256 chargedWei = _sumCharges(operations);
        vm.assertEq(STARTING_WEI - token.balanceOf(account), chargedWei);
        vm.assertEq(token.balanceOf(address(paymaster)) - 1, chargedWei);
        vm.assertGe(chargedWei, depositWei - paymaster.getDeposit());
        vm.assertEq(paymaster.debtOf(account), 0);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _sumCharges(PackedUserOperation[] memory operations) private returns (uint256 sumWei) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < operations.length; ++i) {
            sumWei += readOutcome(logs, entryPoint.getUserOpHash(operations[i])).chargeWei;
        }
    }

    function _approving() private view returns (bytes memory) {
        return calling(address(token), abi.encodeCall(token.approve, (address(paymaster), type(uint256).max)));
    }

    /// @dev Approves and then calls something that reverts: the approval is rolled back.
    function _failing() private view returns (bytes memory) {
        return callingBoth(
            address(token),
            abi.encodeCall(token.approve, (address(paymaster), type(uint256).max)),
            address(entryPoint),
            hex"12345678"
        );
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
