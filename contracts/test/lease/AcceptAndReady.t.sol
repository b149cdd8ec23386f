// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {IProviderRegistry} from "../../src/market/IProviderRegistry.sol";
import {MarketTest} from "../support/MarketTest.sol";

contract AcceptAndReadyTest is MarketTest {
    // ─── accept ──────────────────────────────────────────────────────────────

    function testFuzz_RevertWhen_AnyoneButTheProviderAccepts(address caller) public {
        vm.assume(caller != provider);
        uint256 leaseId = openLease();
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NotProvider.selector, leaseId, caller));
        vm.prank(caller);
        lease.accept(leaseId);
    }

    function test_RevertWhen_AcceptingTwice() public {
        uint256 leaseId = acceptedLease();
        expectWrongState(leaseId);
        vm.prank(provider);
        lease.accept(leaseId);
    }

    function test_RevertWhen_AcceptingTooLate() public {
        uint256 leaseId = openLease();
        uint64 deadlineBlock = lease.leaseOf(leaseId).deadlineBlock;
        vm.roll(deadlineBlock + 1);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.DeadlinePassed.selector, deadlineBlock));
        vm.prank(provider);
        lease.accept(leaseId);
    }

    function test_RevertWhen_TheBondDoesNotReach() public {
        vm.prank(provider);
        registry.requestUnstake(96 ether);
        uint256 leaseId = openLease();
        vm.expectRevert(
            abi.encodeWithSelector(
                IProviderRegistry.InsufficientBond.selector, provider, BOND_PER_UNIT, 4 ether
            )
        );
        vm.prank(provider);
        lease.accept(leaseId);
    }

    function test_RevertWhen_TheProviderNoLongerAllowsTheMarket() public {
        uint256 leaseId = openLease();
        vm.startPrank(provider);
        registry.setMarket(address(lease), false);
        vm.expectRevert(
            abi.encodeWithSelector(IProviderRegistry.MarketNotAllowed.selector, provider, address(lease))
        );
        lease.accept(leaseId);
        vm.stopPrank();
    }

    function test_AcceptingInTheLastBlockLocksTheBond() public {
        uint256 leaseId = openLease(3, HOUR);
        vm.roll(lease.leaseOf(leaseId).deadlineBlock);
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeaseAccepted(leaseId, payer, provider, uint64(block.number) + READY_BLOCKS);
        vm.prank(provider);
        lease.accept(leaseId);
        assertState(leaseId, IInstanceLease.LeaseState.Accepted);
        vm.assertEq(registry.lockedBy(provider, address(lease)), 3 * BOND_PER_UNIT);
        vm.assertEq(lease.leaseOf(leaseId).deadlineBlock, block.number + READY_BLOCKS);
    }

    // ─── ready ───────────────────────────────────────────────────────────────

    function testFuzz_RevertWhen_AnyoneButTheProviderReadies(address caller) public {
        vm.assume(caller != provider);
        uint256 leaseId = acceptedLease();
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NotProvider.selector, leaseId, caller));
        vm.prank(caller);
        lease.ready(leaseId, "");
    }

    function test_RevertWhen_ReadyingBeforeAcceptingOrTwice() public {
        uint256 leaseId = openLease();
        expectWrongState(leaseId);
        vm.prank(provider);
        lease.ready(leaseId, "");
        leaseId = readyLease();
        expectWrongState(leaseId);
        vm.prank(provider);
        lease.ready(leaseId, "");
    }

    function test_RevertWhen_ReadyingTooLate() public {
        uint256 leaseId = acceptedLease();
        uint64 deadlineBlock = lease.leaseOf(leaseId).deadlineBlock;
        vm.roll(deadlineBlock + 1);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.DeadlinePassed.selector, deadlineBlock));
        vm.prank(provider);
        lease.ready(leaseId, "");
    }

    function test_RevertWhen_TheAccessIsTooLong() public {
        uint256 leaseId = acceptedLease();
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.AccessTooLong.selector, 1025, 1024));
        vm.prank(provider);
        lease.ready(leaseId, new bytes(1025));
    }

    function test_ReadyingStartsTheMeterAndHandsOverTheAccess() public {
        uint256 leaseId = acceptedLease();
        bytes memory access = new bytes(1024);
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeaseReady(leaseId, payer, provider, uint64(block.timestamp), access);
        vm.prank(provider);
        lease.ready(leaseId, access);
        assertState(leaseId, IInstanceLease.LeaseState.Ready);
        vm.assertEq(lease.costOf(leaseId), 0);
        vm.warp(block.timestamp + 7);
        vm.assertEq(lease.usedSecondsOf(leaseId), 7);
        vm.assertEq(lease.costOf(leaseId), 7 * uint256(PRICE));
    }

    // ─── expire ──────────────────────────────────────────────────────────────

    function test_RevertWhen_ExpiringBeforeTheDeadline() public {
        uint256[2] memory leaseIds = [openLease(), acceptedLease()];
        for (uint256 i = 0; i < 2; ++i) {
            uint64 deadlineBlock = lease.leaseOf(leaseIds[i]).deadlineBlock;
            vm.roll(deadlineBlock);
            vm.expectRevert(abi.encodeWithSelector(IInstanceLease.DeadlineNotPassed.selector, deadlineBlock));
            lease.expire(leaseIds[i]);
        }
    }

    function test_RevertWhen_ExpiringALeaseThatRunsOrHasEnded() public {
        uint256[4] memory leaseIds = [readyLease(), pausedLease(), stoppedLease(1), openLease()];
        vm.prank(payer);
        lease.stop(leaseIds[3]);
        vm.roll(block.number + 10_000);
        for (uint256 i = 0; i < 4; ++i) {
            expectWrongState(leaseIds[i]);
            lease.expire(leaseIds[i]);
        }
    }

    function test_AnyoneExpiresALeaseThatWasNotAccepted() public {
        uint256 leaseId = openLease();
        vm.roll(lease.leaseOf(leaseId).deadlineBlock + 1);
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeaseExpired(
            leaseId, payer, provider, IInstanceLease.LeaseState.Locked, uint256(PRICE) * HOUR
        );
        vm.prank(stranger);
        lease.expire(leaseId);
        assertState(leaseId, IInstanceLease.LeaseState.Expired);
        _assertAllGivenBack();
        vm.assertEq(registry.scoreOf(provider, address(lease)).lapsed, 0);
    }

    function test_AnyoneExpiresALeaseThatWasNotMadeReady() public {
        uint256 leaseId = acceptedLease();
        vm.roll(lease.leaseOf(leaseId).deadlineBlock + 1);
        vm.prank(stranger);
        lease.expire(leaseId);
        assertState(leaseId, IInstanceLease.LeaseState.Expired);
        _assertAllGivenBack();
        vm.assertEq(registry.scoreOf(provider, address(lease)).lapsed, 1);
    }

    function _assertAllGivenBack() private view {
        vm.assertEq(token.balanceOf(payer), 1000 ether);
        vm.assertEq(token.balanceOf(address(lease)), 0);
        vm.assertEq(offers.freeUnitsOf(offerId), 4);
        vm.assertEq(registry.lockedBy(provider, address(lease)), 0);
    }
}
