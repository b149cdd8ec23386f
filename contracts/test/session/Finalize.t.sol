// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {WholeMarketTest} from "../support/WholeMarketTest.sol";

contract FinalizeTest is WholeMarketTest {
    function test_RevertWhen_TheSessionIsUnknown() public {
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.UnknownSession.selector, 1));
        session.finalize(1);
    }

    function test_RevertWhen_TheSessionIsOpenOrFinalized() public {
        uint256[2] memory ids = [openSession(), openSession()];
        vm.prank(provider);
        session.close(ids[1]);
        for (uint256 i = 0; i < 2; ++i) {
            expectWrongSessionState(ids[i]);
            vm.prank(provider);
            session.finalize(ids[i]);
        }
    }

    function testFuzz_RevertWhen_AnyoneButTheProviderIsEarly(address caller, uint64 early) public {
        vm.assume(caller != provider);
        uint256 sessionId = closingSession();
        uint64 endBlock = session.sessionOf(sessionId).challengeEndBlock;
        vm.roll(endBlock - bound(early, 0, CHALLENGE_BLOCKS));
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.DeadlineNotPassed.selector, endBlock));
        vm.prank(caller);
        session.finalize(sessionId);
    }

    function testFuzz_TheHighestVoucherWinsAndTheRestGoesBack(uint96 firstWei, uint96 lastWei, address caller)
        public
    {
        vm.assume(caller != provider);
        firstWei = uint96(bound(firstWei, 1, BUDGET - 1));
        lastWei = uint96(bound(lastWei, firstWei + 1, BUDGET));
        uint256 sessionId = openSession();
        redeem(signedVoucher(sessionId, firstWei, 1));
        vm.prank(payer);
        session.close(sessionId);
        redeem(signedVoucher(sessionId, lastWei, 2));
        vm.roll(session.sessionOf(sessionId).challengeEndBlock + 1);
        vm.expectEmit(address(session));
        emit IServerlessSession.SessionFinalized(sessionId, payer, provider, lastWei, BUDGET - lastWei);
        vm.prank(caller);
        session.finalize(sessionId);
        assertSessionState(sessionId, IServerlessSession.SessionState.Finalized);
        vm.assertEq(session.sessionOf(sessionId).challengeEndBlock, 0);
        vm.assertEq(token.balanceOf(payout), lastWei);
        vm.assertEq(token.balanceOf(payer), 1000 ether - lastWei);
        vm.assertEq(token.balanceOf(address(session)), 0);
        vm.assertEq(registry.scoreOf(provider, address(session)).completed, 1);
    }

    function test_TheProviderNeedNotWait() public {
        uint256 sessionId = closingSession();
        vm.prank(provider);
        session.finalize(sessionId);
        vm.assertEq(token.balanceOf(payer), 1000 ether);
    }

    function test_ASessionThatPaidNothingCountsForNothing() public {
        uint256 sessionId = closingSession();
        mine(CHALLENGE_BLOCKS + 1);
        session.finalize(sessionId);
        vm.assertEq(registry.scoreOf(provider, address(session)).completed, 0);
    }

    function test_AFullySpentSessionRefundsNothing() public {
        uint256 sessionId = openSession();
        redeem(signedVoucher(sessionId, BUDGET, 1));
        vm.prank(payer);
        session.close(sessionId);
        mine(CHALLENGE_BLOCKS + 1);
        session.finalize(sessionId);
        vm.assertEq(token.balanceOf(payer), 1000 ether - BUDGET);
        vm.assertEq(token.balanceOf(payout), BUDGET);
    }
}
