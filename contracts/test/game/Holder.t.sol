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

    function test_GrantingItsBudgetTwiceSpendsItOnce() public {
        (uint256 sessionId, uint256 rightId) = grantedSession();
        uint256[2] memory ids;
        for (uint256 i = 0; i < 2; ++i) {
            ids[i] = grant(student, grantTo(rightId, sybil, 4 ether));
        }
        redeem(_sybils(sessionId, ids[0], 4 ether));
        IServerlessSession.SignedVoucher memory again = _sybils(sessionId, ids[1], 1 ether);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.BudgetExceeded.selector, rightId, 1 ether, 0));
        redeem(again);
    }

    function test_GrantingAndThenSpendingItselfSpendsNoMore() public {
        (uint256 sessionId, uint256 rightId) = grantedSession();
        uint256 childId = grant(student, grantTo(rightId, sybil, 3 ether));
        redeem(studentVoucher(sessionId, rightId, 2 ether, 1));
        IServerlessSession.SignedVoucher memory signed = _sybils(sessionId, childId, 3 ether);
        vm.expectRevert(
            abi.encodeWithSelector(IUsageRights.BudgetExceeded.selector, rightId, 3 ether, 2 ether)
        );
        redeem(signed);
        redeem(_sybils(sessionId, childId, 2 ether));
    }

    /// @dev What a gateway asks before it serves: is what it has taken and not yet drawn within every budget on the
    /// line? So each generation of a right is served for what the whole line has, and no more.
    function test_BeingServedByEachGenerationOfItsRightFails() public {
        (uint256 sessionId, uint256 rightId) = grantedSession();
        IServerlessSession.SignedVoucher memory taken = studentVoucher(sessionId, rightId, 3 ether, 1);
        uint256 childId = grant(student, grantTo(rightId, sybil, 4 ether));
        (uint256[] memory ids, uint256[] memory restsWei) = rights.lineOf(childId);
        vm.assertEq(ids[1], taken.voucher.rightId);
        uint96 leftWei = uint96(restsWei[1]) - taken.voucher.cumulativeWei;
        vm.assertEq(leftWei, 1 ether);
        redeem(_sybils(sessionId, childId, leftWei));
        redeem(taken);
        vm.assertEq(rights.restOf(rightId), 0);
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
        IServerlessSession.SignedVoucher memory signed = _sybils(sessionId, hiddenId, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NoLongerHonoured.selector, hiddenId, rightId));
        redeem(signed);
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

    function _sybils(uint256 sessionId, uint256 rightId, uint96 amountWei)
        private
        view
        returns (IServerlessSession.SignedVoucher memory)
    {
        IServerlessSession.Voucher memory voucher = voucherOf(sessionId, amountWei, 1);
        voucher.rightId = rightId;
        return sign(voucher, sybilKey);
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
