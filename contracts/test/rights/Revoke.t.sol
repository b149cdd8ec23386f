// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {ACT_USE, IUsageRights} from "../../src/rights/IUsageRights.sol";
import {WholeMarketTest} from "../support/WholeMarketTest.sol";

contract RevokeTest is WholeMarketTest {
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
}
