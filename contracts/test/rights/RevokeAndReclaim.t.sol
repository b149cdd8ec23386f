// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {ACT_USE, IUsageRights} from "../../src/rights/IUsageRights.sol";
import {WholeMarketTest} from "../support/WholeMarketTest.sol";

contract RevokeAndReclaimTest is WholeMarketTest {
    uint256 private sessionId;
    uint256 private rootId;
    uint256 private childId;
    uint256 private grandchildId;
    address private friend = makeAddr("friend");

    function setUp() public override {
        super.setUp();
        (sessionId, childId) = grantedSession();
        rootId = rootOf(sessionId);
        grandchildId = grant(student, grantTo(childId, friend, 1 ether));
    }

    // ─── revoke ──────────────────────────────────────────────────────────────

    function test_RevertWhen_TheRightIsNot() public {
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.UnknownRight.selector, 5));
        revoke(payer, 5);
    }

    function test_RevertWhen_ItIsARoot() public {
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.RootNotRevokable.selector, rootId));
        revoke(payer, rootId);
    }

    function test_RevertWhen_ItIsRevokedTwice() public {
        revoke(payer, childId);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.AlreadyRevoked.selector, childId));
        revoke(payer, childId);
    }

    function testFuzz_RevertWhen_TheCallerOwnsNothingAboveIt(address caller) public {
        vm.assume(caller != payer && caller != student);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NotRevokableBy.selector, childId, caller));
        revoke(caller, childId);
    }

    function test_RevertWhen_AChildRevokesItsParent() public {
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NotRevokableBy.selector, childId, friend));
        revoke(friend, childId);
    }

    function test_RevertWhen_OneBranchRevokesAnother() public {
        uint256 otherId = grant(payer, grantTo(rootId, stranger, 1 ether));
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NotRevokableBy.selector, otherId, student));
        revoke(student, otherId);
    }

    function test_WhoeverOwnsARightAboveRevokesAndSoDoesItsOwner() public {
        address[4] memory callers = [payer, student, friend, stranger];
        vm.prank(payer);
        rights.setApprovalForAll(stranger, true);
        for (uint256 i = 0; i < 4; ++i) {
            uint256 id = grant(student, grantTo(childId, friend, 0.1 ether));
            vm.expectEmit(address(rights));
            emit IUsageRights.RightRevoked(id, callers[i], uint64(block.number) + HONOUR_BLOCKS);
            revoke(callers[i], id);
            vm.assertFalse(rights.isInForce(id));
        }
    }

    function test_ItCascadesToAllThatGrewFromIt() public {
        vm.assertTrue(rights.isAuthorized(address(session), uint96(sessionId), friend, ACT_USE, 0));
        revoke(payer, childId);
        vm.assertFalse(rights.isInForce(childId));
        vm.assertFalse(rights.isInForce(grandchildId));
        vm.assertFalse(rights.isAuthorized(address(session), uint96(sessionId), student, ACT_USE, 0));
        vm.assertFalse(rights.isAuthorized(address(session), uint96(sessionId), friend, ACT_USE, 0));
        vm.assertTrue(rights.isInForce(rootId));
    }

    // ─── What is honoured after it ───────────────────────────────────────────

    function test_PaymentsAreHonouredUntilTheLastBlockAndNotAfter() public {
        revoke(payer, childId);
        vm.roll(block.number + HONOUR_BLOCKS);
        vm.assertEq(redeem(studentVoucher(sessionId, childId, 1 ether, 1)), 1 ether);
        vm.roll(block.number + 1);
        IServerlessSession.SignedVoucher memory signed = studentVoucher(sessionId, childId, 2 ether, 2);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NoLongerHonoured.selector, childId, childId));
        redeem(signed);
    }

    function test_ADeadRightAboveStopsPaymentsBelow() public {
        revoke(payer, childId);
        vm.roll(block.number + HONOUR_BLOCKS + 1);
        (, uint256 friendKey) = makeAddrAndKey("friend");
        IServerlessSession.Voucher memory voucher = voucherOf(sessionId, 0.5 ether, 1);
        voucher.rightId = grandchildId;
        IServerlessSession.SignedVoucher memory signed = sign(voucher, friendKey);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NoLongerHonoured.selector, grandchildId, childId));
        redeem(signed);
    }

    function test_AfterExpiryPaymentsAreHonouredForAnHour() public {
        uint256 expires = rights.rightOf(childId).expires;
        vm.warp(expires);
        vm.assertTrue(rights.isInForce(childId));
        vm.warp(expires + rights.HONOUR_SECONDS());
        vm.assertFalse(rights.isInForce(childId));
        vm.assertEq(redeem(studentVoucher(sessionId, childId, 1 ether, 1)), 1 ether);
        vm.warp(block.timestamp + 1);
        IServerlessSession.SignedVoucher memory signed = studentVoucher(sessionId, childId, 2 ether, 2);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NoLongerHonoured.selector, childId, childId));
        redeem(signed);
    }

    // ─── reclaim ─────────────────────────────────────────────────────────────

    function test_RevertWhen_ReclaimingWhatIsNotOrARoot() public {
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.UnknownRight.selector, 5));
        rights.reclaim(5);
        vm.prank(payer);
        session.close(sessionId);
        vm.warp(block.timestamp + 365 days);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.StillHonoured.selector, rootId));
        rights.reclaim(rootId);
    }

    function test_RevertWhen_ItIsStillHonoured() public {
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.StillHonoured.selector, childId));
        rights.reclaim(childId);
        revoke(payer, childId);
        vm.roll(block.number + HONOUR_BLOCKS);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.StillHonoured.selector, childId));
        rights.reclaim(childId);
    }

    function test_RevertWhen_ItIsReclaimedTwiceOrWasSpent() public {
        redeem(studentVoucher(sessionId, childId, 3 ether, 1));
        uint256 spentId = grant(payer, grantTo(rootId, student, 1 ether));
        redeem(studentVoucher(sessionId, spentId, 1 ether, 1));
        vm.warp(block.timestamp + HOUR + rights.HONOUR_SECONDS() + 1);
        rights.reclaim(childId);
        uint256[2] memory ids = [childId, spentId];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IUsageRights.NothingToReclaim.selector, ids[i]));
            rights.reclaim(ids[i]);
        }
    }

    function testFuzz_WhatADeadRightDidNotSpendIsItsParentsAgain(uint96 spentWei, bool byExpiry) public {
        spentWei = uint96(bound(spentWei, 1, 3 ether));
        redeem(studentVoucher(sessionId, childId, spentWei, 1));
        if (byExpiry) {
            vm.warp(block.timestamp + HOUR + rights.HONOUR_SECONDS() + 1);
        } else {
            revoke(payer, childId);
            vm.roll(block.number + HONOUR_BLOCKS + 1);
        }
        vm.assertEq(rights.restOf(rootId), BUDGET - 4 ether);
        vm.expectEmit(address(rights));
        emit IUsageRights.RightReclaimed(childId, rootId, 4 ether - spentWei);
        vm.prank(stranger);
        rights.reclaim(childId);
        vm.assertEq(rights.restOf(rootId), BUDGET - spentWei);
        vm.assertEq(rights.restOf(childId), 0);
        vm.assertEq(rights.rightOf(rootId).grantedWei, 0);
        // The whole rest can be granted again.
        grant(payer, grantTo(rootId, stranger, BUDGET - spentWei));
    }

    function test_DeadBranchesCanBeReclaimedInAnyOrder() public {
        revoke(payer, childId);
        revoke(student, grandchildId);
        vm.roll(block.number + HONOUR_BLOCKS + 1);
        rights.reclaim(childId);
        vm.assertEq(rights.restOf(rootId), BUDGET);
        vm.assertEq(rights.restOf(childId), 0);
        rights.reclaim(grandchildId);
        vm.assertEq(rights.rightOf(childId).grantedWei, 0);
        vm.assertEq(rights.restOf(rootId), BUDGET);
    }
}
