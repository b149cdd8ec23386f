// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {IModelLineage} from "../../src/provenance/IModelLineage.sol";
import {IModelNft, Point} from "../../src/provenance/IModelNft.sol";
import {ITrainingRecord} from "../../src/provenance/ITrainingRecord.sol";
import {IComputeToken} from "../../src/token/IComputeToken.sol";
import {Keys} from "./Keys.sol";
import {Test} from "./Test.sol";

/// @notice Creators, buyers and sellers of models, who trained in whatever leases there are, at random.
contract ModelActors is Test {
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    bytes32 private constant KEY = "key";

    IComputeToken private immutable token;
    IInstanceLease private immutable lease;
    IModelNft private immutable models;
    ITrainingRecord private immutable records;

    address[3] public buyers;
    address[] public creators;
    uint256[] public modelIds;
    mapping(address account => bool) private _isCreator;
    Point private _buyerKey;
    Point private _sellerKey;
    Point private _shared;

    constructor(IInstanceLease lease_, IModelNft models_) {
        (lease, models, token, records) = (lease_, models_, lease_.token(), models_.records());
        (_buyerKey, _sellerKey, _shared) = (_point(11), _point(13), _point(143));
        string[3] memory names = ["first buyer", "second buyer", "third buyer"];
        for (uint256 i = 0; i < 3; ++i) {
            buyers[i] = makeAddr(names[i]);
            vm.deal(buyers[i], 1000 ether);
            vm.startPrank(buyers[i]);
            token.deposit{value: 500 ether}();
            token.approve(address(models), type(uint256).max);
            vm.stopPrank();
        }
    }

    // ─── Creators ────────────────────────────────────────────────────────────

    function mint(uint256 which, uint16 royaltyBps, uint16 lineageBps, uint256 parents) external {
        uint256 leaseId = 1 + which % lease.leaseCount();
        (address payer, address provider) = lease.partiesOf(leaseId);
        bytes32 keyHash = keccak256(abi.encode(KEY));
        bytes32 left = _leaf(models.sealOf(payer, keyHash));
        bytes32 right = _leaf(abi.encode(modelIds.length));
        ITrainingRecord.Statement memory said;
        (said.market, said.agreementId) = (address(lease), leaseId);
        said.resultRoot =
            left < right ? keccak256(abi.encode(left, right)) : keccak256(abi.encode(right, left));
        vm.prank(provider);
        bytes32 recordId = records.record(said, "", "");
        vm.prank(payer);
        records.countersign(recordId, ITrainingRecord.Party.Payer, "");

        bytes32[] memory proof = new bytes32[](1);
        proof[0] = right;
        IModelLineage.MintTerms memory terms = IModelLineage.MintTerms({
            recordId: recordId,
            keyHash: keyHash,
            royaltyBps: uint16(bound(royaltyBps, 0, 5_000)),
            lineageBps: uint16(bound(lineageBps, 0, 5_000)),
            parents: _parents(parents),
            uri: ""
        });
        vm.prank(payer);
        modelIds.push(models.mint(terms, proof));
        if (!_isCreator[payer]) creators.push(payer);
        _isCreator[payer] = true;
    }

    // ─── Sales ───────────────────────────────────────────────────────────────

    function postTerms(uint256 which, bool sellsModel, uint96 priceWei, uint64 durationSeconds) external {
        uint256 modelId = _model(which);
        address owner = _owner(modelId);
        vm.prank(owner);
        models.postTerms(modelId, sellsModel, bound(priceWei, 0, 20 ether), durationSeconds, bytes32(which));
    }

    function withdrawTerms(uint256 which) external {
        uint256 termsId = 1 + which % models.termsCount();
        address seller = models.termsOf(termsId).seller;
        vm.prank(seller);
        models.withdrawTerms(termsId);
    }

    function buy(uint256 which, uint256 who) external {
        uint256 termsId = _termsInForce(which);
        vm.prank(buyers[who % 3]);
        models.buy(termsId, _buyerKey);
    }

    function release(uint256 which, bool good) external {
        uint256 purchaseId = _purchase(which, IModelNft.PurchaseState.Paid);
        address seller = models.termsOf(models.purchaseOf(purchaseId).termsId).seller;
        bytes32 key = good ? KEY : bytes32("not the key");
        uint64 fromBlock = models.purchaseOf(purchaseId).releasableFromBlock;
        if (which % 4 != 0 && block.number < fromBlock) vm.roll(fromBlock);
        vm.prank(seller);
        models.release(purchaseId, _sellerKey, key ^ keccak256(abi.encode(_shared.x)));
    }

    function settle(uint256 which, bool byBuyer, bool late) external {
        uint256 purchaseId = _purchase(which, IModelNft.PurchaseState.Released);
        if (late) vm.roll(models.purchaseOf(purchaseId).deadlineBlock + 1);
        address caller = byBuyer ? models.purchaseOf(purchaseId).buyer : makeAddr("passer-by");
        vm.prank(caller);
        models.settle(purchaseId);
    }

    function dispute(uint256 which) external {
        models.dispute(_purchase(which, IModelNft.PurchaseState.Released), 11, _shared);
    }

    function requestRefund(uint256 which, bool late) external {
        uint256 purchaseId = _purchase(which, IModelNft.PurchaseState.Paid);
        IModelNft.Purchase memory purchase = models.purchaseOf(purchaseId);
        if (late && block.number <= purchase.deadlineBlock) vm.roll(purchase.deadlineBlock + 1);
        vm.prank(purchase.buyer);
        models.requestRefund(purchaseId);
    }

    function refund(uint256 which, bool bySeller, bool late) external {
        uint256 purchaseId = _purchase(which, IModelNft.PurchaseState.Paid);
        IModelNft.Purchase memory purchase = models.purchaseOf(purchaseId);
        if (late && block.number <= purchase.deadlineBlock) vm.roll(purchase.deadlineBlock + 1);
        address caller = bySeller ? models.termsOf(purchase.termsId).seller : purchase.buyer;
        vm.prank(caller);
        models.refund(purchaseId);
    }

    function giveAway(uint256 which, uint256 who) external {
        uint256 modelId = _model(which);
        address owner = _owner(modelId);
        vm.prank(owner);
        models.transferFrom(owner, buyers[who % 3], modelId);
    }

    // ─── Royalties ───────────────────────────────────────────────────────────

    /// @dev A sale elsewhere: a marketplace pays the vault, in tokens or coins.
    function sellElsewhere(uint256 which, uint256 who, uint96 amountWei, bool inCoins) external {
        address vault = models.vaultOf(_model(which));
        amountWei = uint96(bound(amountWei, 0, 1 ether));
        vm.startPrank(buyers[who % 3]);
        if (inCoins) payable(vault).transfer(amountWei);
        else token.transfer(vault, amountWei);
        vm.stopPrank();
    }

    function collect(uint256 which) external {
        models.collect(_model(which));
    }

    function divide(uint256 which) external {
        models.divide(_model(which));
    }

    function withdraw(uint256 who) external {
        models.withdraw(who % 2 == 0 ? creators[who % creators.length] : buyers[who % 3]);
    }

    // ─── What exists ─────────────────────────────────────────────────────────

    function modelCount() external view returns (uint256) {
        return modelIds.length;
    }

    function creatorCount() external view returns (uint256) {
        return creators.length;
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _model(uint256 which) private view returns (uint256) {
        return modelIds[which % modelIds.length];
    }

    /// @dev A contract that holds a model does not act of itself.
    function _owner(uint256 modelId) private view returns (address owner) {
        owner = models.ownerOf(modelId);
        require(owner != address(models), "in escrow");
    }

    function _parents(uint256 seed) private view returns (uint256[] memory parents) {
        uint256 count = modelIds.length;
        if (count == 0 || seed % 3 == 0) return new uint256[](0);
        (uint256 first, uint256 second) = (modelIds[seed % count], modelIds[(seed / 3) % count]);
        parents = new uint256[](first == second ? 1 : 2);
        parents[0] = first < second ? first : second;
        if (first != second) parents[1] = first < second ? second : first;
    }

    function _termsInForce(uint256 which) private view returns (uint256) {
        uint256 count = models.termsCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 termsId = 1 + (which % count + i) % count;
            IModelNft.Terms memory terms = models.termsOf(termsId);
            bool owns = models.ownerOf(terms.modelId) == terms.seller;
            bool stale = models.handoverCountOf(terms.modelId) != terms.handoverCount;
            if (!terms.withdrawn && owns && !stale) return termsId;
        }
        return 1 + which % count;
    }

    function _purchase(uint256 which, IModelNft.PurchaseState state) private view returns (uint256) {
        uint256 count = models.purchaseCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 purchaseId = 1 + (which % count + i) % count;
            if (models.purchaseOf(purchaseId).state == state) return purchaseId;
        }
        return 1 + which % count;
    }

    function _leaf(bytes memory datum) private pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(datum)));
    }

    function _point(uint256 scalar) private returns (Point memory) {
        Keys.Wallet memory wallet = Keys(address(vm)).createWallet(scalar);
        return Point(wallet.publicKeyX, wallet.publicKeyY);
    }
}
