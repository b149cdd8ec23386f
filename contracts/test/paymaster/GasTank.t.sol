// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputePaymaster} from "../../src/paymaster/IComputePaymaster.sol";
import {IGasTank} from "../../src/paymaster/IGasTank.sol";
import {PaymasterTest} from "../support/PaymasterTest.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

/// @notice Filling, emptying and collecting from tanks, outside of operations.
contract GasTankTest is PaymasterTest {
    address private stranger = makeAddr("stranger");

    function test_RevertWhen_TheTankIsNobodys() public {
        vm.expectRevert(abi.encodeWithSelector(IGasTank.InvalidTankAccount.selector, address(0)));
        paymaster.fillTank(address(0), 1);
    }

    function test_RevertWhen_TheFillerHasNotApproved() public {
        fundTokens(address(this), 5);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(paymaster), 0, 5)
        );
        paymaster.fillTank(account, 5);
    }

    function test_RevertWhen_ATankOverflows() public {
        fillTank(account, 1);
        vm.expectRevert(abi.encodeWithSelector(IGasTank.TankOverflow.selector, account, type(uint128).max));
        paymaster.fillTank(account, type(uint128).max);
    }

    function test_RevertWhen_MoreIsWithdrawnThanTheTankHolds() public {
        fillTank(account, 7);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IGasTank.InsufficientTank.selector, account, 8, 7));
        paymaster.withdrawTank(account, 8);
    }

    function test_RevertWhen_AStrangerWithdraws() public {
        fillTank(account, 7);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IGasTank.InsufficientTank.selector, stranger, 1, 0));
        paymaster.withdrawTank(stranger, 1);
    }

    function test_AnyoneFillsAndTheAccountAloneEmpties() public {
        fundTokens(stranger, 9);
        vm.startPrank(stranger);
        token.approve(address(paymaster), 9);
        vm.expectEmit(address(paymaster));
        emit IGasTank.TankFilled(account, stranger, 9);
        paymaster.fillTank(account, 9);
        vm.stopPrank();
        vm.assertEq(paymaster.tankOf(account), 9);
        vm.assertEq(paymaster.tanksWei(), 9);
        vm.prank(account);
        vm.expectEmit(address(paymaster));
        emit IGasTank.TankWithdrawn(account, user, 4);
        paymaster.withdrawTank(user, 4);
        vm.assertEq(paymaster.tankOf(account), 5);
        vm.assertEq(paymaster.tanksWei(), 5);
        vm.assertEq(token.balanceOf(user), 4);
    }

    function testFuzz_TheOperatorCanNeverTakeTanks(uint96 inTankWei, uint96 revenueWei, bool asDeposit)
        public
    {
        fillTank(account, inTankWei);
        fundTokens(address(paymaster), revenueWei);
        vm.assertEq(paymaster.revenueWei(), uint256(revenueWei) + 1);
        uint256 tooMuchWei = paymaster.revenueWei() + 1;
        bytes memory refusal = abi.encodeWithSelector(
            IComputePaymaster.InsufficientRevenue.selector, tooMuchWei, tooMuchWei - 1
        );
        vm.startPrank(operator);
        vm.expectRevert(refusal);
        if (asDeposit) paymaster.refillDeposit(tooMuchWei);
        else paymaster.withdrawRevenue(operator, tooMuchWei);
        if (asDeposit) paymaster.refillDeposit(tooMuchWei - 1);
        else paymaster.withdrawRevenue(operator, tooMuchWei - 1);
        vm.stopPrank();
        vm.assertEq(token.balanceOf(address(paymaster)), inTankWei);
        vm.prank(account);
        paymaster.withdrawTank(account, inTankWei);
    }

    function test_WhatTanksSpentBecomesRevenueOnceAnyoneCollects() public {
        fillTank(account, 1 ether);
        Outcome memory outcome = landAndRead(paidOperation("", TANK));
        vm.assertEq(paymaster.tankSpentOf(account), outcome.chargeWei);
        vm.assertEq(paymaster.revenueWei(), 1);
        address[] memory accounts = new address[](3);
        (accounts[0], accounts[1], accounts[2]) = (account, stranger, account);
        vm.expectEmit(address(paymaster));
        emit IGasTank.TankCollected(account, outcome.chargeWei);
        vm.prank(stranger);
        paymaster.collectFromTanks(accounts);
        vm.assertEq(paymaster.tankSpentOf(account), 0);
        vm.assertEq(paymaster.revenueWei(), outcome.chargeWei + 1);
        vm.assertEq(paymaster.tanksWei(), paymaster.tankOf(account));
    }
}
