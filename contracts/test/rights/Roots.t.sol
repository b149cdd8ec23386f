// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ACT_ALL, ACT_USE, IUsageRights} from "../../src/rights/IUsageRights.sol";
import {WholeMarketTest} from "../support/WholeMarketTest.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

/// @notice What a market may do to the roots of its own agreements. The test is such a market.
contract RootsTest is WholeMarketTest {
    // ─── mintRoot ────────────────────────────────────────────────────────────

    function test_RevertWhen_TheRootIsMintedTwice() public {
        rights.mintRoot(7, payer, address(0), 1, 10);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidSender.selector, address(0)));
        rights.mintRoot(7, stranger, address(0), 1, 10);
    }

    function test_RevertWhen_NobodyIsToPay() public {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(0)));
        rights.mintRoot(7, address(0), address(0), 1, 10);
    }

    function testFuzz_ARootBelongsToThePayerAndBearsItsMarketAndAgreement(
        address market,
        uint96 agreementId,
        address owner,
        address user,
        uint96 budgetWei,
        uint48 expires
    ) public {
        vm.assume(owner != address(0));
        expires = uint48(bound(expires, block.timestamp, type(uint48).max));
        uint256 rootId = uint256(uint160(market)) << 96 | agreementId;
        vm.expectEmit(address(rights));
        emit IUsageRights.RootMinted(rootId, market, agreementId, owner, budgetWei, expires);
        vm.prank(market);
        vm.assertEq(rights.mintRoot(agreementId, owner, user, budgetWei, expires), rootId);
        vm.assertEq(rights.rootIdOf(market, agreementId), rootId);
        vm.assertEq(rights.ownerOf(rootId), owner);
        vm.assertEq(rights.userOf(rootId), user);
        vm.assertEq(rights.restOf(rootId), budgetWei);
        vm.assertTrue(rights.isInForce(rootId));
        vm.assertTrue(rights.isAuthorized(market, agreementId, owner, ACT_ALL, 0));
        (address itsMarket, uint96 itsAgreement) = rights.agreementOf(rootId);
        vm.assertEq(itsMarket, market);
        vm.assertEq(itsAgreement, agreementId);
    }

    // ─── raiseRoot ───────────────────────────────────────────────────────────

    function test_RevertWhen_RaisingARootThatIsNotTheMarketsOwn() public {
        uint256 sessionId = openSession();
        uint256 ours = rights.rootIdOf(address(this), uint96(sessionId));
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.UnknownRight.selector, ours));
        rights.raiseRoot(uint96(sessionId), 1 ether);
    }

    function test_RevertWhen_TheBudgetWouldNotFit() public {
        rights.mintRoot(7, payer, address(0), 2, 10);
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        rights.raiseRoot(7, type(uint96).max - 1);
    }

    function testFuzz_RaisingAddsToTheBudget(uint96 beforeWei, uint96 addedWei) public {
        beforeWei = uint96(bound(beforeWei, 0, type(uint96).max - addedWei));
        uint256 rootId = rights.mintRoot(7, payer, address(0), beforeWei, 10);
        vm.expectEmit(address(rights));
        emit IUsageRights.RootRaised(rootId, addedWei, beforeWei + addedWei);
        rights.raiseRoot(7, addedWei);
        vm.assertEq(rights.rightOf(rootId).budgetWei, beforeWei + addedWei);
    }

    // ─── endRoot ─────────────────────────────────────────────────────────────

    function test_RevertWhen_EndingARootThatIsNotTheMarketsOwnOrHasEnded() public {
        uint256 ours = rights.rootIdOf(address(this), uint96(openSession()));
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.UnknownRight.selector, ours));
        rights.endRoot(1);
        uint256 rootId = rights.mintRoot(7, payer, address(0), 2, type(uint48).max);
        rights.endRoot(7);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.AlreadyRevoked.selector, rootId));
        rights.endRoot(7);
    }

    function test_WhatGrewFromAnEndedRootIsOutOfForceAtOnce() public {
        uint256 rootId = rights.mintRoot(7, payer, address(0), 2 ether, type(uint48).max);
        uint256 childId = grant(payer, grantTo(rootId, student, 1 ether));
        vm.assertTrue(rights.isAuthorized(address(this), 7, student, ACT_USE, 0));
        vm.expectEmit(address(rights));
        emit IUsageRights.RootEnded(rootId);
        rights.endRoot(7);
        vm.assertFalse(rights.isInForce(rootId));
        vm.assertFalse(rights.isInForce(childId));
        vm.assertFalse(rights.isAuthorized(address(this), 7, student, ACT_USE, 0));
        vm.assertFalse(rights.isAuthorized(address(this), 7, payer, ACT_USE, 0));
        // Payments go on: when they end is the market's to say.
        rights.consume(7, childId, student, ACT_USE, 1 ether);
        rights.consume(7, rootId, payer, ACT_USE, 1 ether);
    }

    // ─── consume: what is not told by sessions and leases ────────────────────

    function test_RevertWhen_ConsumingARightThatIsNot() public {
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.UnknownRight.selector, 5));
        rights.consume(7, 5, payer, ACT_USE, 1);
    }

    function testFuzz_RevertWhen_AMarketConsumesWhatIsNotItsOwn(address market, uint96 agreementId) public {
        (uint256 sessionId, uint256 rightId) = grantedSession();
        vm.assume(market != address(session) || agreementId != sessionId);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NotRightOf.selector, rightId, agreementId));
        vm.prank(market);
        rights.consume(agreementId, rightId, student, ACT_USE, 1);
    }

    /// @dev Whatever was granted from it meanwhile: what a right has not spent is there for what was signed before.
    function testFuzz_RevertWhen_MoreIsConsumedThanIsLeft(uint96 spentWei, uint96 overWei) public {
        uint256 rootId = rights.mintRoot(7, payer, address(0), 10 ether, type(uint48).max);
        grant(payer, grantTo(rootId, student, 10 ether));
        spentWei = uint96(bound(spentWei, 0, 10 ether));
        uint96 leftWei = 10 ether - spentWei;
        overWei = uint96(bound(overWei, leftWei + 1, type(uint96).max));
        rights.consume(7, rootId, payer, ACT_USE, spentWei);
        vm.expectRevert(
            abi.encodeWithSelector(IUsageRights.BudgetExceeded.selector, rootId, overWei, leftWei)
        );
        rights.consume(7, rootId, payer, ACT_USE, overWei);
        rights.consume(7, rootId, payer, ACT_USE, leftWei);
        vm.assertEq(rights.rightOf(rootId).spentWei, 10 ether);
    }

    function testFuzz_RevertWhen_ARightAboveHasLessLeft(uint96 spentWei) public {
        uint256 rootId = rights.mintRoot(7, payer, address(0), 10 ether, type(uint48).max);
        uint256 childId = grant(payer, grantTo(rootId, student, 4 ether));
        spentWei = uint96(bound(spentWei, 6 ether + 1, 10 ether));
        uint96 leftWei = 10 ether - spentWei;
        rights.consume(7, rootId, payer, ACT_USE, spentWei);
        vm.expectRevert(
            abi.encodeWithSelector(IUsageRights.BudgetExceeded.selector, rootId, leftWei + 1, leftWei)
        );
        rights.consume(7, childId, student, ACT_USE, leftWei + 1);
        rights.consume(7, childId, student, ACT_USE, leftWei);
    }

    /// @dev Lent to the very end, as a session lends it to its signer: honoured as long as the market takes payments.
    function testFuzz_AUserToTheEndOfARootIsHonouredLikeItsOwner(uint48 lateSeconds) public {
        uint48 expires = uint48(block.timestamp) + 100;
        uint256 rootId = rights.mintRoot(7, payer, student, 10 ether, expires);
        vm.warp(expires + uint256(bound(lateSeconds, 1, 365 days)));
        vm.assertEq(rights.userOf(rootId), address(0));
        vm.assertFalse(rights.isRightAuthorized(rootId, student, ACT_USE, 0));
        rights.consume(7, rootId, student, ACT_USE, 1 ether);
        rights.consume(7, rootId, payer, ACT_USE, 1 ether);
        vm.prank(payer);
        rights.setUser(rootId, stranger, expires + 1);
        mine(HONOUR_BLOCKS);
        rights.consume(7, rootId, student, ACT_USE, 1 ether);
        mine(1);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NotHolder.selector, rootId, student));
        rights.consume(7, rootId, student, ACT_USE, 1 ether);
    }

    function test_RevertWhen_AUserForAShorterTimeThanTheRootsPaysLongAfterIt() public {
        uint48 expires = uint48(block.timestamp) + DAY;
        uint256 rootId = rights.mintRoot(7, payer, address(0), 10 ether, expires);
        vm.prank(payer);
        rights.setUser(rootId, student, expires - 1);
        vm.warp(expires - 1 + rights.HONOUR_SECONDS());
        rights.consume(7, rootId, student, ACT_USE, 1 ether);
        vm.warp(block.timestamp + 1);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NotHolder.selector, rootId, student));
        rights.consume(7, rootId, student, ACT_USE, 1 ether);
    }

    function testFuzz_AChainIsDebitedToItsRoot(uint96[5] memory amountsWei) public {
        uint256[5] memory ids;
        ids[0] = rights.mintRoot(7, payer, address(0), 50 ether, type(uint48).max);
        address owner = payer;
        for (uint256 depth = 1; depth < 5; ++depth) {
            ids[depth] = grant(owner, grantTo(ids[depth - 1], student, uint96(10 ether * (5 - depth))));
            owner = student;
        }
        uint256 spentWei = 0;
        for (uint256 i = 0; i < 5; ++i) {
            uint256 depth = 4 - i;
            uint96 amountWei = uint96(bound(amountsWei[depth], 0, 10 ether));
            address holder = depth == 0 ? payer : student;
            uint96 ownWei = amountWei + rights.rightOf(ids[depth]).spentWei;
            vm.expectEmit(address(rights));
            emit IUsageRights.RightConsumed(ids[depth], holder, amountWei, ownWei);
            rights.consume(7, ids[depth], holder, ACT_USE, amountWei);
            spentWei += amountWei;
            for (uint256 above = 0; above <= depth; ++above) {
                vm.assertEq(rights.rightOf(ids[above]).spentWei, spentWei);
            }
        }
        vm.assertEq(rights.restOf(ids[4]), 10 ether - rights.rightOf(ids[4]).spentWei);
    }

    // ─── The token ───────────────────────────────────────────────────────────

    function test_ItIsAnErc721WithErc4907() public view {
        vm.assertTrue(rights.supportsInterface(0x80ac58cd));
        vm.assertTrue(rights.supportsInterface(0xad092b5c));
        vm.assertTrue(rights.supportsInterface(0x01ffc9a7));
        vm.assertFalse(rights.supportsInterface(0xffffffff));
    }

    function test_TheHonourOutlastsNoBond() public view {
        vm.assertLt(rights.HONOUR_BLOCKS(), registry.UNSTAKE_DELAY_BLOCKS());
        // An hour of blocks comes within it all but surely.
        vm.assertEq(rights.HONOUR_SECONDS(), rights.HONOUR_BLOCKS() * 15);
    }
}
