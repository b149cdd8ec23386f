// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModelNft, Point} from "../../src/provenance/IModelNft.sol";
import {ProvenanceTest} from "../support/ProvenanceTest.sol";

/// @notice requestRefund, refund.
contract RefundTest is ProvenanceTest {
    function test_RevertWhen_TheKeyIsReleasedOrTheSellerHasTime() public {
        vm.expectRevert(abi.encodeWithSelector(IModelNft.UnknownPurchase.selector, 1));
        models.refund(1);
        (uint256 purchaseId,) = releasedPurchase(false, KEY);
        expectWrongPurchaseState(purchaseId);
        vm.prank(buyer);
        models.refund(purchaseId);
        Point memory key = pointOf(BUYER_SECRET);
        vm.startPrank(buyer);
        purchaseId = models.buy(1, key);
        uint64 deadlineBlock = models.purchaseOf(purchaseId).deadlineBlock;
        vm.roll(deadlineBlock);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.DeadlineNotPassed.selector, deadlineBlock));
        models.requestRefund(purchaseId);
        vm.roll(deadlineBlock + 1);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.RefundNotRequested.selector, purchaseId));
        models.refund(purchaseId);
        models.requestRefund(purchaseId);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.RefundAlreadyRequested.selector, purchaseId));
        models.requestRefund(purchaseId);
        deadlineBlock = models.purchaseOf(purchaseId).deadlineBlock;
        vm.assertEq(deadlineBlock, block.number + models.GRACE_BLOCKS());
        vm.roll(deadlineBlock);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.DeadlineNotPassed.selector, deadlineBlock));
        models.refund(purchaseId);
        vm.stopPrank();
    }

    function testFuzz_RevertWhen_AnyoneButTheBuyerAsksForTheMoney(address caller) public {
        vm.assume(caller != buyer);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.UnknownPurchase.selector, 1));
        models.requestRefund(1);
        (uint256 purchaseId,) = paidPurchase(false);
        vm.roll(models.purchaseOf(purchaseId).deadlineBlock + 1);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.NotBuyer.selector, purchaseId, caller));
        vm.prank(caller);
        models.requestRefund(purchaseId);
    }

    function test_AskingForTheMoneyTellsTheSellerHowLongItStillMayRelease() public {
        (uint256 purchaseId,) = paidPurchase(true);
        vm.roll(models.purchaseOf(purchaseId).deadlineBlock + 1);
        uint64 deadlineBlock = uint64(block.number) + 360;
        vm.expectEmit(address(models));
        emit IModelNft.RefundRequested(purchaseId, buyer, deadlineBlock);
        vm.prank(buyer);
        models.requestRefund(purchaseId);
        vm.assertTrue(models.purchaseOf(purchaseId).refundRequested);
        vm.roll(deadlineBlock);
        Point memory sellerKey = pointOf(SELLER_SECRET);
        vm.prank(payer);
        models.release(purchaseId, sellerKey, 0);
    }

    function testFuzz_ASilentSellerGivesAllBack(address caller, bool sellsModel) public {
        (uint256 purchaseId, uint256 modelId) = recalledPurchase(sellsModel);
        vm.roll(models.purchaseOf(purchaseId).deadlineBlock + 1);
        vm.expectEmit(address(models));
        emit IModelNft.PurchaseRefunded(purchaseId, buyer, MODEL_PRICE, false);
        vm.prank(caller);
        models.refund(purchaseId);
        vm.assertEq(token.balanceOf(buyer), 100 ether);
        vm.assertEq(models.ownerOf(modelId), payer);
        vm.assertEq(token.balanceOf(address(models)), 0);
        expectWrongPurchaseState(purchaseId);
        models.refund(purchaseId);
    }

    function test_TheSellerMayDeclineAtOnce() public {
        (uint256 purchaseId,) = paidPurchase(true);
        vm.prank(payer);
        models.refund(purchaseId);
        vm.assertEq(token.balanceOf(buyer), 100 ether);
    }
}
