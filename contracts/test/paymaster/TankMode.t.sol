// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputePaymaster} from "../../src/paymaster/IComputePaymaster.sol";
import {IGasTank} from "../../src/paymaster/IGasTank.sol";
import {PaymasterTest} from "../support/PaymasterTest.sol";
import {Vm} from "../support/Vm.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice Mode 3: gas out of the sender's tank, and the ways to cheat with it.
contract TankModeTest is PaymasterTest {
    uint256 private constant TANK_WEI = 0.01 ether;

    function setUp() public override {
        super.setUp();
        approve(account, 0);
        fillTank(account, TANK_WEI);
    }

    // ─── Refused ─────────────────────────────────────────────────────────────

    function test_RevertWhen_TheTankHoldsTooLittle() public {
        uint256 requiredWei = maxCostOf(ampleGas(), termsOf(TANK));
        vm.prank(account);
        paymaster.withdrawTank(account, TANK_WEI - requiredWei + 1);
        _expectRefusal(
            paidOperation("", TANK),
            abi.encodeWithSelector(IGasTank.InsufficientTank.selector, account, requiredWei, requiredWei - 1)
        );
    }

    function test_RevertWhen_TheSignedMaximumIsTooSmall() public {
        Terms memory terms = exactTermsOf(TANK, ampleGas());
        terms.maxChargeWei -= 1;
        _expectRefusal(
            paidOperation("", ampleGas(), terms),
            abi.encodeWithSelector(
                IComputePaymaster.ChargeAboveMaximum.selector, terms.maxChargeWei + 1, terms.maxChargeWei
            )
        );
    }

    // ─── Paid ────────────────────────────────────────────────────────────────

    function testFuzz_TheTankPaysTheChargeAndTheWalletNothing(uint16 markupBps) public {
        Terms memory terms = termsOf(TANK);
        terms.markupBps = markupBps;
        uint256 balanceWei = token.balanceOf(account);
        Outcome memory outcome = landAndRead(paidOperation(calling(beneficiary, ""), ampleGas(), terms));
        vm.assertTrue(outcome.success && outcome.charged);
        vm.assertEq(token.balanceOf(account), balanceWei);
        vm.assertEq(TANK_WEI - paymaster.tankOf(account), outcome.chargeWei);
        vm.assertGe(outcome.chargeWei, paymaster.maxChargeOf(outcome.lostWei, markupBps));
    }

    function test_AnEmptyWalletWithoutAllowanceStillExits() public {
        uint256 balanceWei = token.balanceOf(account);
        vm.prank(account);
        token.transfer(operator, balanceWei);
        vm.assertTrue(landAndRead(paidOperation(calling(beneficiary, ""), TANK)).success);
    }

    function test_AFailingExecutionIsChargedToo() public {
        Outcome memory outcome = landAndRead(paidOperation(calling(address(entryPoint), hex"12345678"), TANK));
        vm.assertFalse(outcome.success);
        vm.assertTrue(outcome.charged);
        vm.assertGe(outcome.chargeWei, outcome.lostWei);
    }

    function test_EarlierDebtIsLeftAlone() public {
        land(paidOperation(calling(address(entryPoint), hex"12345678"), TOKEN_DEFERRED));
        uint256 debtWei = paymaster.debtOf(account);
        vm.assertGt(debtWei, 0);
        vm.assertTrue(landAndRead(paidOperation("", TANK)).charged);
        vm.assertEq(paymaster.debtOf(account), debtWei);
    }

    /// @dev Never by refusing the refund, which would undo the charge.
    function test_ATankFilledToTheBrimLeavesTheExcessSpent() public {
        uint256 heldWei = maxCostOf(ampleGas(), termsOf(TANK));
        uint256 roomWei = type(uint128).max - (TANK_WEI - heldWei);
        fundTokens(account, roomWei);
        approve(account, type(uint256).max);
        bytes memory filling = abi.encodeCall(paymaster.fillTank, (account, roomWei));
        Outcome memory outcome = landAndRead(paidOperation(calling(address(paymaster), filling), TANK));
        vm.assertTrue(outcome.success && outcome.charged);
        vm.assertEq(paymaster.tankOf(account), type(uint128).max);
        vm.assertEq(paymaster.tankSpentOf(account), heldWei);
    }

    function test_RevertWhen_ATankHasSpentAllThatCanBeCounted() public {
        fillTank(account, type(uint128).max - TANK_WEI);
        PackedUserOperation memory operation = paidOperation("", TANK);
        vm.prank(address(entryPoint));
        paymaster.validatePaymasterUserOp(operation, bytes32(0), type(uint128).max);
        fillTank(account, 1);
        vm.prank(address(entryPoint));
        vm.expectRevert(abi.encodeWithSelector(IGasTank.TankOverflow.selector, account, 1));
        paymaster.validatePaymasterUserOp(operation, bytes32(0), 1);
    }

    function test_ATankFilledInTheExecutionKeepsItsRefund() public {
        approve(account, type(uint256).max);
        bytes memory filling = abi.encodeCall(paymaster.fillTank, (account, 5));
        Outcome memory outcome = landAndRead(paidOperation(calling(address(paymaster), filling), TANK));
        vm.assertTrue(outcome.success);
        vm.assertEq(paymaster.tankOf(account), TANK_WEI + 5 - outcome.chargeWei);
    }

    function test_EventsAloneRebuildTheTank() public {
        vm.recordLogs();
        PackedUserOperation memory operation = paidOperation("", TANK);
        land(operation);
        vm.prank(account);
        paymaster.withdrawTank(user, 3);
        address[] memory accounts = new address[](1);
        accounts[0] = account;
        paymaster.collectFromTanks(accounts);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        (uint256 balanceWei, uint256 totalWei) = (TANK_WEI, TANK_WEI);
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != address(paymaster)) continue;
            bytes32 topic = logs[i].topics[0];
            if (topic == IGasTank.TankCharged.selector) {
                (, uint256 chargeWei) = abi.decode(logs[i].data, (bytes16, uint256));
                balanceWei -= chargeWei;
            } else if (topic == IGasTank.TankWithdrawn.selector) {
                uint256 amountWei = abi.decode(logs[i].data, (uint256));
                (balanceWei, totalWei) = (balanceWei - amountWei, totalWei - amountWei);
            } else if (topic == IGasTank.TankCollected.selector) {
                totalWei -= abi.decode(logs[i].data, (uint256));
            }
        }
        vm.assertEq(paymaster.tankOf(account), balanceWei);
        vm.assertEq(paymaster.tanksWei(), totalWei);
    }

    /// @dev ERC-7562 [STO-031]: of the paymaster's storage, validation touches the signer's slot and the sender's
    /// own tank; nothing that accounts share is written.
    function test_ValidationWritesOnlyTheSendersSlot() public {
        PackedUserOperation memory operation = paidOperation("", TANK);
        vm.startDebugTraceRecording();
        vm.prank(address(entryPoint));
        paymaster.validatePaymasterUserOp(operation, bytes32(0), 0.001 ether);
        Vm.DebugStep[] memory steps = vm.stopAndReturnDebugTraceRecording();
        uint256 slot;
        for (uint256 i = 0; i < steps.length; ++i) {
            if (steps[i].contractAddr == address(token)) revert("the token is not touched");
            if (steps[i].contractAddr != address(paymaster) || steps[i].opcode != 0x55) continue;
            vm.assertTrue(slot == 0 || slot == steps[i].stack[0], "one slot");
            slot = steps[i].stack[0];
        }
        vm.assertTrue(slot != 0, "and that is written");
    }

    // ─── Attacks ─────────────────────────────────────────────────────────────

    function test_Attack_TheTankIsWithdrawnInTheExecution() public {
        uint256 restWei = TANK_WEI - maxCostOf(ampleGas(), termsOf(TANK));
        Outcome memory outcome = landAndRead(_withdrawing(restWei));
        vm.assertTrue(outcome.success && outcome.charged);
        vm.assertGe(paymaster.tankSpentOf(account), outcome.lostWei);
    }

    function test_Attack_TheReservationIsWithdrawnInTheExecution() public {
        uint256 restWei = TANK_WEI - maxCostOf(ampleGas(), termsOf(TANK));
        Outcome memory outcome = landAndRead(_withdrawing(restWei + 1));
        vm.assertFalse(outcome.success);
        vm.assertGe(paymaster.tankSpentOf(account), outcome.lostWei);
    }

    function test_Attack_TwoOperationsShareOneTank() public {
        uint256 heldWei = maxCostOf(ampleGas(), termsOf(TANK));
        vm.prank(account);
        paymaster.withdrawTank(account, TANK_WEI - 2 * heldWei + 1);
        PackedUserOperation[] memory operations = _two();
        vm.expectRevert(
            abi.encodeWithSelector(
                IEntryPoint.FailedOpWithRevert.selector,
                1,
                "AA33 reverted",
                abi.encodeWithSelector(IGasTank.InsufficientTank.selector, account, heldWei, heldWei - 1)
            )
        );
        vm.prank(bundler, bundler);
        entryPoint.handleOps(operations, beneficiary);
        vm.assertTrue(lands(operations[0]) && lands(operations[1]), "each alone is paid for");
        fillTank(account, 1);
        landAll(operations);
        vm.assertEq(paymaster.tankOf(account) + paymaster.tankSpentOf(account), 2 * heldWei);
    }

    /// @dev Reservations look like what was spent, but nobody collects them while they may be given back.
    function test_Attack_ReservationsAreCollectedOutOfARunningBundle() public {
        address[] memory accounts = new address[](1);
        accounts[0] = account;
        bytes memory collecting = abi.encodeCall(paymaster.collectFromTanks, (accounts));
        Outcome memory outcome = landAndRead(paidOperation(calling(address(paymaster), collecting), TANK));
        vm.assertFalse(outcome.success);
        vm.assertEq(TANK_WEI - paymaster.tankOf(account), outcome.chargeWei);
    }

    /// @dev No preVerificationGas and all limits used up, so that the work outside of limits exceeds them: EntryPoint undoes execution and postOp, and takes
    /// the whole prefund out of the deposit. The tank has lost its whole reservation then.
    function test_Attack_PostOpIsUndoneByALowPrefund() public {
        Gas memory gas = ampleGas();
        gas.preVerificationGas = 0;
        gas.callGasLimit = 30_000;
        Terms memory terms = termsOf(TANK);
        address burner = address(new LoudBurner());
        tighten(calling(burner, ""), gas, terms);
        uint256 heldWei = maxCostOf(gas, terms);
        gas.maxPriorityFeePerGasWei = gas.maxFeePerGasWei;
        Outcome memory outcome = landAndRead(paidOperation(calling(burner, ""), gas, terms));
        vm.assertFalse(outcome.success);
        vm.assertEq(outcome.lostWei, heldWei);
        vm.assertEq(paymaster.tankSpentOf(account), heldWei);
    }

    /// @dev A key that may spend the wallet's tokens does not reach the tank.
    function test_Attack_AnAllowanceOnTheWalletReachesIntoTheTank() public {
        vm.prank(account);
        token.approve(bundler, type(uint256).max);
        uint256 balanceWei = token.balanceOf(account);
        vm.startPrank(bundler);
        token.transferFrom(account, bundler, balanceWei);
        vm.expectRevert(abi.encodeWithSelector(IGasTank.InsufficientTank.selector, bundler, 1, 0));
        paymaster.withdrawTank(bundler, 1);
        vm.stopPrank();
        vm.assertEq(paymaster.tankOf(account), TANK_WEI);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _withdrawing(uint256 amountWei) private view returns (PackedUserOperation memory) {
        bytes memory call = abi.encodeCall(paymaster.withdrawTank, (operator, amountWei));
        return paidOperation(calling(address(paymaster), call), TANK);
    }

    function _two() private view returns (PackedUserOperation[] memory operations) {
        operations = new PackedUserOperation[](2);
        operations[0] = paidOperation("", TANK);
        operations[1] = operationOf(account, "", ampleGas());
        operations[1].nonce = entryPoint.getNonce(account, 1);
        signForPaymaster(operations[1], termsOf(TANK));
        signByOwner(operations[1], userKey);
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

/// @dev Uses nearly all the gas it is given and fails with a reason that costs EntryPoint 16,000 more to log.
contract LoudBurner {
    fallback() external {
        while (gasleft() > 1000) {}
        assembly {
            revert(0, 2048)
        }
    }
}
