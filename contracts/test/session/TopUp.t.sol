// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {WholeMarketTest} from "../support/WholeMarketTest.sol";

contract TopUpTest is WholeMarketTest {
    function test_RevertWhen_TheSessionIsUnknown() public {
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.UnknownSession.selector, 1));
        vm.prank(payer);
        session.topUp(1, 1);
    }

    function test_RevertWhen_TheSessionIsNotOpen() public {
        uint256 sessionId = closingSession();
        expectWrongSessionState(sessionId);
        vm.prank(payer);
        session.topUp(sessionId, 1);
    }

    function test_RevertWhen_AddingNothing() public {
        uint256 sessionId = openSession();
        vm.expectRevert(IServerlessSession.ZeroAmount.selector);
        vm.prank(payer);
        session.topUp(sessionId, 0);
    }

    function test_RevertWhen_TheBudgetWouldNotFit() public {
        uint256 sessionId = openSession();
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        vm.prank(payer);
        session.topUp(sessionId, type(uint96).max);
    }

    function testFuzz_WhatIsAddedCanBeSpentAndIsThePayersIfNot(uint96 addedWei, uint96 spentWei) public {
        addedWei = uint96(bound(addedWei, 1, 100 ether));
        spentWei = uint96(bound(spentWei, 1, BUDGET + addedWei));
        uint256 sessionId = openSession();
        fund(stranger, addedWei);
        vm.startPrank(stranger);
        token.approve(address(session), addedWei);
        vm.expectEmit(address(session));
        emit IServerlessSession.SessionToppedUp(
            sessionId, payer, provider, stranger, addedWei, BUDGET + addedWei
        );
        session.topUp(sessionId, addedWei);
        vm.stopPrank();
        vm.assertEq(token.balanceOf(address(session)), BUDGET + addedWei);
        vm.assertEq(rights.rightOf(rootOf(sessionId)).budgetWei, BUDGET + addedWei);

        redeem(signedVoucher(sessionId, spentWei, 1));
        vm.prank(provider);
        session.close(sessionId);
        vm.assertEq(token.balanceOf(payout), spentWei);
        vm.assertEq(token.balanceOf(payer), 1000 ether + addedWei - spentWei);
        vm.assertEq(token.balanceOf(address(session)), 0);
    }
}
