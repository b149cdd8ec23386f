// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeToken} from "../../src/token/IComputeToken.sol";
import {PaymasterTest} from "../support/PaymasterTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @dev What an account may call to make its operation dear or strange.
contract Mischief {
    /// @notice Gives `recipient` exactly what its balance lacks to `balanceWei`.
    function restore(IComputeToken token, address recipient, uint256 balanceWei) external {
        token.transfer(recipient, balanceWei - token.balanceOf(recipient));
    }

    function burn(uint256 gasToLeave) external view {
        while (gasleft() > gasToLeave) {}
    }

    function fail(uint256 length) external pure {
        assembly {
            revert(0, length)
        }
    }
}

/// @notice The charge covers what EntryPoint takes from the deposit, whatever the limits and the execution are.
contract PostOpGasTest is PaymasterTest {
    Mischief private mischief;

    function setUp() public override {
        super.setUp();
        mischief = new Mischief();
        fundTokens(address(mischief), 100 ether);
    }

    // ─── Worst cases ─────────────────────────────────────────────────────────

    function test_TokenRefundToARestoredBalanceIsCovered() public {
        bytes memory call = abi.encodeCall(Mischief.restore, (token, account, token.balanceOf(account)));
        _assertCovered(_tight(calling(address(mischief), call), TOKEN), 600);
    }

    function test_TokenRefundIsBarelyMoreThanCoveredInTheUsualCase() public {
        _assertCovered(_tight(calling(address(mischief), ""), TOKEN), 3_600);
    }

    function test_TokenChargeCoversALargeCallThatFailsLoudly() public {
        bytes memory call = bytes.concat(abi.encodeCall(Mischief.fail, (4096)), new bytes(100_000));
        _assertCovered(_tight(calling(address(mischief), call), TOKEN), 3_600);
    }

    function test_TokenChargeCoversLegacyGasPrices() public {
        Gas memory gas = ampleGas();
        gas.maxPriorityFeePerGasWei = gas.maxFeePerGasWei;
        _assertCovered(paidOperation(calling(address(mischief), ""), gas, termsOf(TOKEN)), 20_000);
    }

    function test_DeferredPullOfAFiniteColdAllowanceIsCovered() public {
        approve(account, 1 ether);
        _assertCovered(_tight(calling(address(mischief), ""), TOKEN_DEFERRED), 4_500);
    }

    function test_DeferredPullIntoAnEmptyPaymasterIsCovered() public {
        vm.prank(operator);
        paymaster.withdrawRevenue(operator, 1);
        approve(account, 1 ether);
        _assertCovered(_tight(calling(address(mischief), ""), TOKEN_DEFERRED), 4_500);
    }

    function test_DeferredPullFromAnApprovalInTheSameOperationIsCovered() public {
        approve(account, 0);
        bytes memory call = abi.encodeCall(token.approve, (address(paymaster), 1 ether));
        _assertCovered(_tight(calling(address(token), call), TOKEN_DEFERRED), 8_000);
    }

    // ─── Any case ────────────────────────────────────────────────────────────

    function testFuzz_TokenChargeCoversTheDeposit(
        uint256 seed,
        uint256 burnGas,
        bool reverts,
        uint16 markupBps
    ) public {
        (Gas memory gas, Terms memory terms) = _anyGas(seed, TOKEN);
        terms.markupBps = markupBps;
        Outcome memory outcome = landAndRead(paidOperation(_anyCall(burnGas, reverts), gas, terms));
        vm.assertTrue(outcome.charged || outcome.postOpReverted || !outcome.success);
        _assertCollected(outcome, markupBps);
    }

    function testFuzz_DeferredChargeOrDebtCoversTheDeposit(
        uint256 seed,
        uint256 burnGas,
        bool reverts,
        uint256 allowanceWei
    ) public {
        approve(account, bound(allowanceWei, 0, 0.02 ether));
        (Gas memory gas, Terms memory terms) = _anyGas(seed, TOKEN_DEFERRED);
        uint256 tokensBefore = token.balanceOf(address(paymaster));
        Outcome memory outcome = landAndRead(paidOperation(_anyCall(burnGas, reverts), gas, terms));
        uint256 collectedWei = token.balanceOf(address(paymaster)) - tokensBefore;
        vm.assertGe(collectedWei + paymaster.debtOf(account), outcome.lostWei);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _anyGas(uint256 seed, uint8 mode) private view returns (Gas memory gas, Terms memory terms) {
        gas.verificationGasLimit = uint128(bound(uint64(seed), 60_000, 300_000));
        gas.callGasLimit = uint128(bound(uint64(seed >> 64), 0, 3_000_000));
        gas.preVerificationGas = bound(uint32(seed >> 128), 0, 100_000);
        gas.maxFeePerGasWei = uint128(bound(uint32(seed >> 160), 1, 3 gwei));
        gas.maxPriorityFeePerGasWei = uint128(bound(uint32(seed >> 192), 0, gas.maxFeePerGasWei));
        terms = termsOf(mode);
        (uint256 minimum, uint256 maximum) = paymaster.postOpGasLimitBounds(mode);
        terms.postOpGasLimit = uint128(bound(uint32(seed >> 224), minimum, maximum));
    }

    function _anyCall(uint256 burnGas, bool reverts) private view returns (bytes memory) {
        bytes memory burn = abi.encodeCall(Mischief.burn, (bound(burnGas, 0, 3_000_000)));
        bytes memory fail = abi.encodeCall(Mischief.fail, (bound(burnGas, 0, 4096)));
        return calling(address(mischief), reverts ? fail : burn);
    }

    /// @dev Pulled and not refunded is collected, whether or not postOp came to say so.
    function _assertCollected(Outcome memory outcome, uint16 markupBps) private view {
        uint256 collectedWei = token.balanceOf(address(paymaster)) - 1;
        vm.assertGe(collectedWei, paymaster.maxChargeOf(outcome.lostWei, markupBps));
    }

    /// @dev Leaves validation no gas to spare, so that nothing but the constants' own margin can cover.
    function _tight(bytes memory callData, uint8 mode) private returns (PackedUserOperation memory) {
        Gas memory gas = ampleGas();
        gas.callGasLimit = 2_000_000;
        Terms memory terms = termsOf(mode);
        tighten(callData, gas, terms);
        return paidOperation(callData, gas, terms);
    }

    /// @param spareGas How much more gas may be billed at most than was taken.
    function _assertCovered(PackedUserOperation memory operation, uint256 spareGas) private {
        Outcome memory outcome = landAndRead(operation);
        vm.assertTrue(outcome.charged, "charged");
        vm.assertGe(outcome.chargeWei, outcome.lostWei, "charge covers the deposit's loss");
        uint256 gasPriceWei = outcome.lostWei / outcome.gasUsed;
        vm.assertLe(outcome.chargeWei - outcome.lostWei, spareGas * gasPriceWei, "and not by much more");
    }
}
