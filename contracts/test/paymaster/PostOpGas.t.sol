// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeToken} from "../../src/token/IComputeToken.sol";
import {PaymasterTest} from "../support/PaymasterTest.sol";
import {StagedBundle} from "../support/StagedBundle.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @dev What an account may call to make its operation dear or strange.
contract Mischief {
    /// @notice Gives `recipient` exactly what its balance lacks to `balanceWei`.
    function restore(IComputeToken token, address recipient, uint256 balanceWei) external {
        token.transfer(recipient, balanceWei - token.balanceOf(recipient));
    }

    /// @notice Takes all that `owner` has; it must have approved.
    function empty(IComputeToken token, address owner) external {
        token.transferFrom(owner, address(this), token.balanceOf(owner));
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

    function test_TankChargeIsCoveredAndBarelyMore() public {
        fillTank(account, 1 ether);
        _assertCovered(_tight(calling(address(mischief), ""), TANK), 2_500);
    }

    function test_TankChargeCoversATankThatIsEmptiedInTheExecution() public {
        fillTank(account, 1 ether);
        Terms memory terms = termsOf(TANK);
        uint256 restWei = 1 ether - maxCostOf(ampleGas(), terms);
        bytes memory call = abi.encodeCall(paymaster.withdrawTank, (account, restWei));
        Outcome memory outcome =
            landAndRead(paidOperation(calling(address(paymaster), call), ampleGas(), terms));
        vm.assertTrue(outcome.success && outcome.charged, "charged");
        vm.assertGe(outcome.chargeWei, outcome.lostWei, "charge covers the deposit's loss");
    }

    function test_TankChargeCoversALargeCallThatFailsLoudly() public {
        fillTank(account, 1 ether);
        bytes memory call = bytes.concat(abi.encodeCall(Mischief.fail, (4096)), new bytes(100_000));
        _assertCovered(_tight(calling(address(mischief), call), TANK), 3_600);
    }

    function test_DeferredPullOfAFiniteColdAllowanceIsCovered() public {
        approve(account, 1 ether);
        _assertCovered(_tight(calling(address(mischief), ""), TOKEN_DEFERRED), 600);
    }

    function test_DeferredPullOfAnEndlessAllowanceIsCovered() public {
        _assertCovered(_tight(calling(address(mischief), ""), TOKEN_DEFERRED), 600);
    }

    function test_DeferredPullIntoAnEmptyPaymasterIsCovered() public {
        vm.prank(operator);
        paymaster.withdrawRevenue(operator, 1);
        approve(account, 1 ether);
        _assertCovered(_tight(calling(address(mischief), ""), TOKEN_DEFERRED), 600);
    }

    function test_DeferredPullFromAnApprovalInTheSameOperationIsCovered() public {
        approve(account, 0);
        bytes memory call = abi.encodeCall(token.approve, (address(paymaster), 1 ether));
        _assertCovered(_tight(calling(address(token), call), TOKEN_DEFERRED), 3_200);
    }

    /// @dev The dearest refund: the sender's debt was paid by its next operation, its first tokens came with
    /// the bundle, and it has moved them all away.
    function test_DeferredRefundToAStagedAndEmptiedBalanceIsCovered() public {
        StagedBundle bundle = new StagedBundle();
        account = factory.createAccount(user, 1);
        approve(account, type(uint256).max);
        vm.prank(account);
        token.approve(address(mischief), type(uint256).max);
        uint256 heldWei = 2 * ampleGas().maxFeePerGasWei * 600_000;
        fundTokens(address(bundle), heldWei);
        (uint128 accountGas, uint128 paymasterGas) = (100_000, 100_000);
        while (_landsStaged(bundle, _deferredThenToken(accountGas - 500, paymasterGas), heldWei)) {
            accountGas -= 500;
        }
        while (_landsStaged(bundle, _deferredThenToken(accountGas, paymasterGas - 500), heldWei)) {
            paymasterGas -= 500;
        }
        PackedUserOperation[] memory operations = _deferredThenToken(accountGas, paymasterGas);
        vm.recordLogs();
        vm.assertTrue(bundle.tryLand(entryPoint, token, operations, heldWei), "lands");
        Outcome memory outcome = readOutcome(vm.getRecordedLogs(), entryPoint.getUserOpHash(operations[0]));
        vm.assertTrue(outcome.success && outcome.charged && !outcome.postOpReverted, "charged");
        vm.assertGt(outcome.refundWei, 0, "paid back");
        vm.assertGe(outcome.chargeWei, outcome.lostWei, "charge covers the deposit's loss");
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

    function testFuzz_TankChargeCoversTheDeposit(
        uint256 seed,
        uint256 burnGas,
        bool reverts,
        uint16 markupBps
    ) public {
        fillTank(account, 1 ether);
        (Gas memory gas, Terms memory terms) = _anyGas(seed, TANK);
        terms.markupBps = markupBps;
        Outcome memory outcome = landAndRead(paidOperation(_anyCall(burnGas, reverts), gas, terms));
        uint256 spentWei = paymaster.tankSpentOf(account);
        vm.assertEq(paymaster.tankOf(account) + spentWei, 1 ether);
        if (outcome.charged) vm.assertEq(spentWei, outcome.chargeWei);
        vm.assertGe(spentWei, paymaster.maxChargeOf(outcome.lostWei, markupBps));
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

    function _landsStaged(StagedBundle bundle, PackedUserOperation[] memory operations, uint256 fundingWei)
        private
        returns (bool landed)
    {
        uint256 state = vm.snapshotState();
        landed = bundle.tryLand(entryPoint, token, operations, fundingWei);
        vm.revertToState(state);
    }

    /// @dev The first moves all tokens away in its execution, the second pays the first one's debt before that.
    function _deferredThenToken(uint128 verificationGasLimit, uint128 paymasterVerificationGasLimit)
        private
        view
        returns (PackedUserOperation[] memory operations)
    {
        operations = new PackedUserOperation[](2);
        Gas memory gas = ampleGas();
        gas.verificationGasLimit = verificationGasLimit;
        Terms memory terms = termsOf(TOKEN_DEFERRED);
        terms.verificationGasLimit = paymasterVerificationGasLimit;
        bytes memory emptying = abi.encodeCall(Mischief.empty, (token, account));
        operations[0] = paidOperation(calling(address(mischief), emptying), gas, terms);
        operations[1] = operationOf(account, "", ampleGas());
        operations[1].nonce = entryPoint.getNonce(account, 1);
        signForPaymaster(operations[1], termsOf(TOKEN));
        signByOwner(operations[1], userKey);
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
