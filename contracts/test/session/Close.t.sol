// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {ACT_STOP, ACT_USE, IUsageRights} from "../../src/rights/IUsageRights.sol";
import {WholeMarketTest} from "../support/WholeMarketTest.sol";

contract CloseTest is WholeMarketTest {
    function test_RevertWhen_TheSessionIsUnknown() public {
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.UnknownSession.selector, 1));
        session.close(1);
    }

    function test_RevertWhen_ItIsClosedTwice() public {
        uint256 sessionId = closingSession();
        address[2] memory callers = [payer, provider];
        for (uint256 i = 0; i < 2; ++i) {
            expectWrongSessionState(sessionId);
            vm.prank(callers[i]);
            session.close(sessionId);
        }
    }

    function testFuzz_RevertWhen_AStrangerClosesBeforeItExpires(address caller, uint48 ageSeconds) public {
        vm.assume(caller != payer && caller != provider && caller != signer);
        uint256 sessionId = openSession();
        vm.warp(block.timestamp + bound(ageSeconds, 0, DAY));
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.NotClosableBy.selector, sessionId, caller));
        vm.prank(caller);
        session.close(sessionId);
    }

    function test_RevertWhen_TheRightIsOnlyToUse() public {
        (uint256 sessionId,) = grantedSession();
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.NotClosableBy.selector, sessionId, student));
        vm.prank(student);
        session.close(sessionId);
    }

    function test_ThePayerStartsTheChallengeWindowAndFreesTheProvider() public {
        uint256 sessionId = openSession();
        uint64 endBlock = uint64(block.number) + CHALLENGE_BLOCKS;
        vm.expectEmit(address(session));
        emit IServerlessSession.SessionClosing(sessionId, payer, provider, payer, endBlock);
        vm.prank(payer);
        session.close(sessionId);
        assertSessionState(sessionId, IServerlessSession.SessionState.Closing);
        vm.assertEq(session.sessionOf(sessionId).challengeEndBlock, endBlock);
        vm.assertEq(offers.freeUnitsOf(useOfferId), 4);
        vm.assertEq(registry.lockedBy(provider, address(session)), 0);
        vm.assertEq(token.balanceOf(address(session)), BUDGET);
        vm.assertFalse(rights.isInForce(rootOf(sessionId)));
        vm.assertFalse(rights.isAuthorized(address(session), uint96(sessionId), payer, ACT_USE, 0));
    }

    function test_TheSignerAndAHolderOfTheActMayClose() public {
        uint256 sessionId = openSession();
        vm.prank(signer);
        session.close(sessionId);
        assertSessionState(sessionId, IServerlessSession.SessionState.Closing);

        sessionId = openSession();
        IUsageRights.Grant memory terms = grantTo(rootOf(sessionId), student, 0);
        terms.acts = ACT_STOP;
        grant(payer, terms);
        vm.prank(student);
        session.close(sessionId);
        assertSessionState(sessionId, IServerlessSession.SessionState.Closing);
    }

    function testFuzz_AnyoneClosesWhatHasExpired(address caller, uint48 lateSeconds) public {
        vm.assume(caller != provider);
        uint256 sessionId = openSession();
        vm.warp(block.timestamp + DAY + bound(lateSeconds, 1, 365 days));
        vm.prank(caller);
        session.close(sessionId);
        assertSessionState(sessionId, IServerlessSession.SessionState.Closing);
    }

    function testFuzz_TheProvidersCloseWaivesTheWindowAndRefundsAtOnce(uint96 spentWei) public {
        spentWei = uint96(bound(spentWei, 1, BUDGET));
        uint256 sessionId = openSession();
        redeem(signedVoucher(sessionId, spentWei, 1));
        vm.expectEmit(address(session));
        emit IServerlessSession.SessionFinalized(sessionId, payer, provider, spentWei, BUDGET - spentWei);
        vm.prank(provider);
        session.close(sessionId);
        assertSessionState(sessionId, IServerlessSession.SessionState.Finalized);
        vm.assertEq(token.balanceOf(payer), 1000 ether - spentWei);
        vm.assertEq(token.balanceOf(address(session)), 0);
        vm.assertEq(registry.lockedBy(provider, address(session)), 0);
        vm.assertEq(offers.freeUnitsOf(useOfferId), 4);
    }
}
