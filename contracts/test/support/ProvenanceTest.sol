// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IModelLineage} from "../../src/provenance/IModelLineage.sol";
import {IModelNft, Point} from "../../src/provenance/IModelNft.sol";
import {ITrainingRecord} from "../../src/provenance/ITrainingRecord.sol";
import {Keys} from "./Keys.sol";
import {WholeMarketTest} from "./WholeMarketTest.sol";

/// @notice A training in the payer's lease: a dataset of four lines, a result of a seal and two artifacts.
abstract contract ProvenanceTest is WholeMarketTest {
    uint256 internal constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    bytes32 internal constant KEY = "the key to the weights";
    uint256 internal constant BUYER_SECRET = 0xb0b;
    uint256 internal constant SELLER_SECRET = 0x5e11;
    uint96 internal constant MODEL_PRICE = 8 ether;

    uint256 internal leaseId;
    address internal buyer = makeAddr("buyer");
    address internal second = makeAddr("second creator");

    function setUp() public virtual override {
        super.setUp();
        leaseId = readyLease();
        fund(buyer, 100 ether);
        vm.prank(buyer);
        token.approve(address(models), type(uint256).max);
        fund(second, 100 ether);
        vm.prank(second);
        token.approve(address(lease), type(uint256).max);
    }

    // ─── Merkle trees of four leaves, pairs sorted ───────────────────────────

    function leafOf(bytes memory datum) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(datum)));
    }

    function pairOf(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return left < right ? keccak256(abi.encode(left, right)) : keccak256(abi.encode(right, left));
    }

    function rootOfData(bytes[4] memory data) internal pure returns (bytes32) {
        return pairOf(pairOf(leafOf(data[0]), leafOf(data[1])), pairOf(leafOf(data[2]), leafOf(data[3])));
    }

    function proofOf(bytes[4] memory data, uint256 index) internal pure returns (bytes32[] memory proof) {
        proof = new bytes32[](2);
        proof[0] = leafOf(data[index ^ 1]);
        uint256 other = index < 2 ? 2 : 0;
        proof[1] = pairOf(leafOf(data[other]), leafOf(data[other + 1]));
    }

    function dataset() internal pure returns (bytes[4] memory) {
        return [bytes("first line"), "second line", "third line", "fourth line"];
    }

    function resultOf(address creator, string memory weights) internal pure returns (bytes[4] memory) {
        bytes32 keyHash = keccak256(abi.encode(KEY));
        return [sealFor(creator, keyHash), bytes(weights), "tokenizer", "model card"];
    }

    function sealFor(address creator, bytes32 keyHash) internal pure returns (bytes memory) {
        return abi.encode("worldland.model.seal", creator, keyHash);
    }

    // ─── Records ─────────────────────────────────────────────────────────────

    function statementOf(uint256 agreementId, bytes[4] memory result)
        internal
        view
        returns (ITrainingRecord.Statement memory)
    {
        return ITrainingRecord.Statement({
            market: address(lease),
            agreementId: agreementId,
            datasetRoot: rootOfData(dataset()),
            imageDigest: IMAGE,
            codeHash: keccak256("code"),
            configHash: keccak256("config"),
            resultRoot: rootOfData(result),
            metricsHash: keccak256("metrics"),
            storageDriver: "0g",
            storageReference: "0g://blob/17"
        });
    }

    function statement() internal view returns (ITrainingRecord.Statement memory) {
        return statementOf(leaseId, resultOf(payer, "weights"));
    }

    function recordBoth(ITrainingRecord.Statement memory said, uint256 creatorKey)
        internal
        returns (bytes32)
    {
        bytes32 hash = records.hashOf(said);
        return records.record(said, signatureOf(hash, creatorKey), signatureOf(hash, providerKey));
    }

    // ─── Models ──────────────────────────────────────────────────────────────

    function mintTerms(bytes32 recordId, uint256[] memory parents)
        internal
        pure
        returns (IModelLineage.MintTerms memory)
    {
        return IModelLineage.MintTerms({
            recordId: recordId,
            keyHash: keccak256(abi.encode(KEY)),
            royaltyBps: 1_000,
            lineageBps: 2_500,
            parents: parents,
            uri: "0g://card/17"
        });
    }

    function mintModel() internal returns (uint256) {
        return mintModel(payer, payerKey, leaseId, "weights", new uint256[](0));
    }

    function mintModel(
        address creator,
        uint256 creatorKey,
        uint256 agreementId,
        string memory weights,
        uint256[] memory parents
    ) internal returns (uint256) {
        bytes[4] memory result = resultOf(creator, weights);
        bytes32 recordId = recordBoth(statementOf(agreementId, result), creatorKey);
        vm.prank(creator);
        return models.mint(mintTerms(recordId, parents), proofOf(result, 0));
    }

    /// @notice A model of another creator, made from the given parents.
    function mintChild(string memory weights, uint256[] memory parents) internal returns (uint256) {
        (, uint256 secondKey) = makeAddrAndKey("second creator");
        vm.prank(second);
        uint256 agreementId = lease.open(offerId, 1, HOUR, PRICE, IMAGE, address(0), 0, "");
        return mintModel(second, secondKey, agreementId, weights, parents);
    }

    function one(uint256 id) internal pure returns (uint256[] memory ids) {
        ids = new uint256[](1);
        ids[0] = id;
    }

    // ─── Sales ───────────────────────────────────────────────────────────────

    function pointOf(uint256 scalar) internal returns (Point memory) {
        Keys.Wallet memory wallet = Keys(address(vm)).createWallet(scalar);
        return Point(wallet.publicKeyX, wallet.publicKeyY);
    }

    /// @notice What buyer and seller both can compute: the product of their secrets with the generator.
    function sharedPoint() internal returns (Point memory) {
        return pointOf(mulmod(BUYER_SECRET, SELLER_SECRET, ORDER));
    }

    function sealKey(bytes32 key) internal returns (bytes32) {
        return key ^ keccak256(abi.encode(sharedPoint().x));
    }

    function postTerms(uint256 modelId, bool sellsModel) internal returns (uint256 termsId) {
        address owner = models.ownerOf(modelId);
        vm.prank(owner);
        return models.postTerms(modelId, sellsModel, MODEL_PRICE, 30 days, keccak256("licence text"));
    }

    /// @notice Until a purchase made now is deep enough for its key to be released.
    function confirm() internal {
        vm.roll(block.number + models.CONFIRMATION_BLOCKS());
    }

    /// @notice A purchase that is paid and confirmed.
    function paidPurchase(bool sellsModel) internal returns (uint256 purchaseId, uint256 modelId) {
        modelId = mintModel();
        uint256 termsId = postTerms(modelId, sellsModel);
        Point memory buyerKey = pointOf(BUYER_SECRET);
        vm.prank(buyer);
        purchaseId = models.buy(termsId, buyerKey);
        confirm();
    }

    /// @notice A purchase whose buyer has waited as long as it must and asked for its money.
    function recalledPurchase(bool sellsModel) internal returns (uint256 purchaseId, uint256 modelId) {
        (purchaseId, modelId) = paidPurchase(sellsModel);
        vm.roll(models.purchaseOf(purchaseId).deadlineBlock + 1);
        vm.prank(buyer);
        models.requestRefund(purchaseId);
    }

    function releasedPurchase(bool sellsModel, bytes32 key)
        internal
        returns (uint256 purchaseId, uint256 modelId)
    {
        (purchaseId, modelId) = paidPurchase(sellsModel);
        Point memory sellerKey = pointOf(SELLER_SECRET);
        bytes32 sealedKey = sealKey(key);
        vm.prank(payer);
        models.release(purchaseId, sellerKey, sealedKey);
    }

    function expectWrongPurchaseState(uint256 purchaseId) internal {
        vm.expectRevert(
            abi.encodeWithSelector(
                IModelNft.WrongPurchaseState.selector, purchaseId, models.purchaseOf(purchaseId).state
            )
        );
    }
}
