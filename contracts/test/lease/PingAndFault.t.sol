// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {ACT_PING} from "../../src/rights/IUsageRights.sol";
import {MarketTest} from "../support/MarketTest.sol";

contract PingAndFaultTest is MarketTest {
    // ─── ping ────────────────────────────────────────────────────────────────

    function testFuzz_RevertWhen_AnyoneWithoutTheRightPings(address caller) public {
        vm.assume(caller != payer);
        uint256 leaseId = readyLease();
        vm.expectRevert(
            abi.encodeWithSelector(IInstanceLease.NotAuthorized.selector, leaseId, caller, ACT_PING)
        );
        vm.prank(caller);
        lease.ping(leaseId);
    }

    function test_RevertWhen_PingingWhatDoesNotRun() public {
        uint256[3] memory leaseIds = [acceptedLease(), pausedLease(), stoppedLease(1)];
        for (uint256 i = 0; i < 3; ++i) {
            expectWrongState(leaseIds[i]);
            vm.prank(payer);
            lease.ping(leaseIds[i]);
        }
    }

    function test_RevertWhen_PingingTwiceOrTooSoon() public {
        uint256 leaseId = pingedLease();
        IInstanceLease.Lease memory pinged = lease.leaseOf(leaseId);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.PingOpen.selector, pinged.pongDeadlineBlock));
        vm.prank(payer);
        lease.ping(leaseId);
        vm.prank(provider);
        lease.pong(leaseId);
        vm.roll(pinged.nextPingBlock - 1);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.PingTooSoon.selector, pinged.nextPingBlock));
        vm.prank(payer);
        lease.ping(leaseId);
        vm.roll(pinged.nextPingBlock);
        vm.prank(payer);
        lease.ping(leaseId);
    }

    function test_RevertWhen_PingingAfterThePaidTime() public {
        uint256 leaseId = readyLease();
        vm.warp(block.timestamp + HOUR);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.TimeUsedUp.selector, leaseId));
        vm.prank(payer);
        lease.ping(leaseId);
    }

    function test_APingTakesADepositAndSetsTheDeadline() public {
        uint256 leaseId = readyLease();
        uint256 balanceWei = token.balanceOf(payer);
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeasePinged(
            leaseId,
            payer,
            provider,
            payer,
            uint64(block.timestamp),
            uint64(block.number) + PONG_BLOCKS,
            uint64(block.number) + PING_INTERVAL_BLOCKS
        );
        vm.prank(payer);
        lease.ping(leaseId);
        vm.assertEq(token.balanceOf(payer), balanceWei - PING_DEPOSIT);
        vm.assertEq(token.balanceOf(address(lease)), uint256(PRICE) * HOUR + PING_DEPOSIT);
    }

    // ─── pong ────────────────────────────────────────────────────────────────

    function testFuzz_RevertWhen_AnyoneButTheProviderPongs(address caller) public {
        vm.assume(caller != provider);
        uint256 leaseId = pingedLease();
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NotProvider.selector, leaseId, caller));
        vm.prank(caller);
        lease.pong(leaseId);
    }

    function test_RevertWhen_NothingWasAsked() public {
        uint256 leaseId = readyLease();
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NoPingOpen.selector, leaseId));
        vm.prank(provider);
        lease.pong(leaseId);
    }

    function test_RevertWhen_TheAnswerIsLate() public {
        uint256 leaseId = pingedLease();
        uint64 deadlineBlock = lease.leaseOf(leaseId).pongDeadlineBlock;
        vm.roll(deadlineBlock + 1);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.DeadlinePassed.selector, deadlineBlock));
        vm.prank(provider);
        lease.pong(leaseId);
    }

    function test_AnAnswerInTheLastBlockEarnsTheDeposit() public {
        uint256 leaseId = pingedLease();
        vm.roll(lease.leaseOf(leaseId).pongDeadlineBlock);
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeasePonged(leaseId, payer, provider, PING_DEPOSIT);
        vm.prank(provider);
        lease.pong(leaseId);
        vm.assertEq(token.balanceOf(payout), PING_DEPOSIT);
        vm.assertEq(registry.scoreOf(provider, address(lease)).ponged, 1);
        assertState(leaseId, IInstanceLease.LeaseState.Ready);
        vm.assertEq(lease.leaseOf(leaseId).pongDeadlineBlock, 0);
    }

    // ─── claimFault ──────────────────────────────────────────────────────────

    function test_RevertWhen_NoPingIsOpen() public {
        uint256 leaseId = readyLease();
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NoPingOpen.selector, leaseId));
        lease.claimFault(leaseId);
    }

    function test_RevertWhen_TheProviderMayStillAnswer() public {
        uint256 leaseId = pingedLease();
        uint64 deadlineBlock = lease.leaseOf(leaseId).pongDeadlineBlock;
        vm.roll(deadlineBlock);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.DeadlineNotPassed.selector, deadlineBlock));
        lease.claimFault(leaseId);
    }

    function test_RevertWhen_AFaultIsClaimedTwice() public {
        uint256 leaseId = pingedLease();
        mine(PONG_BLOCKS + 1);
        lease.claimFault(leaseId);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NoPingOpen.selector, leaseId));
        lease.claimFault(leaseId);
    }

    function testFuzz_AFaultEndsTheMeterAtThePingAndSlashesTheBond(
        uint256 servedSeconds,
        uint256 silentBlocks,
        uint16 brokerBps
    ) public {
        servedSeconds = bound(servedSeconds, 0, HOUR - 1);
        silentBlocks = bound(silentBlocks, PONG_BLOCKS + 1, 10_000);
        brokerBps = uint16(bound(brokerBps, 1, 10_000));
        vm.prank(payer);
        uint256 leaseId = lease.open(offerId, 2, HOUR, PRICE, IMAGE, broker, brokerBps, "");
        vm.startPrank(provider);
        lease.accept(leaseId);
        lease.ready(leaseId, "");
        vm.stopPrank();
        vm.warp(block.timestamp + servedSeconds);
        vm.prank(payer);
        lease.ping(leaseId);
        mine(silentBlocks);

        uint256 costWei = servedSeconds * PRICE * 2;
        uint256 brokerWei = costWei * brokerBps / 10_000;
        uint256 bondWei = 2 * BOND_PER_UNIT;
        vm.assertEq(lease.costOf(leaseId), costWei);
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeaseFaulted(
            leaseId,
            payer,
            provider,
            uint32(servedSeconds),
            bondWei,
            PING_DEPOSIT,
            payout,
            costWei - brokerWei,
            brokerWei,
            uint256(PRICE) * 2 * HOUR - costWei
        );
        vm.prank(stranger);
        lease.claimFault(leaseId);

        assertState(leaseId, IInstanceLease.LeaseState.Faulted);
        vm.assertEq(token.balanceOf(payer), 1000 ether - costWei + bondWei / 2);
        vm.assertEq(token.balanceOf(payout), costWei - brokerWei);
        vm.assertEq(token.balanceOf(broker), brokerWei);
        vm.assertEq(token.balanceOf(BURN), bondWei / 2);
        vm.assertEq(token.balanceOf(address(lease)), 0);
        vm.assertEq(registry.providerOf(provider).bondWei, 100 ether - bondWei);
        vm.assertEq(registry.lockedBy(provider, address(lease)), 0);
        vm.assertEq(registry.scoreOf(provider, address(lease)).faulted, 1);
        vm.assertEq(offers.freeUnitsOf(offerId), 4);
    }

    function test_ANewPingCanFollowAnAnswer() public {
        uint256 leaseId = pingedLease();
        vm.prank(provider);
        lease.pong(leaseId);
        mine(PING_INTERVAL_BLOCKS);
        vm.prank(payer);
        lease.ping(leaseId);
        mine(PONG_BLOCKS + 1);
        lease.claimFault(leaseId);
        vm.assertEq(lease.usedSecondsOf(leaseId), PING_INTERVAL_BLOCKS * 10);
    }
}
