// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IModelLineage} from "./IModelLineage.sol";

/// @dev A point of secp256k1.
struct Point {
    uint256 x;
    uint256 y;
}

/// @title Models for sale: licences or the model itself, with the key to its artifacts.
/// @notice `Paid → Released → Settled`, or `Refunded`. A buyer pays into this contract and publishes a public key made
/// for the purchase; the seller releases the model's key, sealed to it (`SealedKey` says how). The buyer confirms, or
/// time does; or the buyer proves, by arithmetic alone, that what was released is not the promised key, and has its
/// money back. Nobody judges, nobody owns the contract, and every waiting state can be ended by who waits.
///
/// A released key cannot be taken back. So it is released only when the payment is `CONFIRMATION_BLOCKS` deep, where no
/// ordinary reorganisation reaches it; and a release is never too late while the money is still here. A buyer that has
/// waited `RELEASE_BLOCKS` asks for its money, and has it `GRACE_BLOCKS` later if the key has not come: a seller that
/// releases only while nobody has asked, or well within the grace, cannot lose both.
/// @dev Amounts are token wei, deadlines block numbers (the last block in which the act is still possible).
interface IModelNft is IModelLineage {
    enum PurchaseState {
        None,
        Paid,
        Released,
        Settled,
        Refunded
    }

    /// @param seller The model's owner when it posted the terms. @param withdrawn No longer for sale. @param sellsModel The model itself is sold; otherwise a licence.
    /// @param durationSeconds How long the licence lasts; 0: for ever. @param termsHash Of the licence's text.
    /// @param handoverCount The model's when they were posted: once it has changed hands they are void for good.
    struct Terms {
        address seller;
        bool withdrawn;
        bool sellsModel;
        uint64 durationSeconds;
        uint256 modelId;
        uint256 priceWei;
        bytes32 termsHash;
        uint64 handoverCount;
    }

    /// @param deadlineBlock Paid: last block before the buyer may ask for its money or, once it has, before it may have
    /// it. Released: last block to dispute in. @param refundRequested The buyer wants its money back.
    /// @param buyerKey Address of the buyer's public key. @param releasableFromBlock First block to release in.
    /// @param sellerKey R, and @param sealedKey the sealed key, of `SealedKey`.
    struct Purchase {
        address buyer;
        PurchaseState state;
        uint64 deadlineBlock;
        bool refundRequested;
        address buyerKey;
        uint64 releasableFromBlock;
        uint256 termsId;
        Point sellerKey;
        bytes32 sealedKey;
    }

    event TermsPosted(uint256 indexed termsId, uint256 indexed modelId, address indexed seller, Terms terms);
    event TermsWithdrawn(uint256 indexed termsId, uint256 indexed modelId, address indexed seller);
    event PurchasePaid(
        uint256 indexed purchaseId,
        uint256 indexed termsId,
        address indexed buyer,
        Point buyerKey,
        uint256 priceWei,
        uint64 releasableFromBlock,
        uint64 deadlineBlock
    );
    /// @param deadlineBlock Last block in which the money waits for the key.
    event RefundRequested(uint256 indexed purchaseId, address indexed buyer, uint64 deadlineBlock);
    event KeyReleased(uint256 indexed purchaseId, Point sellerKey, bytes32 sealedKey, uint64 deadlineBlock);
    /// @param licensedUntil Last second (since 1970) of the buyer's licence; 0: the model was sold.
    event PurchaseSettled(
        uint256 indexed purchaseId,
        uint256 indexed modelId,
        address indexed buyer,
        address seller,
        uint256 sellerWei,
        uint256 royaltyWei,
        uint64 licensedUntil
    );
    /// @param disproved The released key was proven to be another than promised.
    event PurchaseRefunded(
        uint256 indexed purchaseId, address indexed buyer, uint256 priceWei, bool disproved
    );

