// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {
    ACT_ALL,
    ACT_EXTEND,
    ACT_PING,
    ACT_STOP,
    ACT_USE,
    IUsageRights
} from "../../src/rights/IUsageRights.sol";
import {WholeMarketTest} from "../support/WholeMarketTest.sol";

/// @notice A lease commanded through rights: stop, extend, ping, fund, extendByRight.
contract LeaseRightsTest is WholeMarketTest {
    // ─── The root ────────────────────────────────────────────────────────────

    function test_OpeningGivesThePayerEveryActUntilTheLeaseEnds() public {
        uint256 leaseId = openLease();
        vm.assertEq(rights.ownerOf(leaseRootOf(leaseId)), payer);
        vm.assertTrue(rights.isAuthorized(address(lease), uint96(leaseId), payer, ACT_ALL, 0));
        (address itsPayer, address itsProvider) = lease.partiesOf(leaseId);
        vm.assertEq(itsPayer, payer);
        vm.assertEq(itsProvider, provider);
    }

    function test_EveryEndOfALeaseEndsTheRight() public {
        uint256[4] memory ids;
        ids[0] = openLease();
        vm.prank(payer);
        lease.stop(ids[0]);
        ids[1] = stoppedLease(60);
        ids[2] = pingedLease();
        mine(PONG_BLOCKS + 1);
        lease.claimFault(ids[2]);
        ids[3] = openLease();
        mine(ACCEPT_BLOCKS + 1);
        lease.expire(ids[3]);
        for (uint256 i = 0; i < 4; ++i) {
            vm.assertFalse(rights.isAuthorized(address(lease), uint96(ids[i]), payer, ACT_USE, 0));
        }
    }

    function test_WhoBuysTheRootCommandsAndThePayerIsRefunded() public {
        uint256 leaseId = readyLease();
        uint256 rootId = leaseRootOf(leaseId);
        vm.prank(payer);
        rights.transferFrom(payer, student, rootId);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NotStoppableBy.selector, leaseId, payer));
        vm.prank(payer);
        lease.stop(leaseId);
        vm.warp(block.timestamp + 60);
        vm.prank(student);
        lease.stop(leaseId);
        lease.settle(leaseId);
        vm.assertEq(token.balanceOf(student), 0);
        vm.assertEq(token.balanceOf(payer), 1000 ether - 60 * uint256(PRICE));
    }

    // ─── Acts of children ────────────────────────────────────────────────────

    function testFuzz_AHolderStopsOnlyWithTheAct(uint8 acts) public {
        acts = uint8(bound(acts, 1, ACT_ALL));
        uint256 leaseId = readyLease();
        _grant(leaseId, student, 0, acts);
        bool may = acts & ACT_STOP != 0;
        if (!may) {
            vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NotStoppableBy.selector, leaseId, student));
        }
        vm.prank(student);
        lease.stop(leaseId);
        vm.assertEq(
            uint256(stateOf(leaseId)),
            uint256(may ? IInstanceLease.LeaseState.Stopped : IInstanceLease.LeaseState.Ready)
        );
    }

    function test_AHolderMayCancelBeforeReadyAndTheRefundIsThePayers() public {
        uint256 leaseId = acceptedLease();
        _grant(leaseId, student, 0, ACT_STOP);
        vm.prank(student);
        lease.stop(leaseId);
        vm.assertEq(token.balanceOf(payer), 1000 ether);
    }

    function test_APingsDepositGoesBackToWhoeverPaidIt() public {
        uint256 leaseId = readyLease();
        _grant(leaseId, student, 0, ACT_PING);
        fund(student, PING_DEPOSIT);
        vm.startPrank(student);
        token.approve(address(lease), PING_DEPOSIT);
        lease.ping(leaseId);
        vm.stopPrank();
        vm.assertEq(lease.leaseOf(leaseId).pinger, student);
        vm.assertEq(token.balanceOf(student), 0);
        mine(PONG_BLOCKS + 1);
        lease.claimFault(leaseId);
        vm.assertEq(token.balanceOf(student), PING_DEPOSIT);
        vm.assertEq(token.balanceOf(payer), 1000 ether + BOND_PER_UNIT / 2);
    }

    function test_AHolderExtendsOutOfItsOwnPocket() public {
        uint256 leaseId = readyLease();
        _grant(leaseId, student, 0, ACT_EXTEND);
        uint256 costWei = uint256(PRICE) * 60;
        fund(student, costWei);
        vm.startPrank(student);
        token.approve(address(lease), costWei);
        lease.extend(leaseId, 60);
        vm.stopPrank();
        vm.assertEq(token.balanceOf(student), 0);
        vm.assertEq(lease.leaseOf(leaseId).maxSeconds, HOUR + 60);
    }

    function test_ARevokedHolderCanDoNothing() public {
        uint256 leaseId = readyLease();
        uint256 rightId = _grant(leaseId, student, 0, ACT_ALL);
        revoke(payer, rightId);
        vm.startPrank(student);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NotStoppableBy.selector, leaseId, student));
        lease.stop(leaseId);
        _expectNotAuthorized(leaseId, ACT_EXTEND);
        lease.extend(leaseId, 1);
        _expectNotAuthorized(leaseId, ACT_EXTEND);
        lease.extendByRight(leaseId, rightId, 1);
        _expectNotAuthorized(leaseId, ACT_PING);
        lease.ping(leaseId);
        vm.stopPrank();
    }

    // ─── fund ────────────────────────────────────────────────────────────────

    function test_RevertWhen_FundingNothingOrWhatHasEndedOrIsNot() public {
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.UnknownLease.selector, 9));
        lease.fund(9, 1);
        uint256 leaseId = readyLease();
        vm.expectRevert(IInstanceLease.ZeroAmount.selector);
        lease.fund(leaseId, 0);
        vm.prank(payer);
        lease.stop(leaseId);
        expectWrongState(leaseId);
        lease.fund(leaseId, 1);
        lease.settle(leaseId);
        expectWrongState(leaseId);
        lease.fund(leaseId, 1);
    }

    function testFuzz_CreditIsBudgetAndGoesBackToThePayer(uint128 amountWei, uint256 servedSeconds) public {
        amountWei = uint128(bound(amountWei, 1, 500 ether));
        servedSeconds = bound(servedSeconds, 0, 2 * HOUR);
        uint256 leaseId = readyLease();
        uint128 escrowWei = PRICE * HOUR + amountWei;
        fund(stranger, amountWei);
        vm.startPrank(stranger);
        token.approve(address(lease), amountWei);
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeaseFunded(leaseId, payer, provider, stranger, amountWei, escrowWei);
        lease.fund(leaseId, amountWei);
        vm.stopPrank();
        vm.assertEq(rights.restOf(leaseRootOf(leaseId)), amountWei);
        vm.assertEq(token.balanceOf(address(lease)), escrowWei);
        vm.warp(block.timestamp + servedSeconds);
        vm.prank(payer);
        lease.stop(leaseId);
        lease.settle(leaseId);
        uint256 costWei = PRICE * (servedSeconds < HOUR ? servedSeconds : HOUR);
        vm.assertEq(token.balanceOf(payer), 1000 ether + amountWei - costWei);
        vm.assertEq(token.balanceOf(address(lease)), 0);
    }

    // ─── extendByRight ───────────────────────────────────────────────────────

    function test_RevertWhen_TheRightIsNotTheCallersOrMayNotExtend() public {
        uint256 leaseId = readyLease();
        uint256 rightId = _grant(leaseId, student, 0, ACT_ALL & ~ACT_EXTEND);
        address[2] memory callers = [student, stranger];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IInstanceLease.NotAuthorized.selector, leaseId, callers[i], ACT_EXTEND)
            );
            vm.prank(callers[i]);
            lease.extendByRight(leaseId, rightId, 1);
        }
    }

    function test_RevertWhen_TheRightIsAnotherLeases() public {
        uint256 leaseId = readyLease();
        uint256 other = readyLease();
        _credit(leaseId, 1 ether);
        uint256 rightId = _grant(leaseId, student, 1 ether, ACT_EXTEND);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NotRightOf.selector, rightId, other));
        vm.prank(student);
        lease.extendByRight(other, rightId, 60);
    }

    function testFuzz_RevertWhen_TheRightsBudgetDoesNotReach(uint96 budgetWei) public {
        uint256 costWei = uint256(PRICE) * 60;
        budgetWei = uint96(bound(budgetWei, 0, costWei - 1));
        uint256 leaseId = readyLease();
        _credit(leaseId, 100 ether);
        uint256 rightId = _grant(leaseId, student, budgetWei, ACT_EXTEND);
        vm.expectRevert(
            abi.encodeWithSelector(IUsageRights.BudgetExceeded.selector, rightId, costWei, budgetWei)
        );
        vm.prank(student);
        lease.extendByRight(leaseId, rightId, 60);
    }

    function test_RevertWhen_TheLeaseDoesNotRunOrAFaultWaitsOrTheLimitIsReached() public {
        uint256 leaseId = pingedLease();
        uint256 rootId = leaseRootOf(leaseId);
        vm.startPrank(payer);
        vm.expectRevert(
            abi.encodeWithSelector(
                IInstanceLease.DurationOutOfRange.selector, HOUR + 30 days, HOUR + 1, 30 days
            )
        );
        lease.extendByRight(leaseId, rootId, 30 days);
        mine(PONG_BLOCKS + 1);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.FaultUnclaimed.selector, leaseId));
        lease.extendByRight(leaseId, rootId, 1);
        lease.claimFault(leaseId);
        expectWrongState(leaseId);
        lease.extendByRight(leaseId, rootId, 1);
        vm.stopPrank();
    }

    function testFuzz_CreditBecomesTimeWithinTheBudget(uint32 extraSeconds, uint32 servedSeconds) public {
        extraSeconds = uint32(bound(extraSeconds, 1, 1 days));
        uint256 leaseId = readyLease();
        _credit(leaseId, 100 ether);
        uint96 costWei = uint96(uint256(PRICE) * extraSeconds);
        uint256 rightId = _grant(leaseId, student, costWei, ACT_EXTEND);
        uint128 escrowWei = PRICE * HOUR + 100 ether;
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeaseExtended(leaseId, payer, provider, HOUR + extraSeconds, escrowWei);
        vm.prank(student);
        lease.extendByRight(leaseId, rightId, extraSeconds);
        vm.assertEq(rights.restOf(rightId), 0);
        vm.assertEq(rights.rightOf(leaseRootOf(leaseId)).spentWei, costWei);
        vm.assertEq(token.balanceOf(student), 0);

        servedSeconds = uint32(bound(servedSeconds, 0, 2 days));
        vm.warp(block.timestamp + servedSeconds);
        vm.prank(payer);
        lease.stop(leaseId);
        lease.settle(leaseId);
        uint256 paidSeconds = HOUR + extraSeconds;
        uint256 usedSeconds = servedSeconds < paidSeconds ? servedSeconds : paidSeconds;
        vm.assertEq(token.balanceOf(payout), usedSeconds * PRICE);
        vm.assertEq(token.balanceOf(payer), 1000 ether - usedSeconds * PRICE);
        vm.assertEq(token.balanceOf(address(lease)), 0);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _grant(uint256 leaseId, address to, uint96 budgetWei, uint8 acts) private returns (uint256) {
        IUsageRights.Grant memory terms = grantTo(leaseRootOf(leaseId), to, budgetWei);
        terms.acts = acts;
        terms.expires = uint48(block.timestamp + 365 days);
        return grant(payer, terms);
    }

    function _credit(uint256 leaseId, uint128 amountWei) private {
        vm.prank(payer);
        lease.fund(leaseId, amountWei);
    }

    function _expectNotAuthorized(uint256 leaseId, uint8 act) private {
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NotAuthorized.selector, leaseId, student, act));
    }
}
