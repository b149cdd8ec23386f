// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {IOfferBook} from "../../src/market/IOfferBook.sol";
import {ACT_EXTEND} from "../../src/rights/IUsageRights.sol";
import {MarketTest} from "../support/MarketTest.sol";

contract ExtendTest is MarketTest {
    function testFuzz_RevertWhen_AnyoneWithoutTheRightExtends(address caller) public {
        vm.assume(caller != payer);
        uint256 leaseId = readyLease();
        vm.expectRevert(
            abi.encodeWithSelector(IInstanceLease.NotAuthorized.selector, leaseId, caller, ACT_EXTEND)
        );
        vm.prank(caller);
        lease.extend(leaseId, 1);
    }

    function test_RevertWhen_TheLeaseIsNotAcceptedOrHasEnded() public {
        uint256[2] memory leaseIds = [openLease(), stoppedLease(1)];
        for (uint256 i = 0; i < 2; ++i) {
            expectWrongState(leaseIds[i]);
            vm.prank(payer);
            lease.extend(leaseIds[i], 1);
        }
    }

    function test_RevertWhen_AddingNothingOrBeyondTheOffersLimit() public {
        uint256 leaseId = readyLease();
        uint32[2] memory extra = [0, 30 days - HOUR + 1];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IInstanceLease.DurationOutOfRange.selector, HOUR + extra[i], HOUR + 1, 30 days
                )
            );
            vm.prank(payer);
            lease.extend(leaseId, extra[i]);
        }
    }

    function testFuzz_RevertWhen_ThePaidTimeIsUsedUp(uint32 late) public {
        uint256 leaseId = readyLease();
        vm.warp(block.timestamp + HOUR + bound(late, 0, 10 days));
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.TimeUsedUp.selector, leaseId));
        vm.prank(payer);
        lease.extend(leaseId, HOUR);
    }

    function test_RevertWhen_AFaultWaitsToBeClaimed() public {
        uint256 leaseId = pingedLease();
        mine(PONG_BLOCKS + 1);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.FaultUnclaimed.selector, leaseId));
        vm.prank(payer);
        lease.extend(leaseId, HOUR);
    }

    function testFuzz_TimeIsAddedAtTheFrozenPrice(uint32 extraSeconds) public {
        extraSeconds = uint32(bound(extraSeconds, 1, 1 days));
        uint256 leaseId = readyLease();
        IOfferBook.OfferTerms memory terms = ordinaryTerms();
        (terms.pricePerSecondWei, terms.maxSeconds) = (PRICE * 10, 60);
        vm.prank(provider);
        offers.updateOffer(offerId, terms);
        uint128 escrowWei = PRICE * (HOUR + extraSeconds);
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeaseExtended(leaseId, payer, provider, HOUR + extraSeconds, escrowWei);
        vm.prank(payer);
        lease.extend(leaseId, extraSeconds);
        vm.assertEq(token.balanceOf(address(lease)), escrowWei);
        vm.assertEq(lease.leaseOf(leaseId).maxSeconds, HOUR + extraSeconds);
        vm.warp(block.timestamp + 2 days);
        vm.assertEq(lease.costOf(leaseId), escrowWei);
    }

    function test_AcceptedAndPausedLeasesCanBeExtended() public {
        uint256[2] memory leaseIds = [acceptedLease(), pausedLease()];
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(payer);
            lease.extend(leaseIds[i], HOUR);
            vm.assertEq(lease.leaseOf(leaseIds[i]).maxSeconds, 2 * HOUR);
        }
    }
}