    error UnknownTerms(uint256 termsId);
    error UnknownPurchase(uint256 purchaseId);
    error NotModelOwner(uint256 modelId, address caller);
    /// @notice The model has no key to sell.
    error ModelNotSealed(uint256 modelId);
    error NotSeller(uint256 termsId, address caller);
    error NotBuyer(uint256 purchaseId, address caller);
    /// @notice The terms were withdrawn, or the model has changed hands since.
    error TermsNotInForce(uint256 termsId);
    /// @notice The purchase is in `state`, in which this cannot be done.
    error WrongPurchaseState(uint256 purchaseId, PurchaseState state);
    /// @notice The payment is not deep enough yet: release in `releasableFromBlock` or later.
    error PurchaseUnconfirmed(uint64 releasableFromBlock);
    /// @notice The buyer has not asked for its money.
    error RefundNotRequested(uint256 purchaseId);
    error RefundAlreadyRequested(uint256 purchaseId);
    /// @notice Not a point of secp256k1.
    error InvalidPoint(Point point);
    /// @notice `deadlineBlock` was the last block in which this could be done.
    error DeadlinePassed(uint64 deadlineBlock);
    /// @notice Others than the party it protects can do this only after `deadlineBlock`.
    error DeadlineNotPassed(uint64 deadlineBlock);
    /// @notice Not the private key of this purchase.
    error WrongPrivateKey(uint256 purchaseId);
    /// @notice Not the product of the private key and the seller's point.
    error WrongSharedPoint(uint256 purchaseId);
    /// @notice What was released is what was promised.
    error KeyIsGood(uint256 purchaseId);

    /// @notice Owner of a sealed model: puts it, or licences of it, up for sale.
    function postTerms(
        uint256 modelId,
        bool sellsModel,
        uint256 priceWei,
        uint64 durationSeconds,
        bytes32 termsHash
    ) external returns (uint256 termsId);

    /// @notice Seller: sells no more under these terms.
    function withdrawTerms(uint256 termsId) external;

    /// @notice Pays the price into escrow; a model that is sold moves into escrow too.
    /// @param buyerKey Public key of a pair made for this purchase alone: a dispute reveals the private one.
    function buy(uint256 termsId, Point calldata buyerKey) external returns (uint256 purchaseId);

    /// @notice Seller, `CONFIRMATION_BLOCKS` after the purchase: releases the key, sealed to the buyer.
    /// @dev What is sent is public, whether it lands or not: send it only while no refund can overtake it.
    function release(uint256 purchaseId, Point calldata sellerKey, bytes32 sealedKey) external;

    /// @notice Buyer at any time once the key is released, anyone after `DISPUTE_BLOCKS`: pays the seller.
    function settle(uint256 purchaseId) external;

    /// @notice Anyone who has the buyer's key, within `DISPUTE_BLOCKS`: proves that the released key is not the promised one.
    /// @param privateKey Of the purchase's public key. @param shared `privateKey` times the seller's point.
    function dispute(uint256 purchaseId, uint256 privateKey, Point calldata shared) external;

    /// @notice Buyer, after `RELEASE_BLOCKS`: asks for the price of an unreleased purchase.
    function requestRefund(uint256 purchaseId) external;

    /// @notice Gives an unreleased purchase's price back. Seller at any time, anyone `GRACE_BLOCKS` after the buyer asked.
    function refund(uint256 purchaseId) external;

    /// @notice Blocks between the payment and the release of the key.
    function CONFIRMATION_BLOCKS() external view returns (uint64);

    /// @notice Blocks a seller has to release the key before the buyer may ask for its money.
    function RELEASE_BLOCKS() external view returns (uint64);

    /// @notice Blocks a seller has left to release the key when the buyer has asked for its money.
    function GRACE_BLOCKS() external view returns (uint64);

    /// @notice Blocks a buyer has to try it.
    function DISPUTE_BLOCKS() external view returns (uint64);

    /// @notice Terms and purchases ever made: their ids are 1 to these.
    function termsCount() external view returns (uint256);

    function purchaseCount() external view returns (uint256);

    function termsOf(uint256 termsId) external view returns (Terms memory);

    function purchaseOf(uint256 purchaseId) external view returns (Purchase memory);

    /// @notice How often the model has changed hands. Into a sale's escrow, and back, is no change.
    function handoverCountOf(uint256 modelId) external view returns (uint64);

    /// @notice Last second (since 1970) of `account`'s licence; 0 if it never had one.
    function licensedUntilOf(uint256 modelId, address account) external view returns (uint64);

    /// @notice Whether `account` owns the model or has a licence that is not over.
    function isLicensed(uint256 modelId, address account) external view returns (bool);
}
