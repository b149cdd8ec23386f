// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOfferBook} from "../../src/market/IOfferBook.sol";
import {MarketTest} from "../support/MarketTest.sol";

contract UpdateOfferTest is MarketTest {
    // ─── Refused ─────────────────────────────────────────────────────────────

    function test_RevertWhen_AnotherThanItsProviderChangesAnOffer() public {
        enroll(stranger, stranger, 0);
        bytes memory reason = abi.encodeWithSelector(IOfferBook.NotOfferProvider.selector, offerId, stranger);
        vm.expectRevert(reason);
        vm.prank(stranger);
        offers.updateOffer(offerId, ordinaryTerms());
        vm.expectRevert(reason);
        vm.prank(stranger);
        offers.setPaused(offerId, true);
    }

    function test_RevertWhen_TheOfferIsUnknown() public {
        vm.expectRevert(abi.encodeWithSelector(IOfferBook.UnknownOffer.selector, 9));
        vm.prank(provider);
        offers.updateOffer(9, ordinaryTerms());
        vm.expectRevert(abi.encodeWithSelector(IOfferBook.UnknownOffer.selector, 9));
        vm.prank(provider);
        offers.setPaused(9, true);
    }

    function test_RevertWhen_AFixedTermChanges() public {
        IOfferBook.OfferTerms memory terms = ordinaryTerms();
        terms.market = stranger;
        _expectFixed(terms, "market");
        terms = ordinaryTerms();
        terms.kind = IOfferBook.OfferKind.Serverless;
        _expectFixed(terms, "kind");
        terms = ordinaryTerms();
        terms.gpuCount = 1;
        _expectFixed(terms, "gpuCount");
        terms = ordinaryTerms();
        terms.bondPerUnitWei = 0;
        _expectFixed(terms, "bondPerUnitWei");
        terms = ordinaryTerms();
        terms.vramGiB = 24;
        _expectFixed(terms, "vramGiB");
        terms = ordinaryTerms();
        terms.specHash = keccak256("other");
        _expectFixed(terms, "specHash");
        terms = ordinaryTerms();
        terms.gpuModel = "T4";
        _expectFixed(terms, "gpuModel");
        terms = ordinaryTerms();
        terms.region = "elsewhere";
        _expectFixed(terms, "region");
    }

    function test_RevertWhen_AChangeableTermIsOutOfItsLimits() public {
        IOfferBook.OfferTerms memory terms = ordinaryTerms();
        terms.pricePerSecondWei = 0;
        _expect(terms, abi.encodeWithSelector(IOfferBook.InvalidTerm.selector, "pricePerSecondWei"));
        terms = ordinaryTerms();
        terms.maxSeconds = 1;
        _expect(terms, abi.encodeWithSelector(IOfferBook.InvalidTerm.selector, "maxSeconds"));
    }

    // ─── Works ───────────────────────────────────────────────────────────────

    function test_TheChangeableTermsChange() public {
        IOfferBook.OfferTerms memory terms = ordinaryTerms();
        terms.pricePerSecondWei = 1;
        terms.capacityUnits = 9;
        (terms.minSeconds, terms.maxSeconds) = (1, 2);
        terms.uri = "ipfs://new";
        vm.expectEmit(address(offers));
        emit IOfferBook.OfferUpdated(offerId, provider, terms);
        vm.prank(provider);
        offers.updateOffer(offerId, terms);
        vm.assertEq(keccak256(abi.encode(offers.offerOf(offerId).terms)), keccak256(abi.encode(terms)));
    }

    function test_ANewPriceReachesOnlyLaterLeases() public {
        uint256 earlier = openLease();
        IOfferBook.OfferTerms memory terms = ordinaryTerms();
        terms.pricePerSecondWei = PRICE / 2;
        vm.prank(provider);
        offers.updateOffer(offerId, terms);
        uint256 later = openLease();
        vm.assertEq(lease.leaseOf(earlier).pricePerSecondWei, PRICE);
        vm.assertEq(lease.leaseOf(later).pricePerSecondWei, PRICE / 2);
    }

    function test_APausedOfferHasNoFreeUnitsUntilItIsResumed() public {
        vm.expectEmit(address(offers));
        emit IOfferBook.OfferPausedSet(offerId, provider, true);
        vm.prank(provider);
        offers.setPaused(offerId, true);
        vm.assertEq(offers.freeUnitsOf(offerId), 0);
        vm.prank(provider);
        offers.setPaused(offerId, false);
        vm.assertEq(offers.freeUnitsOf(offerId), 4);
    }

    function test_CapacityMayFallBelowWhatIsReserved() public {
        openLease(3, HOUR);
        IOfferBook.OfferTerms memory terms = ordinaryTerms();
        terms.capacityUnits = 2;
        vm.prank(provider);
        offers.updateOffer(offerId, terms);
        vm.assertEq(offers.freeUnitsOf(offerId), 0);
    }

    function _expectFixed(IOfferBook.OfferTerms memory terms, string memory term) private {
        _expect(terms, abi.encodeWithSelector(IOfferBook.FixedTerm.selector, term));
    }

    function _expect(IOfferBook.OfferTerms memory terms, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(provider);
        offers.updateOffer(offerId, terms);
    }
}
