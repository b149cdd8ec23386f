// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOfferBook} from "./IOfferBook.sol";
import {IProviderRegistry} from "./IProviderRegistry.sol";

/// @title Offers and their free units; what it promises stands on `IOfferBook`.
contract OfferBook is IOfferBook {
    uint256 private constant MAX_NAME_BYTES = 64;
    uint256 private constant MAX_URI_BYTES = 512;

    /// @inheritdoc IOfferBook
    IProviderRegistry public immutable registry;

    /// @inheritdoc IOfferBook
    uint256 public offerCount;

    mapping(uint256 offerId => Offer) private _offers;

    constructor(IProviderRegistry registry_) {
        registry = registry_;
    }

    // ─── Provider ────────────────────────────────────────────────────────────

    /// @inheritdoc IOfferBook
    function postOffer(OfferTerms calldata terms) external returns (uint256 offerId) {
        if (!registry.isRegistered(msg.sender)) revert ProviderNotRegistered(msg.sender);
        _checkFixedTerms(terms);
        _checkChangeableTerms(terms);
        offerId = ++offerCount;
        _offers[offerId].provider = msg.sender;
        _offers[offerId].terms = terms;
        emit OfferPosted(offerId, msg.sender, terms.market, terms);
    }

    /// @inheritdoc IOfferBook
    function updateOffer(uint256 offerId, OfferTerms calldata terms) external {
        OfferTerms storage present = _ofCaller(offerId).terms;
        _checkUnchanged(present, terms);
        _checkChangeableTerms(terms);
        present.capacityUnits = terms.capacityUnits;
        present.pricePerSecondWei = terms.pricePerSecondWei;
        present.minSeconds = terms.minSeconds;
        present.maxSeconds = terms.maxSeconds;
        present.uri = terms.uri;
        emit OfferUpdated(offerId, msg.sender, terms);
    }

    /// @inheritdoc IOfferBook
    function setPaused(uint256 offerId, bool paused) external {
        _ofCaller(offerId).paused = paused;
        emit OfferPausedSet(offerId, msg.sender, paused);
    }

    // ─── Market ──────────────────────────────────────────────────────────────

    /// @inheritdoc IOfferBook
    function reserve(uint256 offerId, uint32 units) external returns (Reservation memory) {
        Offer storage offer = _ofMarket(offerId);
        if (offer.paused) revert OfferIsPaused(offerId);
        if (units == 0) revert NoUnitsRequested();
        uint32 freeUnits = _freeUnits(offer);
        if (units > freeUnits) revert NotEnoughFreeUnits(offerId, units, freeUnits);
        uint32 reservedUnits = offer.reservedUnits + units;
        offer.reservedUnits = reservedUnits;
        emit UnitsReserved(offerId, units, reservedUnits);
        OfferTerms storage terms = offer.terms;
        return Reservation({
            provider: offer.provider,
            kind: terms.kind,
            pricePerSecondWei: terms.pricePerSecondWei,
            bondPerUnitWei: terms.bondPerUnitWei,
            minSeconds: terms.minSeconds,
            maxSeconds: terms.maxSeconds
        });
    }

    /// @inheritdoc IOfferBook
    function release(uint256 offerId, uint32 units) external {
        Offer storage offer = _ofMarket(offerId);
        uint32 reservedUnits = offer.reservedUnits;
        if (units > reservedUnits) revert ReleaseExceedsReserved(offerId, units, reservedUnits);
        reservedUnits -= units;
        offer.reservedUnits = reservedUnits;
        emit UnitsReleased(offerId, units, reservedUnits);
    }

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @inheritdoc IOfferBook
    function offerOf(uint256 offerId) external view returns (Offer memory) {
        return _known(offerId);
    }

    /// @inheritdoc IOfferBook
    function freeUnitsOf(uint256 offerId) external view returns (uint32) {
        Offer storage offer = _known(offerId);
        return offer.paused ? 0 : _freeUnits(offer);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _known(uint256 offerId) private view returns (Offer storage offer) {
        offer = _offers[offerId];
        if (offer.provider == address(0)) revert UnknownOffer(offerId);
    }

    function _ofCaller(uint256 offerId) private view returns (Offer storage offer) {
        offer = _known(offerId);
        if (msg.sender != offer.provider) revert NotOfferProvider(offerId, msg.sender);
    }

    function _ofMarket(uint256 offerId) private view returns (Offer storage offer) {
        offer = _known(offerId);
        if (msg.sender != offer.terms.market) revert NotOfferMarket(offerId, msg.sender);
    }

    function _freeUnits(Offer storage offer) private view returns (uint32) {
        uint32 capacityUnits = offer.terms.capacityUnits;
        uint32 reservedUnits = offer.reservedUnits;
        return capacityUnits > reservedUnits ? capacityUnits - reservedUnits : 0;
    }

    function _checkFixedTerms(OfferTerms calldata terms) private pure {
        if (terms.market == address(0)) revert InvalidTerm("market");
        if (terms.gpuCount == 0) revert InvalidTerm("gpuCount");
        uint256 modelLength = bytes(terms.gpuModel).length;
        if (modelLength == 0 || modelLength > MAX_NAME_BYTES) revert InvalidTerm("gpuModel");
        if (bytes(terms.region).length > MAX_NAME_BYTES) revert InvalidTerm("region");
    }

    function _checkChangeableTerms(OfferTerms calldata terms) private pure {
        if (terms.pricePerSecondWei == 0) revert InvalidTerm("pricePerSecondWei");
        if (terms.minSeconds == 0) revert InvalidTerm("minSeconds");
        if (terms.maxSeconds < terms.minSeconds) revert InvalidTerm("maxSeconds");
        if (bytes(terms.uri).length > MAX_URI_BYTES) revert InvalidTerm("uri");
    }

    /// @dev A different machine, bond or market is a different offer: a buyer's transaction in flight must not
    /// land on other goods than it saw.
    function _checkUnchanged(OfferTerms storage present, OfferTerms calldata terms) private view {
        if (terms.market != present.market) revert FixedTerm("market");
        if (terms.kind != present.kind) revert FixedTerm("kind");
        if (terms.gpuCount != present.gpuCount) revert FixedTerm("gpuCount");
        if (terms.bondPerUnitWei != present.bondPerUnitWei) revert FixedTerm("bondPerUnitWei");
        if (terms.vramGiB != present.vramGiB) revert FixedTerm("vramGiB");
        if (terms.specHash != present.specHash) revert FixedTerm("specHash");
        if (keccak256(bytes(terms.gpuModel)) != keccak256(bytes(present.gpuModel))) {
            revert FixedTerm("gpuModel");
        }
        if (keccak256(bytes(terms.region)) != keccak256(bytes(present.region))) revert FixedTerm("region");
    }
}
