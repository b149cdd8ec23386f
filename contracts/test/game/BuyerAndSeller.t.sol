// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModelLineage} from "../../src/provenance/IModelLineage.sol";
import {IModelNft, Point} from "../../src/provenance/IModelNft.sol";
import {ITrainingRecord} from "../../src/provenance/ITrainingRecord.sol";
import {GameTest} from "../support/GameTest.sol";

/// @notice What buyers and sellers of models, and copiers of results, gain by each deviation, and what it costs.
contract BuyerAndSellerGameTest is GameTest {
    // ─── Sellers ─────────────────────────────────────────────────────────────

    function test_TakingTheMoneyAndReleasingNothingEarnsNothing() public {
        (uint256 purchaseId,) = recalledPurchase(false);
        count();
        mine(models.GRACE_BLOCKS() + 1);
        models.refund(purchaseId);
        assertGained(buyer, int256(uint256(MODEL_PRICE)));
        vm.assertEq(models.creditOf(payer), 0);
    }

    function test_ReleasingAnotherKeyEarnsNothing() public {
        (uint256 purchaseId,) = releasedPurchase(false, "not the key");
        Point memory shared = sharedPoint();
        count();
        vm.prank(buyer);
        models.dispute(purchaseId, BUYER_SECRET, shared);
        assertGained(buyer, int256(uint256(MODEL_PRICE)));
        vm.assertEq(models.creditOf(payer), 0);
    }

    function test_SellingTheSameModelTwiceFails() public {
        uint256 modelId = mintModel();
        uint256 first = postTerms(modelId, true);
        uint256 other = postTerms(modelId, true);
        Point memory key = pointOf(BUYER_SECRET);
        vm.startPrank(buyer);
        models.buy(first, key);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.TermsNotInForce.selector, other));
        models.buy(other, key);
        vm.stopPrank();
    }

    function test_WithdrawingTermsUnderAPaidPurchaseChangesNothing() public {
        (uint256 purchaseId, uint256 modelId) = releasedPurchase(true, KEY);
        vm.prank(payer);
        models.withdrawTerms(1);
        vm.prank(buyer);
        models.settle(purchaseId);
        vm.assertEq(models.ownerOf(modelId), buyer);
    }

    function test_SellingTheModelAwayUnderALicenceDoesNotMoveTheLicencesMoney() public {
        (uint256 purchaseId, uint256 modelId) = releasedPurchase(false, KEY);
        vm.prank(payer);
        models.transferFrom(payer, stranger, modelId);
        vm.prank(buyer);
        models.settle(purchaseId);
        vm.assertEq(models.creditOf(payer), MODEL_PRICE * 9 / 10);
        vm.assertEq(models.creditOf(stranger), 0);
        vm.assertTrue(models.isLicensed(modelId, buyer));
    }

    // ─── Buyers ──────────────────────────────────────────────────────────────

    function test_CryingFoulOverTheRightKeyGainsNothing() public {
        (uint256 purchaseId,) = releasedPurchase(false, KEY);
        Point memory shared = sharedPoint();
        vm.expectRevert(abi.encodeWithSelector(IModelNft.KeyIsGood.selector, purchaseId));
        vm.prank(buyer);
        models.dispute(purchaseId, BUYER_SECRET, shared);
    }

    function test_TakingTheKeyAndSayingNothingPaysTheSellerAfterADay() public {
        (uint256 purchaseId,) = releasedPurchase(false, KEY);
        mine(models.DISPUTE_BLOCKS() + 1);
        vm.prank(payer);
        models.settle(purchaseId);
        models.withdraw(payer);
        vm.assertEq(models.creditOf(payer), 0);
    }

    function test_AskingForTheMoneyBackAfterTheReleaseFails() public {
        (uint256 purchaseId,) = releasedPurchase(false, KEY);
        expectWrongPurchaseState(purchaseId);
        vm.prank(buyer);
        models.refund(purchaseId);
    }

    /// @dev A reorganisation that takes its payment back finds no key on the chain.
    function test_TakingThePaymentBackByAReorganisationBringsNoKey() public {
        uint256 termsId = postTerms(mintModel(), false);
        Point memory buyerKey = pointOf(BUYER_SECRET);
        Point memory sellerKey = pointOf(SELLER_SECRET);
        vm.prank(buyer);
        uint256 purchaseId = models.buy(termsId, buyerKey);
        uint64 fromBlock = models.purchaseOf(purchaseId).releasableFromBlock;
        vm.roll(block.number + 1);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.PurchaseUnconfirmed.selector, fromBlock));
        vm.prank(payer);
        models.release(purchaseId, sellerKey, 0);
    }

    /// @dev A late release is seen before it lands; its buyer asks for the money at once, and has to wait.
    function test_OvertakingALateReleaseGainsNothing() public {
        (uint256 purchaseId,) = paidPurchase(false);
        mine(models.RELEASE_BLOCKS() + 1);
        Point memory sellerKey = pointOf(SELLER_SECRET);
        bytes32 sealedKey = sealKey(KEY);
        count();
        vm.startPrank(buyer);
        models.requestRefund(purchaseId);
        uint64 deadlineBlock = models.purchaseOf(purchaseId).deadlineBlock;
        vm.expectRevert(abi.encodeWithSelector(IModelNft.DeadlineNotPassed.selector, deadlineBlock));
        models.refund(purchaseId);
        vm.stopPrank();
        mine(models.GRACE_BLOCKS());
        vm.prank(payer);
        models.release(purchaseId, sellerKey, sealedKey);
        mine(models.DISPUTE_BLOCKS() + 1);
        models.settle(purchaseId);
        assertGained(buyer, 0);
        vm.assertEq(models.creditOf(payer), MODEL_PRICE * 9 / 10);
    }

    // ─── Copiers ─────────────────────────────────────────────────────────────

    function test_MintingAResultSeenOnTheChainFailsWithoutItsSeal() public {
        bytes[4] memory result = resultOf(payer, "weights");
        ITrainingRecord.Statement memory said = statementOf(_copiersLease(), result);
        (, uint256 secondKey) = makeAddrAndKey("second creator");
        bytes32 recordId = recordBoth(said, secondKey);
        bytes32 sealHash = keccak256(sealFor(second, keccak256(abi.encode(KEY))));
        vm.expectRevert(abi.encodeWithSelector(IModelLineage.InvalidSeal.selector, sealHash));
        vm.prank(second);
        models.mint(mintTerms(recordId, new uint256[](0)), proofOf(result, 0));
        // And its creator still can.
        mintModel();
    }

    function test_MintingWithoutAnHonestProviderFails() public {
        ITrainingRecord.Statement memory said = statement();
        vm.prank(payer);
        bytes32 recordId = records.record(said, "", "");
        vm.expectRevert(abi.encodeWithSelector(IModelLineage.RecordNotSigned.selector, recordId));
        vm.prank(payer);
        models.mint(mintTerms(recordId, new uint256[](0)), proofOf(resultOf(payer, "weights"), 0));
    }

    function test_NamingNoParentsSavesTheirShareAndNoContractCanTell() public {
        mintModel();
        uint256 orphanId = mintChild("made from the first", new uint256[](0));
        fund(models.vaultOf(orphanId), 1 ether);
        models.collect(orphanId);
        models.divide(orphanId);
        vm.assertEq(models.creditOf(second), 1 ether);
    }

    function _copiersLease() private returns (uint256) {
        vm.prank(second);
        return lease.open(offerId, 1, HOUR, PRICE, IMAGE, address(0), 0, "");
    }
}
