// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeToken} from "../token/IComputeToken.sol";
import {IModelNft, Point} from "./IModelNft.sol";
import {ITrainingRecord} from "./ITrainingRecord.sol";
import {ModelLineage} from "./ModelLineage.sol";
import {SealedKey} from "./SealedKey.sol";

/// @title Models for sale; what it promises stands on `IModelNft`.
/// @dev Every function first writes its state and then calls the token, which does not call back.
contract ModelNft is ModelLineage, IModelNft {
    using SealedKey for Point;

    /// @inheritdoc IModelNft
    /// @dev Two minutes at ten seconds a block, and what bundler and paymaster service take for final. Who sells for
    /// more than such a reorganisation costs waits longer.
    uint64 public constant CONFIRMATION_BLOCKS = 12;
    /// @inheritdoc IModelNft
    /// @dev A day at ten seconds a block: a seller may be a person.
    uint64 public constant RELEASE_BLOCKS = 8_640;
    /// @inheritdoc IModelNft
    /// @dev An hour: what was sent before the refund was asked for has been mined or is lost by then.
    uint64 public constant GRACE_BLOCKS = 360;
    /// @inheritdoc IModelNft
    uint64 public constant DISPUTE_BLOCKS = 8_640;

    /// @inheritdoc IModelNft
    uint256 public termsCount;
    /// @inheritdoc IModelNft
    uint256 public purchaseCount;

    mapping(uint256 termsId => Terms) private _terms;
    mapping(uint256 purchaseId => Purchase) private _purchases;

    /// @inheritdoc IModelNft
    mapping(uint256 modelId => uint64) public handoverCountOf;

    /// @inheritdoc IModelNft
    mapping(uint256 modelId => mapping(address account => uint64)) public licensedUntilOf;

    constructor(IComputeToken token_, ITrainingRecord records_) ModelLineage(token_, records_) {}

    // ─── Terms ───────────────────────────────────────────────────────────────

    /// @inheritdoc IModelNft
    function postTerms(
        uint256 modelId,
        bool sellsModel,
        uint256 priceWei,
        uint64 durationSeconds,
        bytes32 termsHash
    ) external returns (uint256 termsId) {
        if (_knownModel(modelId).keyHash == 0) revert ModelNotSealed(modelId);
        if (_ownerOf(modelId) != msg.sender) revert NotModelOwner(modelId, msg.sender);
        termsId = ++termsCount;
        Terms memory terms = Terms({
            seller: msg.sender,
            withdrawn: false,
            sellsModel: sellsModel,
            durationSeconds: durationSeconds,
            modelId: modelId,
            priceWei: priceWei,
            termsHash: termsHash,
            handoverCount: handoverCountOf[modelId]
        });
        _terms[termsId] = terms;
        emit TermsPosted(termsId, modelId, msg.sender, terms);
    }

    /// @inheritdoc IModelNft
    function withdrawTerms(uint256 termsId) external {
        Terms storage terms = _knownTerms(termsId);
        if (msg.sender != terms.seller) revert NotSeller(termsId, msg.sender);
        terms.withdrawn = true;
        emit TermsWithdrawn(termsId, terms.modelId, msg.sender);
    }

    // ─── Purchases ───────────────────────────────────────────────────────────

    /// @inheritdoc IModelNft
    function buy(uint256 termsId, Point calldata buyerKey) external returns (uint256 purchaseId) {
        Terms storage terms = _knownTerms(termsId);
        uint256 modelId = terms.modelId;
        if (!_isInForce(terms)) revert TermsNotInForce(termsId);
        _requirePoint(buyerKey);
        purchaseId = ++purchaseCount;
        uint64 deadlineBlock = uint64(block.number) + RELEASE_BLOCKS;
        uint64 releasableFromBlock = uint64(block.number) + CONFIRMATION_BLOCKS;
        Purchase storage purchase = _purchases[purchaseId];
        purchase.buyer = msg.sender;
        purchase.state = PurchaseState.Paid;
        purchase.deadlineBlock = deadlineBlock;
        purchase.buyerKey = buyerKey.addressOf();
        purchase.releasableFromBlock = releasableFromBlock;
        purchase.termsId = termsId;
        uint256 priceWei = terms.priceWei;
        emit PurchasePaid(
            purchaseId, termsId, msg.sender, buyerKey, priceWei, releasableFromBlock, deadlineBlock
        );
        if (terms.sellsModel) _transfer(terms.seller, address(this), modelId);
        token.transferFrom(msg.sender, address(this), priceWei);
    }

    /// @inheritdoc IModelNft
    function release(uint256 purchaseId, Point calldata sellerKey, bytes32 sealedKey) external {
        Purchase storage purchase = _inState(purchaseId, PurchaseState.Paid);
        address seller = _terms[purchase.termsId].seller;
        if (msg.sender != seller) revert NotSeller(purchase.termsId, msg.sender);
        // Never too late, until the money has gone back: by now the key is public.
        if (block.number < purchase.releasableFromBlock) {
            revert PurchaseUnconfirmed(purchase.releasableFromBlock);
        }
        _requirePoint(sellerKey);
        uint64 deadlineBlock = uint64(block.number) + DISPUTE_BLOCKS;
        purchase.state = PurchaseState.Released;
        purchase.deadlineBlock = deadlineBlock;
        purchase.sellerKey = sellerKey;
        purchase.sealedKey = sealedKey;
        emit KeyReleased(purchaseId, sellerKey, sealedKey, deadlineBlock);
    }

    /// @inheritdoc IModelNft
    function settle(uint256 purchaseId) external {
        Purchase storage purchase = _inState(purchaseId, PurchaseState.Released);
        if (msg.sender != purchase.buyer) _requireAfter(purchase.deadlineBlock);
        purchase.state = PurchaseState.Settled;
        Terms storage terms = _terms[purchase.termsId];
        (uint256 modelId, address buyer) = (terms.modelId, purchase.buyer);
        uint64 licensedUntil = terms.sellsModel ? 0 : _license(modelId, buyer, terms.durationSeconds);
        uint256 royaltyWei = terms.priceWei * _knownModel(modelId).royaltyBps / BPS;
        uint256 sellerWei = terms.priceWei - royaltyWei;
        emit PurchaseSettled(purchaseId, modelId, buyer, terms.seller, sellerWei, royaltyWei, licensedUntil);
        _receiveRoyalty(modelId, _knownModel(modelId), royaltyWei);
        _credit(terms.seller, sellerWei);
        if (!terms.sellsModel) return;
        ++handoverCountOf[modelId];
        _transfer(address(this), buyer, modelId);
    }

    /// @inheritdoc IModelNft
    function dispute(uint256 purchaseId, uint256 privateKey, Point calldata shared) external {
        Purchase storage purchase = _inState(purchaseId, PurchaseState.Released);
        if (block.number > purchase.deadlineBlock) revert DeadlinePassed(purchase.deadlineBlock);
        if (!SealedKey.isPrivateKeyOf(privateKey, purchase.buyerKey)) revert WrongPrivateKey(purchaseId);
        if (!shared.isProduct(privateKey, purchase.sellerKey)) revert WrongSharedPoint(purchaseId);
        bytes32 key = SealedKey.unseal(purchase.sealedKey, shared);
        bytes32 keyHash = _knownModel(_terms[purchase.termsId].modelId).keyHash;
        if (keccak256(abi.encode(key)) == keyHash) revert KeyIsGood(purchaseId);
        _refund(purchaseId, purchase, true);
    }

    /// @inheritdoc IModelNft
    function requestRefund(uint256 purchaseId) external {
        Purchase storage purchase = _inState(purchaseId, PurchaseState.Paid);
        if (msg.sender != purchase.buyer) revert NotBuyer(purchaseId, msg.sender);
        if (purchase.refundRequested) revert RefundAlreadyRequested(purchaseId);
        _requireAfter(purchase.deadlineBlock);
        uint64 deadlineBlock = uint64(block.number) + GRACE_BLOCKS;
        purchase.refundRequested = true;
        purchase.deadlineBlock = deadlineBlock;
        emit RefundRequested(purchaseId, msg.sender, deadlineBlock);
    }

    /// @inheritdoc IModelNft
    function refund(uint256 purchaseId) external {
        Purchase storage purchase = _inState(purchaseId, PurchaseState.Paid);
        if (msg.sender != _terms[purchase.termsId].seller) {
            if (!purchase.refundRequested) revert RefundNotRequested(purchaseId);
            _requireAfter(purchase.deadlineBlock);
        }
        _refund(purchaseId, purchase, false);
    }

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @inheritdoc IModelNft
    function termsOf(uint256 termsId) external view returns (Terms memory) {
        return _knownTerms(termsId);
    }

    /// @inheritdoc IModelNft
    function purchaseOf(uint256 purchaseId) external view returns (Purchase memory) {
        return _knownPurchase(purchaseId);
    }

    /// @inheritdoc IModelNft
    function isLicensed(uint256 modelId, address account) external view returns (bool) {
        if (_ownerOf(modelId) == account) return account != address(0);
        return licensedUntilOf[modelId][account] >= block.timestamp;
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    /// @dev Only a sale moves a model here: sent by its owner, it could never leave. While it is here it has changed
    /// hands no more than when it comes back to its seller.
    function _update(address to, uint256 modelId, address auth) internal override returns (address from) {
        if (to == address(this) && auth != address(0)) revert ERC721InvalidReceiver(to);
        from = super._update(to, modelId, auth);
        if (auth != address(0)) ++handoverCountOf[modelId];
    }

    function _isInForce(Terms storage terms) private view returns (bool) {
        uint256 modelId = terms.modelId;
        return !terms.withdrawn && _ownerOf(modelId) == terms.seller
            && handoverCountOf[modelId] == terms.handoverCount;
    }

    /// @dev A running licence is prolonged.
    function _license(uint256 modelId, address buyer, uint64 durationSeconds)
        private
        returns (uint64 licensedUntil)
    {
        uint256 runningUntil = licensedUntilOf[modelId][buyer];
        uint256 since = runningUntil > block.timestamp ? runningUntil : block.timestamp;
        uint256 until = since + durationSeconds;
        licensedUntil = durationSeconds == 0 || until > type(uint64).max ? type(uint64).max : uint64(until);
        licensedUntilOf[modelId][buyer] = licensedUntil;
    }

    function _refund(uint256 purchaseId, Purchase storage purchase, bool disproved) private {
        purchase.state = PurchaseState.Refunded;
        Terms storage terms = _terms[purchase.termsId];
        emit PurchaseRefunded(purchaseId, purchase.buyer, terms.priceWei, disproved);
        if (terms.sellsModel) _transfer(address(this), terms.seller, terms.modelId);
        token.transfer(purchase.buyer, terms.priceWei);
    }

    function _knownTerms(uint256 termsId) private view returns (Terms storage terms) {
        terms = _terms[termsId];
        if (terms.seller == address(0)) revert UnknownTerms(termsId);
    }

    function _knownPurchase(uint256 purchaseId) private view returns (Purchase storage purchase) {
        purchase = _purchases[purchaseId];
        if (purchase.state == PurchaseState.None) revert UnknownPurchase(purchaseId);
    }

    function _inState(uint256 purchaseId, PurchaseState required)
        private
        view
        returns (Purchase storage purchase)
    {
        purchase = _knownPurchase(purchaseId);
        if (purchase.state != required) revert WrongPurchaseState(purchaseId, purchase.state);
    }

    function _requireAfter(uint64 deadlineBlock) private view {
        if (block.number <= deadlineBlock) revert DeadlineNotPassed(deadlineBlock);
    }

    function _requirePoint(Point calldata point) private pure {
        if (!point.isPoint()) revert InvalidPoint(point);
    }
}
