// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOfferBook} from "../../src/market/IOfferBook.sol";
import {MarketTest} from "../support/MarketTest.sol";

contract ReserveTest is MarketTest {
    function testFuzz_RevertWhen_AnyoneButTheMarketReservesOrReleases(address caller) public {
        vm.assume(caller != address(lease));
        bytes memory reason = abi.encodeWithSelector(IOfferBook.NotOfferMarket.selector, offerId, caller);
        vm.expectRevert(reason);
        vm.prank(caller);
        offers.reserve(offerId, 1);
        vm.expectRevert(reason);
        vm.prank(caller);
        offers.release(offerId, 1);
    }

    function test_RevertWhen_NoUnitsAreAskedFor() public {
        vm.expectRevert(IOfferBook.NoUnitsRequested.selector);
        vm.prank(address(lease));
        offers.reserve(offerId, 0);
    }

    function test_RevertWhen_TheOfferIsPaused() public {
        vm.prank(provider);
        offers.setPaused(offerId, true);
        vm.expectRevert(abi.encodeWithSelector(IOfferBook.OfferIsPaused.selector, offerId));
        vm.prank(address(lease));
        offers.reserve(offerId, 1);
    }

    function testFuzz_RevertWhen_MoreUnitsAreAskedForThanAreFree(uint32 first, uint32 second) public {
        first = uint32(bound(first, 1, 4));
        second = uint32(bound(second, 5 - first, type(uint32).max));
        vm.startPrank(address(lease));
        offers.reserve(offerId, first);
        vm.expectRevert(
            abi.encodeWithSelector(IOfferBook.NotEnoughFreeUnits.selector, offerId, second, 4 - first)
        );
        offers.reserve(offerId, second);
        vm.stopPrank();
    }

    function test_RevertWhen_MoreUnitsAreReleasedThanAreReserved() public {
        vm.startPrank(address(lease));
        offers.reserve(offerId, 2);
        vm.expectRevert(abi.encodeWithSelector(IOfferBook.ReleaseExceedsReserved.selector, offerId, 3, 2));
        offers.release(offerId, 3);
        vm.stopPrank();
    }

    function testFuzz_UnitsAreTakenAndGivenBack(uint32 units, uint32 back) public {
        units = uint32(bound(units, 1, 4));
        back = uint32(bound(back, 0, units));
        vm.startPrank(address(lease));
        IOfferBook.Reservation memory reservation = offers.reserve(offerId, units);
        offers.release(offerId, back);
        vm.stopPrank();
        vm.assertEq(offers.freeUnitsOf(offerId), 4 - units + back);
        vm.assertEq(offers.offerOf(offerId).reservedUnits, units - back);
        vm.assertEq(reservation.provider, provider);
        vm.assertEq(reservation.pricePerSecondWei, PRICE);
        vm.assertEq(reservation.bondPerUnitWei, BOND_PER_UNIT);
        vm.assertEq(reservation.minSeconds, 60);
        vm.assertEq(reservation.maxSeconds, 30 days);
    }
}
