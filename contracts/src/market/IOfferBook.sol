// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IProviderRegistry} from "./IProviderRegistry.sol";

/// @title What providers offer, at what price, and how much of it is free.
/// @notice What is offered (the machine, its bond, its market) never changes after posting, so nobody can
/// swap the goods under a buyer; price, duration limits, capacity and URI may, for later agreements only.
interface IOfferBook {
    enum OfferKind {
        Instance,
        Serverless
    }

    /// @param market The contract that sells this offer; it alone reserves and releases units. Fixed.
    /// @param kind A whole machine by the second, or pay per use. Fixed.
    /// @param capacityUnits How many units there are. May fall below what is reserved: then none is free.
    /// @param gpuCount GPUs in one unit. Fixed.
    /// @param pricePerSecondWei Token wei for one unit and second.
    /// @param bondPerUnitWei Token wei of the provider's bond locked for each unit sold. Fixed.
    /// @param minSeconds Shortest agreement. @param maxSeconds Longest agreement, extensions included.
    /// @param vramGiB Memory of one GPU in GiB. Fixed.
    /// @param specHash Hash of the full specification behind the URI. Fixed.
    /// @param gpuModel 1 to 64 bytes. Fixed. @param region At most 64 bytes. Fixed.
    /// @param uri At most 512 bytes.
    struct OfferTerms {
        address market;
        OfferKind kind;
        uint32 capacityUnits;
        uint32 gpuCount;
        uint128 pricePerSecondWei;
        uint128 bondPerUnitWei;
        uint32 minSeconds;
        uint32 maxSeconds;
        uint32 vramGiB;
        bytes32 specHash;
        string gpuModel;
        string region;
        string uri;
    }

    struct Offer {
        address provider;
        bool paused;
        uint32 reservedUnits;
        OfferTerms terms;
    }

    /// @notice What a market freezes into the agreement it makes.
    struct Reservation {
        address provider;
        OfferKind kind;
        uint128 pricePerSecondWei;
        uint128 bondPerUnitWei;
        uint32 minSeconds;
        uint32 maxSeconds;
    }

    event OfferPosted(
        uint256 indexed offerId, address indexed provider, address indexed market, OfferTerms terms
    );
    event OfferUpdated(uint256 indexed offerId, address indexed provider, OfferTerms terms);
    event OfferPausedSet(uint256 indexed offerId, address indexed provider, bool paused);
    event UnitsReserved(uint256 indexed offerId, uint32 units, uint32 reservedUnits);
    event UnitsReleased(uint256 indexed offerId, uint32 units, uint32 reservedUnits);

    error UnknownOffer(uint256 offerId);
    error ProviderNotRegistered(address caller);
    error NotOfferProvider(uint256 offerId, address caller);
    error NotOfferMarket(uint256 offerId, address caller);
    /// @notice A term is missing or out of its limits; `term` is its name.
    error InvalidTerm(string term);
    /// @notice A fixed term was changed; `term` is its name. Post a new offer instead.
    error FixedTerm(string term);
    error OfferIsPaused(uint256 offerId);
    error NoUnitsRequested();
    error NotEnoughFreeUnits(uint256 offerId, uint32 requestedUnits, uint32 freeUnits);
    error ReleaseExceedsReserved(uint256 offerId, uint32 units, uint32 reservedUnits);

    /// @notice Posts an offer of the calling registered provider. @return offerId Counts from 1.
    function postOffer(OfferTerms calldata terms) external returns (uint256 offerId);

    /// @notice Replaces the terms that may change; the fixed ones must be repeated unchanged.
    function updateOffer(uint256 offerId, OfferTerms calldata terms) external;

    /// @notice Pauses or resumes selling. Running agreements go on.
    function setPaused(uint256 offerId, bool paused) external;

    /// @notice Takes `units` out of the free ones. Only for the offer's market.
    function reserve(uint256 offerId, uint32 units) external returns (Reservation memory);

    /// @notice Gives `units` back. Only for the offer's market.
    function release(uint256 offerId, uint32 units) external;

    function registry() external view returns (IProviderRegistry);

    /// @notice How many offers were ever posted: their ids are 1 to this.
    function offerCount() external view returns (uint256);

    function offerOf(uint256 offerId) external view returns (Offer memory);

    /// @notice Units that can be reserved now; 0 while the offer is paused.
    function freeUnitsOf(uint256 offerId) external view returns (uint32);
}
