// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {MarketTest} from "../support/MarketTest.sol";

contract StopAndSettleTest is MarketTest {
    // ─── stop: refused ───────────────────────────────────────────────────────

    function testFuzz_RevertWhen_AStrangerStopsWhatIsNotUsedUp(address caller) public {
        vm.assume(caller != payer && caller != provider);
        uint256[4] memory leaseIds = [openLease(), acceptedLease(), readyLease(), pausedLease()];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IInstanceLease.NotStoppableBy.selector, leaseIds[i], caller)
            );
            vm.prank(caller);
            lease.stop(leaseIds[i]);
        }
    }

    function test_RevertWhen_StoppingWhatHasEnded() public {
        uint256 stopped = stoppedLease(1);
        uint256 settled = stoppedLease(1);
        lease.settle(settled);
        uint256 expired = openLease();
        vm.roll(lease.leaseOf(expired).deadlineBlock + 1);
        lease.expire(expired);
        uint256[3] memory leaseIds = [stopped, settled, expired];
        for (uint256 i = 0; i < 3; ++i) {
            expectWrongState(leaseIds[i]);
            vm.prank(payer);
            lease.stop(leaseIds[i]);
        }
    }

    function test_RevertWhen_StoppingToEscapeTheSlash() public {
        uint256 leaseId = pingedLease();
        mine(PONG_BLOCKS + 1);
        address[3] memory callers = [provider, payer, stranger];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IInstanceLease.FaultUnclaimed.selector, leaseId));
            vm.prank(callers[i]);
            lease.stop(leaseId);
        }
    }

    function test_RevertWhen_AStrangerStopsWhileAPingIsOpen() public {
        uint256 leaseId = readyLease();
        vm.warp(block.timestamp + HOUR - 1);
        vm.prank(payer);
        lease.ping(leaseId);
        vm.warp(block.timestamp + 1);
        uint64 deadlineBlock = lease.leaseOf(leaseId).pongDeadlineBlock;
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.PingOpen.selector, deadlineBlock));
        vm.prank(stranger);
        lease.stop(leaseId);
    }

    // ─── stop: before it ran ─────────────────────────────────────────────────

    function testFuzz_CancellingBeforeReadyRefundsEverything(bool byProvider, bool accepted) public {
        uint256 leaseId = accepted ? acceptedLease() : openLease();
        address caller = byProvider ? provider : payer;
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeaseStopped(leaseId, payer, provider, caller, 0, 0);
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeaseSettled(leaseId, payer, provider, address(0), 0, 0, uint256(PRICE) * HOUR);
        vm.prank(caller);
        lease.stop(leaseId);
        assertState(leaseId, IInstanceLease.LeaseState.Settled);
        vm.assertEq(token.balanceOf(payer), 1000 ether);
        vm.assertEq(offers.freeUnitsOf(offerId), 4);
        vm.assertEq(registry.lockedBy(provider, address(lease)), 0);
    }

    // ─── stop: while it runs ─────────────────────────────────────────────────

    function testFuzz_EitherPartyStopsAtAnyTimeAndTheMeterNeverPassesThePaidTime(
        uint256 elapsed,
        bool byProvider,
        bool paused
    ) public {
        elapsed = bound(elapsed, 0, 3 * HOUR);
        uint256 leaseId = readyLease();
        vm.warp(block.timestamp + elapsed);
        if (paused) {
            vm.prank(provider);
            lease.pause(leaseId);
            mine(MAX_PAUSE_BLOCKS + 7);
        }
        uint256 usedSeconds = elapsed < HOUR ? elapsed : HOUR;
        address caller = byProvider ? provider : payer;
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeaseStopped(leaseId, payer, provider, caller, uint32(usedSeconds), 0);
        vm.prank(caller);
        lease.stop(leaseId);
        assertState(leaseId, IInstanceLease.LeaseState.Stopped);
        mine(1000);
        vm.assertEq(lease.costOf(leaseId), usedSeconds * PRICE);
        vm.assertEq(offers.freeUnitsOf(offerId), 4);
        vm.assertEq(registry.lockedBy(provider, address(lease)), 0);
        vm.assertEq(token.balanceOf(address(lease)), uint256(PRICE) * HOUR);
    }

    function test_AnyoneStopsOnceTheTimeIsUsedUp() public {
        uint256 leaseId = readyLease();
        vm.warp(block.timestamp + HOUR);
        vm.prank(stranger);
        lease.stop(leaseId);
        assertState(leaseId, IInstanceLease.LeaseState.Stopped);
    }

    function test_AnyoneStopsOnceThePausesAreUsedUp() public {
        uint256 leaseId = pausedLease();
        mine(MAX_PAUSE_BLOCKS);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NotStoppableBy.selector, leaseId, stranger));
        vm.prank(stranger);
        lease.stop(leaseId);
        mine(1);
        vm.prank(stranger);
        lease.stop(leaseId);
        assertState(leaseId, IInstanceLease.LeaseState.Stopped);
        vm.assertEq(lease.costOf(leaseId), 0);
    }

    function testFuzz_StoppingWithAPingOpenPaysItsDepositToTheProvider(bool byProvider) public {
        uint256 leaseId = pingedLease();
        address caller = byProvider ? provider : payer;
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeaseStopped(leaseId, payer, provider, caller, 0, PING_DEPOSIT);
        vm.prank(caller);
        lease.stop(leaseId);
        vm.assertEq(token.balanceOf(payout), PING_DEPOSIT);
    }

    // ─── settle ──────────────────────────────────────────────────────────────

    function test_RevertWhen_SettlingWhatIsNotStopped() public {
        uint256 settled = stoppedLease(1);
        lease.settle(settled);
        uint256[4] memory leaseIds = [openLease(), readyLease(), pausedLease(), settled];
        for (uint256 i = 0; i < 4; ++i) {
            expectWrongState(leaseIds[i]);
            lease.settle(leaseIds[i]);
        }
    }

    function testFuzz_PaidPlusBrokerPlusRefundIsTheEscrowToTheWei(
        uint32 units,
        uint32 maxSeconds,
        uint256 elapsed,
        uint16 brokerBps
    ) public {
        units = uint32(bound(units, 1, 4));
        maxSeconds = uint32(bound(maxSeconds, 60, 1 days));
        brokerBps = uint16(bound(brokerBps, 1, 10_000));
        vm.prank(payer);
        uint256 leaseId = lease.open(offerId, units, maxSeconds, PRICE, IMAGE, broker, brokerBps, "");
        vm.startPrank(provider);
        lease.accept(leaseId);
        lease.ready(leaseId, "");
        vm.stopPrank();
        vm.warp(block.timestamp + bound(elapsed, 0, 2 days));
        vm.prank(payer);
        lease.stop(leaseId);

        uint256 costWei = lease.costOf(leaseId);
        uint256 brokerWei = costWei * brokerBps / 10_000;
        uint256 refundWei = uint256(PRICE) * units * maxSeconds - costWei;
        vm.assertEq(lease.refundOf(leaseId), refundWei);
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeaseSettled(
            leaseId, payer, provider, payout, costWei - brokerWei, brokerWei, refundWei
        );
        vm.prank(stranger);
        lease.settle(leaseId);

        vm.assertEq(token.balanceOf(payout), costWei - brokerWei);
        vm.assertEq(token.balanceOf(broker), brokerWei);
        vm.assertEq(token.balanceOf(payer), 1000 ether - costWei);
        vm.assertEq(token.balanceOf(address(lease)), 0);
        vm.assertEq(registry.scoreOf(provider, address(lease)).completed, 1);
        assertState(leaseId, IInstanceLease.LeaseState.Settled);
    }

    function test_SettlementWorksForAProviderThatRevokedTheMarketAndMovedItsPayout() public {
        uint256 leaseId = readyLease();
        vm.startPrank(provider);
        registry.setMarket(address(lease), false);
        registry.setPayout(stranger);
        vm.stopPrank();
        vm.warp(block.timestamp + 100);
        vm.prank(payer);
        lease.stop(leaseId);
        lease.settle(leaseId);
        vm.assertEq(token.balanceOf(stranger), 100 * uint256(PRICE));
    }

    // ─── stopAndSettle ───────────────────────────────────────────────────────

    function testFuzz_RevertWhen_AStrangerStopsAndSettlesWhatIsNotUsedUp(address caller) public {
        vm.assume(caller != payer && caller != provider);
        uint256[4] memory leaseIds = [openLease(), acceptedLease(), readyLease(), pausedLease()];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IInstanceLease.NotStoppableBy.selector, leaseIds[i], caller)
            );
            vm.prank(caller);
            lease.stopAndSettle(leaseIds[i]);
        }
    }

    function test_RevertWhen_StoppingAndSettlingWhatIsSettledOrExpired() public {
        uint256 settled = stoppedLease(1);
        lease.settle(settled);
        uint256 expired = openLease();
        vm.roll(lease.leaseOf(expired).deadlineBlock + 1);
        lease.expire(expired);
        uint256[2] memory leaseIds = [settled, expired];
        for (uint256 i = 0; i < 2; ++i) {
            expectWrongState(leaseIds[i]);
            vm.prank(payer);
            lease.stopAndSettle(leaseIds[i]);
        }
    }

    function test_RevertWhen_StoppingAndSettlingToEscapeTheSlash() public {
        uint256 leaseId = pingedLease();
        mine(PONG_BLOCKS + 1);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.FaultUnclaimed.selector, leaseId));
        vm.prank(provider);
        lease.stopAndSettle(leaseId);
    }

    function test_StopsAndSettlesInEveryStateThatHasAnEndToCome() public {
        // Its unit is free again before the others take all four.
        uint256 stopped = stoppedLease(7);
        uint256[5] memory leaseIds = [stopped, openLease(), acceptedLease(), readyLease(), pausedLease()];
        for (uint256 i = 0; i < 5; ++i) {
            uint256 state = vm.snapshotState();
            vm.prank(payer);
            lease.stopAndSettle(leaseIds[i]);
            assertState(leaseIds[i], IInstanceLease.LeaseState.Settled);
            vm.revertToState(state);
        }
    }

    function test_StopAndSettlePaysAsStopAndThenSettleDo() public {
        uint256 leaseId = readyLease();
        vm.warp(block.timestamp + 77);
        uint256 state = vm.snapshotState();
        vm.prank(payer);
        lease.stop(leaseId);
        lease.settle(leaseId);
        uint256 refundedWei = token.balanceOf(payer);
        vm.revertToState(state);
        vm.prank(payer);
        lease.stopAndSettle(leaseId);
        vm.assertEq(token.balanceOf(payer), refundedWei);
    }
}
