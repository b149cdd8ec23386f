// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {MarketTest} from "../support/MarketTest.sol";

contract PauseTest is MarketTest {
    // ─── Refused ─────────────────────────────────────────────────────────────

    function testFuzz_RevertWhen_AnyoneButTheProviderPausesOrResumes(address caller) public {
        vm.assume(caller != provider);
        uint256 leaseId = readyLease();
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NotProvider.selector, leaseId, caller));
        vm.prank(caller);
        lease.pause(leaseId);
        leaseId = pausedLease();
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NotProvider.selector, leaseId, caller));
        vm.prank(caller);
        lease.resume(leaseId);
    }

    function test_RevertWhen_PausingWhatDoesNotRunOrResumingWhatDoes() public {
        uint256[3] memory leaseIds = [acceptedLease(), pausedLease(), stoppedLease(1)];
        for (uint256 i = 0; i < 3; ++i) {
            expectWrongState(leaseIds[i]);
            vm.prank(provider);
            lease.pause(leaseIds[i]);
        }
        uint256 running = readyLease();
        expectWrongState(running);
        vm.prank(provider);
        lease.resume(running);
    }

    function test_RevertWhen_PausingInsteadOfAnsweringAPing() public {
        uint256 leaseId = pingedLease();
        uint64 deadlineBlock = lease.leaseOf(leaseId).pongDeadlineBlock;
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.PingOpen.selector, deadlineBlock));
        vm.prank(provider);
        lease.pause(leaseId);
    }

    function test_RevertWhen_ThePausesAreUsedUp() public {
        uint256 leaseId = pausedLease();
        mine(MAX_PAUSE_BLOCKS);
        vm.startPrank(provider);
        lease.resume(leaseId);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.PausesUsedUp.selector, leaseId));
        lease.pause(leaseId);
        vm.stopPrank();
    }

    // ─── Works ───────────────────────────────────────────────────────────────

    function testFuzz_TheMeterStandsStillWhilePaused(uint32[4] memory seconds_) public {
        uint256 leaseId = readyLease();
        uint256 usedSeconds;
        for (uint256 i = 0; i < 4; ++i) {
            seconds_[i] = uint32(bound(seconds_[i], 0, 600));
            vm.warp(block.timestamp + seconds_[i]);
            usedSeconds += seconds_[i];
            vm.prank(provider);
            lease.pause(leaseId);
            mine(20);
            vm.assertEq(lease.usedSecondsOf(leaseId), usedSeconds);
            vm.prank(provider);
            lease.resume(leaseId);
        }
        vm.assertEq(lease.leaseOf(leaseId).pausedBlocks, 80);
        vm.assertEq(lease.costOf(leaseId), usedSeconds * PRICE);
    }

    function test_PausingAndResumingAreAnnounced() public {
        uint256 leaseId = readyLease();
        vm.warp(block.timestamp + 11);
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeasePaused(leaseId, payer, provider, 11, uint64(block.number));
        vm.prank(provider);
        lease.pause(leaseId);
        assertState(leaseId, IInstanceLease.LeaseState.Paused);
        mine(3);
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeaseResumed(leaseId, payer, provider, uint64(block.timestamp), 3);
        vm.prank(provider);
        lease.resume(leaseId);
        assertState(leaseId, IInstanceLease.LeaseState.Ready);
    }
}
