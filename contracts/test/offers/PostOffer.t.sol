// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOfferBook} from "../../src/market/IOfferBook.sol";
import {MarketTest} from "../support/MarketTest.sol";

contract PostOfferTest is MarketTest {
    function test_RevertWhen_TheCallerIsNoProvider() public {
        vm.expectRevert(abi.encodeWithSelector(IOfferBook.ProviderNotRegistered.selector, stranger));
        vm.prank(stranger);
        offers.postOffer(ordinaryTerms());
    }

    function test_RevertWhen_ATermIsMissingOrOutOfItsLimits() public {
        IOfferBook.OfferTerms memory terms = ordinaryTerms();
        terms.market = address(0);
        _expectInvalid(terms, "market");
        terms = ordinaryTerms();
        terms.gpuCount = 0;
        _expectInvalid(terms, "gpuCount");
        terms = ordinaryTerms();
        terms.gpuModel = "";
        _expectInvalid(terms, "gpuModel");
        terms.gpuModel = string(new bytes(65));
        _expectInvalid(terms, "gpuModel");
        terms = ordinaryTerms();
        terms.region = string(new bytes(65));
        _expectInvalid(terms, "region");
        terms = ordinaryTerms();
        terms.pricePerSecondWei = 0;
        _expectInvalid(terms, "pricePerSecondWei");
        terms = ordinaryTerms();
        terms.minSeconds = 0;
        _expectInvalid(terms, "minSeconds");
        terms = ordinaryTerms();
        terms.maxSeconds = terms.minSeconds - 1;
        _expectInvalid(terms, "maxSeconds");
        terms = ordinaryTerms();
        terms.uri = string(new bytes(513));
        _expectInvalid(terms, "uri");
    }

    function test_AnOfferIsKeptAndAnnouncedAsPosted() public {
        IOfferBook.OfferTerms memory terms = ordinaryTerms();
        (terms.gpuModel, terms.region) = (string(new bytes(64)), string(new bytes(64)));
        terms.uri = string(new bytes(512));
        vm.expectEmit(address(offers));
        emit IOfferBook.OfferPosted(2, provider, address(lease), terms);
        vm.prank(provider);
        vm.assertEq(offers.postOffer(terms), 2);
        IOfferBook.Offer memory offer = offers.offerOf(2);
        vm.assertEq(keccak256(abi.encode(offer.terms)), keccak256(abi.encode(terms)));
        vm.assertEq(offer.provider, provider);
        vm.assertFalse(offer.paused);
        vm.assertEq(offer.reservedUnits, 0);
        vm.assertEq(offers.offerCount(), 2);
        vm.assertEq(offers.freeUnitsOf(2), 4);
    }

    function test_RevertWhen_AnUnknownOfferIsRead() public {
        vm.expectRevert(abi.encodeWithSelector(IOfferBook.UnknownOffer.selector, 2));
        offers.offerOf(2);
        vm.expectRevert(abi.encodeWithSelector(IOfferBook.UnknownOffer.selector, 2));
        offers.freeUnitsOf(2);
    }

    function _expectInvalid(IOfferBook.OfferTerms memory terms, string memory term) private {
        vm.expectRevert(abi.encodeWithSelector(IOfferBook.InvalidTerm.selector, term));
        vm.prank(provider);
        offers.postOffer(terms);
    }
}
