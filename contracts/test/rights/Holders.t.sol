// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {IERC4907} from "../../src/rights/IERC4907.sol";
import {ACT_GRANT, ACT_STOP, ACT_USE, IUsageRights} from "../../src/rights/IUsageRights.sol";
import {WholeMarketTest} from "../support/WholeMarketTest.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

/// @notice Who holds a right, and what happens when that changes: setUser, transfers, chooseRight, isAuthorized.
contract HoldersTest is WholeMarketTest {
    uint256 private sessionId;
    uint256 private childId;
    address private friend;
    uint256 private friendKey;

    function setUp() public override {
        super.setUp();
        (sessionId, childId) = grantedSession();
        (friend, friendKey) = makeAddrAndKey("friend");
    }

    // ─── setUser ─────────────────────────────────────────────────────────────

    function test_RevertWhen_SettingTheUserOfARightThatIsNot() public {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 5));
        rights.setUser(5, friend, 1);
    }

    function testFuzz_RevertWhen_TheCallerDoesNotOwnIt(address caller) public {
        vm.assume(caller != student);
        vm.expectRevert(
            abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, caller, childId)
        );
        vm.prank(caller);
        rights.setUser(childId, caller, type(uint64).max);
    }

    function testFuzz_AUserHoldsTheRightUntilItsLastSecond(uint64 lifeSeconds) public {
        lifeSeconds = uint64(bound(lifeSeconds, 0, HOUR));
        uint64 expires = uint64(block.timestamp) + lifeSeconds;
        vm.expectEmit(address(rights));
        emit IERC4907.UpdateUser(childId, friend, expires);
        vm.prank(student);
        rights.setUser(childId, friend, expires);
        vm.warp(expires);
        vm.assertEq(rights.userOf(childId), friend);
        vm.assertTrue(_may(friend, ACT_USE));
        vm.assertTrue(_may(student, ACT_USE));
        vm.warp(uint256(expires) + 1);
        vm.assertEq(rights.userOf(childId), address(0));
        vm.assertEq(rights.userExpires(childId), expires);
        vm.assertFalse(_may(friend, ACT_USE));
    }

    function test_AnApprovedAccountMaySetTheUser() public {
        vm.prank(student);
        rights.approve(stranger, childId);
        vm.prank(stranger);
        rights.setUser(childId, friend, type(uint64).max);
        vm.assertEq(rights.userOf(childId), friend);
    }

    function test_AUserNeverOutlastsTheRight() public {
        vm.prank(student);
        rights.setUser(childId, friend, type(uint64).max);
        vm.warp(block.timestamp + HOUR + 1);
        vm.assertEq(rights.userOf(childId), friend);
        vm.assertFalse(_may(friend, ACT_USE));
    }

    function test_WhatAUserSignedIsHonouredAfterItWasReplacedOrLapsed() public {
        vm.prank(student);
        rights.setUser(childId, friend, uint64(block.timestamp) + 60);
        vm.warp(block.timestamp + 60 + rights.HONOUR_SECONDS());
        vm.assertEq(redeem(_friendVoucher(1 ether, 1)), 1 ether);
        vm.prank(student);
        rights.setUser(childId, address(0), 0);
        vm.assertEq(rights.heldUntilBlockOf(childId, friend), block.number);
        vm.roll(block.number + HONOUR_BLOCKS);
        vm.assertEq(redeem(_friendVoucher(2 ether, 2)), 1 ether);
        vm.roll(block.number + 1);
        _expectRefused(_friendVoucher(3 ether, 3), friend);
    }

    function test_ALapsedUserIsHonouredForAnHourOnly() public {
        vm.prank(student);
        rights.setUser(childId, friend, uint64(block.timestamp) + 60);
        vm.warp(block.timestamp + 61 + rights.HONOUR_SECONDS());
        _expectRefused(_friendVoucher(1 ether, 1), friend);
        vm.prank(student);
        rights.setUser(childId, stranger, type(uint64).max);
        vm.assertEq(rights.heldUntilBlockOf(childId, friend), 0);
    }

    function test_NobodyIsNoHolder() public {
        vm.prank(student);
        rights.setUser(childId, address(0), type(uint64).max);
        vm.assertFalse(rights.isRightAuthorized(childId, address(0), ACT_USE, 0));
        vm.prank(student);
        rights.setUser(childId, friend, type(uint64).max);
        vm.assertEq(rights.heldUntilBlockOf(childId, address(0)), 0);
        vm.prank(student);
        rights.setUser(childId, address(0), type(uint64).max);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NotHolder.selector, childId, address(0)));
        vm.prank(address(session));
        rights.consume(uint96(sessionId), childId, address(0), ACT_USE, 1);
    }

    // ─── Transfers ───────────────────────────────────────────────────────────

    function test_ATransferKeepsTheChainAndDropsTheUser() public {
        vm.startPrank(student);
        rights.setUser(childId, stranger, type(uint64).max);
        vm.expectEmit(address(rights));
        emit IERC4907.UpdateUser(childId, address(0), 0);
        rights.transferFrom(student, friend, childId);
        vm.stopPrank();
        vm.assertEq(rights.userOf(childId), address(0));
        vm.assertTrue(_may(friend, ACT_USE));
        vm.assertFalse(_may(student, ACT_USE));
        vm.assertFalse(_may(stranger, ACT_USE));
        vm.assertEq(redeem(_friendVoucher(1 ether, 1)), 1 ether);
        vm.assertEq(rights.rightOf(rootOf(sessionId)).spentWei, 1 ether);
        revoke(payer, childId);
        vm.assertFalse(_may(friend, ACT_USE));
    }

    function test_WhatTheOldOwnerAndItsUserSignedIsHonouredAWhile() public {
        vm.startPrank(student);
        rights.setUser(childId, stranger, type(uint64).max);
        rights.transferFrom(student, friend, childId);
        vm.stopPrank();
        vm.assertEq(rights.heldUntilBlockOf(childId, student), block.number);
        vm.assertEq(rights.heldUntilBlockOf(childId, stranger), block.number);
        vm.roll(block.number + HONOUR_BLOCKS);
        vm.assertEq(redeem(studentVoucher(sessionId, childId, 1 ether, 1)), 1 ether);
        vm.roll(block.number + 1);
        _expectRefused(studentVoucher(sessionId, childId, 2 ether, 2), student);
    }

    function test_ATransferToOneselfChangesNothing() public {
        vm.startPrank(student);
        rights.setUser(childId, friend, type(uint64).max);
        rights.transferFrom(student, student, childId);
        vm.stopPrank();
        vm.assertEq(rights.userOf(childId), friend);
        vm.assertEq(rights.heldUntilBlockOf(childId, student), 0);
    }

    // ─── chooseRight ─────────────────────────────────────────────────────────

    function test_RevertWhen_ChoosingARightOneDoesNotHold() public {
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NotHolder.selector, childId, friend));
        vm.prank(friend);
        rights.chooseRight(childId);
    }

    function test_TheFirstRightStaysChosenUntilItsHolderChoosesAnother() public {
        IUsageRights.Grant memory terms = grantTo(rootOf(sessionId), student, 0);
        terms.acts = ACT_STOP;
        uint256 stopId = grant(payer, terms);
        vm.assertEq(rights.chosenRightOf(rootOf(sessionId), student), childId);
        vm.assertFalse(_may(student, ACT_STOP));
        vm.expectEmit(address(rights));
        emit IUsageRights.RightChosen(rootOf(sessionId), student, stopId);
        vm.prank(student);
        rights.chooseRight(stopId);
        vm.assertTrue(_may(student, ACT_STOP));
        vm.assertFalse(_may(student, ACT_USE));
        vm.assertTrue(rights.isRightAuthorized(childId, student, ACT_USE, 0));
    }

    function test_ARightOfNoMoreUseGivesWayToTheNext() public {
        revoke(payer, childId);
        uint256 second = grant(payer, grantTo(rootOf(sessionId), student, 1 ether));
        vm.assertEq(rights.chosenRightOf(rootOf(sessionId), student), second);
        vm.prank(student);
        rights.transferFrom(student, friend, second);
        uint256 third = grant(payer, grantTo(rootOf(sessionId), student, 1 ether));
        vm.assertEq(rights.chosenRightOf(rootOf(sessionId), student), third);
    }

    function test_AUserIsLookedAtWithoutChoosing() public {
        uint256 grandchildId = grant(student, grantTo(childId, student, 1 ether));
        vm.prank(student);
        rights.setUser(grandchildId, friend, type(uint64).max);
        vm.assertEq(rights.chosenRightOf(rootOf(sessionId), friend), grandchildId);
        vm.assertTrue(_may(friend, ACT_USE));
    }

    // ─── isAuthorized ────────────────────────────────────────────────────────

    function test_NothingIsAllowedToStrangersNorInOtherAgreements() public view {
        vm.assertFalse(_may(stranger, ACT_USE));
        vm.assertFalse(_may(stranger, 0));
        vm.assertFalse(_may(address(0), ACT_USE));
        vm.assertFalse(rights.isAuthorized(address(session), uint96(sessionId) + 1, payer, ACT_USE, 0));
        vm.assertFalse(rights.isAuthorized(address(lease), uint96(sessionId), payer, ACT_USE, 0));
        vm.assertFalse(rights.isInForce(7));
    }

    function testFuzz_AllActsMustBeAllowed(uint8 acts) public view {
        vm.assertEq(_may(student, acts) ? 1 : 0, uint256(acts & (ACT_USE | ACT_GRANT)) == acts ? 1 : 0);
    }

    function test_ARightToOneEndpointReachesNoOtherAndNotTheWhole() public {
        IUsageRights.Grant memory terms = grantTo(rootOf(sessionId), friend, 0);
        terms.endpointHash = "chat";
        uint256 chatId = grant(payer, terms);
        vm.assertTrue(rights.isAuthorized(address(session), uint96(sessionId), friend, ACT_USE, "chat"));
        vm.assertFalse(rights.isAuthorized(address(session), uint96(sessionId), friend, ACT_USE, "draw"));
        vm.assertFalse(_may(friend, ACT_USE));
        vm.assertTrue(rights.isAuthorized(address(session), uint96(sessionId), payer, ACT_USE, "draw"));
        vm.assertTrue(rights.isAuthorized(address(session), uint96(sessionId), student, ACT_USE, "draw"));
        vm.assertTrue(rights.isRightAuthorized(chatId, friend, ACT_USE, "chat"));
    }

    function test_RevertWhen_AskingAboutARightThatIsNot() public {
        bytes memory unknown = abi.encodeWithSelector(IUsageRights.UnknownRight.selector, 5);
        vm.expectRevert(unknown);
        rights.rightOf(5);
        vm.expectRevert(unknown);
        rights.restOf(5);
        vm.expectRevert(unknown);
        rights.agreementOf(5);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _may(address account, uint8 acts) private view returns (bool) {
        return rights.isAuthorized(address(session), uint96(sessionId), account, acts, 0);
    }

    function _friendVoucher(uint96 cumulativeWei, uint64 sequence)
        private
        view
        returns (IServerlessSession.SignedVoucher memory)
    {
        IServerlessSession.Voucher memory voucher = voucherOf(sessionId, cumulativeWei, sequence);
        voucher.rightId = childId;
        return sign(voucher, friendKey);
    }

    function _expectRefused(IServerlessSession.SignedVoucher memory signed, address account) private {
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NotHolder.selector, childId, account));
        redeem(signed);
    }
}
