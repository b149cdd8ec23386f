// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Point} from "../../src/provenance/IModelNft.sol";
import {ITrainingRecord} from "../../src/provenance/ITrainingRecord.sol";
import {ProvenanceTest} from "../support/ProvenanceTest.sol";

/// @notice What records and models cost, as transactions of their own. Kept in contracts/snapshots/Provenance.json.
contract ProvenanceGasTest is ProvenanceTest {
    uint256[] private none;

    function test_ARecordAndItsModel() public {
        ITrainingRecord.Statement memory said = statement();
        vm.prank(provider);
        bytes32 recordId = records.record(said, "", "");
        _snapshot("record");
        bytes memory signature = signatureOf(recordId, payerKey);
        records.countersign(recordId, ITrainingRecord.Party.Payer, signature);
        _snapshot("countersign");
        vm.prank(stranger);
        records.contest(recordId, "evidence", "ipfs://evidence");
        _snapshot("contest");
        bytes32[] memory proof = proofOf(resultOf(payer, "weights"), 0);
        vm.prank(payer);
        models.mint(mintTerms(recordId, none), proof);
        _snapshot("mint");
    }

    function test_ASaleAndItsRoyalties() public {
        uint256 parentId = mintChild("parent", none);
        uint256 modelId = mintModel(payer, payerKey, leaseId, "weights", one(parentId));
        uint256 termsId = postTerms(modelId, false);
        _snapshot("postTerms");
        Point memory buyerKey = pointOf(BUYER_SECRET);
        Point memory sellerKey = pointOf(SELLER_SECRET);
        bytes32 sealedKey = sealKey(KEY);
        vm.prank(buyer);
        uint256 purchaseId = models.buy(termsId, buyerKey);
        _snapshot("buy");
        confirm();
        vm.prank(payer);
        models.release(purchaseId, sellerKey, sealedKey);
        _snapshot("release");
        vm.prank(buyer);
        models.settle(purchaseId);
        _snapshot("settle");
        models.divide(modelId);
        _snapshot("divide, one parent");
        models.withdraw(payer);
        _snapshot("withdraw");
        fund(models.vaultOf(modelId), 1 ether);
        models.collect(modelId);
        _snapshot("collect, first of its model");
        fund(models.vaultOf(modelId), 1 ether);
        models.collect(modelId);
        _snapshot("collect");
    }

    function test_WhatEveryTokenOfItsKindCanDo() public {
        uint256 modelId = mintModel(payer, payerKey, leaseId, "weights", none);
        vm.startPrank(payer);
        models.approve(stranger, modelId);
        _snapshot("approve");
        models.setApprovalForAll(stranger, true);
        _snapshot("setApprovalForAll");
        models.safeTransferFrom(payer, buyer, modelId);
        _snapshot("safeTransferFrom");
        vm.stopPrank();
        vm.prank(buyer);
        models.transferFrom(buyer, payer, modelId);
        _snapshot("transferFrom");
    }

    function test_TheOtherEndsOfASale() public {
        (uint256 purchaseId,) = releasedPurchase(false, "not the key");
        Point memory shared = sharedPoint();
        models.dispute(purchaseId, BUYER_SECRET, shared);
        _snapshot("dispute");
        Point memory buyerKey = pointOf(BUYER_SECRET);
        vm.prank(buyer);
        purchaseId = models.buy(1, buyerKey);
        vm.prank(payer);
        models.refund(purchaseId);
        _snapshot("refund");
        vm.prank(buyer);
        purchaseId = models.buy(1, buyerKey);
        vm.roll(models.purchaseOf(purchaseId).deadlineBlock + 1);
        vm.prank(buyer);
        models.requestRefund(purchaseId);
        _snapshot("requestRefund");
        vm.prank(payer);
        models.withdrawTerms(1);
        _snapshot("withdrawTerms");
    }

    function _snapshot(string memory name) private {
        vm.snapshotGasLastCall("Provenance", name);
    }
}
