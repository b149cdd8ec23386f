// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {ACT_ALL, ACT_STOP, ACT_USE, IUsageRights} from "../../src/rights/IUsageRights.sol";
import {GameTest} from "../support/GameTest.sol";

/// @notice What a holder of a right gains by each deviation, and what it costs.
contract HolderGameTest is GameTest {
    address private sybil;
    uint256 private sybilKey;

    function setUp() public override {
        super.setUp();
        (sybil, sybilKey) = makeAddrAndKey("sybil");
    }

    function test_SpendingMoreThanItsBudgetFails() public {
        (uint256 sessionId, uint256 rightId) = grantedSession();
        IServerlessSession.SignedVoucher memory signed = studentVoucher(sessionId, rightId, 4 ether + 1, 1);
        vm.expectRevert(
            abi.encodeWithSelector(IUsageRights.BudgetExceeded.selector, rightId, 4 ether + 1, 4 ether)
        );
        redeem(signed);
    }

    function test_GrantingItsBudgetTwiceFails() public {
        (, uint256 rightId) = grantedSession();
        grant(student, grantTo(rightId, sybil, 3 ether));
        vm.expectRevert(
            abi.encodeWithSelector(IUsageRights.BudgetExceeded.selector, rightId, 2 ether, 1 ether)
        );
        grant(student, grantTo(rightId, sybil, 2 ether));
    }

    function test_GrantingAndThenSpendingItselfSpendsNoMore() public {
        (uint256 sessionId, uint256 rightId) = grantedSession();
        grant(student, grantTo(rightId, sybil, 3 ether));
        IServerlessSession.SignedVoucher memory signed = studentVoucher(sessionId, rightId, 2 ether, 1);
        vm.expectRevert(
            abi.encodeWithSelector(IUsageRights.BudgetExceeded.selector, rightId, 2 ether, 1 ether)
        );
        redeem(signed);
    }

    function test_GrantingItselfMoreActsOrTimeFails() public {
        (, uint256 rightId) = grantedSession();
        IUsageRights.Grant memory terms = grantTo(rightId, sybil, 0);
        terms.acts = ACT_ALL;
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.ActNotAllowed.selector, rightId, ACT_ALL));
        grant(student, terms);
        terms = grantTo(rightId, sybil, 0);
        terms.expires += 1;
        vm.expectRevert(
            abi.encodeWithSelector(IUsageRights.ExpiryOutOfRange.selector, terms.expires, terms.expires - 1)
        );
        grant(student, terms);
    }

    function test_HidingARightWithAnotherDoesNotSaveItFromRevocation() public {
        (uint256 sessionId, uint256 rightId) = grantedSession();
        uint256 hiddenId = grant(student, grantTo(rightId, sybil, 3 ether));
        vm.prank(student);
        rights.transferFrom(student, sybil, rightId);
        vm.prank(sybil);
        rights.setUser(rightId, stranger, type(uint64).max);
        revoke(payer, rightId);
        address[3] memory accounts = [student, sybil, stranger];
        for (uint256 i = 0; i < 3; ++i) {
            vm.assertFalse(rights.isAuthorized(address(session), uint96(sessionId), accounts[i], ACT_USE, 0));
        }
        vm.assertFalse(rights.isInForce(hiddenId));
        mine(HONOUR_BLOCKS + 1);
        rights.reclaim(rightId);
        vm.assertEq(rights.restOf(rootOf(sessionId)), BUDGET);
    }

    function test_StoppingOutOfSpiteRefundsThePayer() public {
        uint256 id = readyLease();
        IUsageRights.Grant memory terms = grantTo(leaseRootOf(id), student, 0);
        terms.acts = ACT_STOP;
        grant(payer, terms);
        count();
        vm.prank(student);
        lease.stop(id);
        lease.settle(id);
        assertGained(student, 0);
        assertGained(payer, wei_(HOUR));
    }

    function test_ClosingASessionItHoldsTheRootOfPaysThePayer() public {
        uint256 sessionId = openSession();
        uint256 rootId = rootOf(sessionId);
        vm.prank(payer);
        rights.transferFrom(payer, student, rootId);
        count();
        vm.prank(student);
        session.close(sessionId);
        mine(CHALLENGE_BLOCKS + 1);
        vm.prank(student);
        session.finalize(sessionId);
        assertGained(student, 0);
        assertGained(payer, int256(uint256(BUDGET)));
    }

    function test_SellingARightAfterSigningItsBudgetAwayCheatsItsBuyerForAnHourAtMost() public {
        (uint256 sessionId, uint256 rightId) = grantedSession();
        IServerlessSession.SignedVoucher memory signed = studentVoucher(sessionId, rightId, 4 ether, 1);
        vm.prank(student);
        rights.transferFrom(student, sybil, rightId);
        uint256 id = vm.snapshotState();
        mine(HONOUR_BLOCKS);
        redeem(signed);
        vm.assertEq(rights.restOf(rightId), 0);
        vm.revertToState(id);
        mine(HONOUR_BLOCKS + 1);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NotHolder.selector, rightId, student));
        redeem(signed);
        vm.assertEq(rights.restOf(rightId), 4 ether);
    }

    function test_UsingOneSessionsRightInAnotherFails() public {
        (, uint256 rightId) = grantedSession();
        uint256 other = openSession();
        IServerlessSession.SignedVoucher memory signed = studentVoucher(other, rightId, 1 ether, 1);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NotRightOf.selector, rightId, other));
        redeem(signed);
    }

    function test_UsingARightOfARootItMintedForItselfFails() public {
        uint256 sessionId = openSession();
        vm.prank(student);
        uint256 ownRoot =
            rights.mintRoot(uint96(sessionId), student, address(0), type(uint96).max, type(uint48).max);
        IServerlessSession.SignedVoucher memory signed = studentVoucher(sessionId, ownRoot, 1 ether, 1);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NotRightOf.selector, ownRoot, sessionId));
        redeem(signed);
        uint256 id = readyLease();
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NotStoppableBy.selector, id, student));
        vm.prank(student);
        lease.stop(id);
    }

    function test_ExtendingBeyondItsBudgetFailsAndItsPayerIsNotAsked() public {
        uint256 id = readyLease();
        vm.prank(payer);
        lease.fund(id, 1 ether);
        uint256 rightId = grant(payer, _allActs(leaseRootOf(id), uint96(PRICE) * 60));
        count();
        vm.startPrank(student);
        lease.extendByRight(id, rightId, 60);
        vm.expectRevert(
            abi.encodeWithSelector(IUsageRights.BudgetExceeded.selector, rightId, uint256(PRICE), 0)
        );
        lease.extendByRight(id, rightId, 1);
        vm.stopPrank();
        assertGained(payer, 0);
        assertGained(student, 0);
    }

    function test_GivingAnotherAWorseRightTakesNothingFromIt() public {
        (uint256 sessionId, uint256 rightId) = grantedSession();
        address friend = makeAddr("friend");
        IUsageRights.Grant memory good = grantTo(rootOf(sessionId), friend, 1 ether);
        uint256 goodId = grant(payer, good);
        IUsageRights.Grant memory worse = grantTo(rightId, friend, 0);
        worse.acts = 16;
        worse.expires = uint48(block.timestamp) + 1;
        grant(student, worse);
        vm.assertEq(rights.chosenRightOf(rootOf(sessionId), friend), goodId);
        vm.assertTrue(rights.isAuthorized(address(session), uint96(sessionId), friend, ACT_USE, 0));
    }

    function _allActs(uint256 parentId, uint96 budgetWei)
        private
        view
        returns (IUsageRights.Grant memory terms)
    {
        terms = grantTo(parentId, student, budgetWei);
        terms.acts = ACT_ALL;
    }
}
