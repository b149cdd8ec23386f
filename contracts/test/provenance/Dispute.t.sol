// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModelNft, Point} from "../../src/provenance/IModelNft.sol";
import {ProvenanceTest} from "../support/ProvenanceTest.sol";

contract DisputeTest is ProvenanceTest {
    function test_RevertWhen_NothingIsReleased() public {
        (uint256 purchaseId,) = paidPurchase(false);
        Point memory shared = sharedPoint();
        expectWrongPurchaseState(purchaseId);
        models.dispute(purchaseId, BUYER_SECRET, shared);
    }

    function test_RevertWhen_TheWindowIsOver() public {
        (uint256 purchaseId,) = releasedPurchase(false, "another key");
        Point memory shared = sharedPoint();
        uint64 deadlineBlock = models.purchaseOf(purchaseId).deadlineBlock;
        vm.roll(deadlineBlock + 1);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.DeadlinePassed.selector, deadlineBlock));
        models.dispute(purchaseId, BUYER_SECRET, shared);
    }

    function test_RevertWhen_TheKeyIsWhatWasPromised() public {
        (uint256 purchaseId,) = releasedPurchase(false, KEY);
        Point memory shared = sharedPoint();
        vm.expectRevert(abi.encodeWithSelector(IModelNft.KeyIsGood.selector, purchaseId));
        vm.prank(buyer);
        models.dispute(purchaseId, BUYER_SECRET, shared);
    }

    function testFuzz_RevertWhen_ThePrivateKeyIsAnother(uint256 privateKey, uint8 kind) public {
        (uint256 purchaseId,) = releasedPurchase(false, "another key");
        if (kind % 3 == 0) privateKey = bound(privateKey, ORDER, type(uint256).max);
        if (kind % 3 == 1) privateKey = 0;
        vm.assume(privateKey != BUYER_SECRET);
        Point memory shared = sharedPoint();
        vm.expectRevert(abi.encodeWithSelector(IModelNft.WrongPrivateKey.selector, purchaseId));
        models.dispute(purchaseId, privateKey, shared);
    }

    function testFuzz_RevertWhen_TheSharedPointIsAnother(uint256 x, uint256 y, bool onCurve) public {
        (uint256 purchaseId,) = releasedPurchase(false, KEY);
        Point memory right = sharedPoint();
        Point memory wrong = onCurve ? pointOf(bound(x, 1, ORDER - 1)) : Point(x, y);
        vm.assume(wrong.x != right.x || wrong.y != right.y);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.WrongSharedPoint.selector, purchaseId));
        models.dispute(purchaseId, BUYER_SECRET, wrong);
    }

    function testFuzz_AnotherKeyIsProvenAndRefunded(
        bytes32 key,
        uint256 buyerSecret,
        uint256 sellerSecret,
        bool sellsModel
    ) public {
        vm.assume(key != KEY);
        buyerSecret = bound(buyerSecret, 1, ORDER - 1);
        sellerSecret = bound(sellerSecret, 1, ORDER - 1);
        uint256 modelId = mintModel();
        uint256 termsId = postTerms(modelId, sellsModel);
        (Point memory buyerKey, Point memory sellerKey) = (pointOf(buyerSecret), pointOf(sellerSecret));
        Point memory shared = pointOf(mulmod(buyerSecret, sellerSecret, ORDER));
        vm.prank(buyer);
        uint256 purchaseId = models.buy(termsId, buyerKey);
        confirm();
        vm.prank(payer);
        models.release(purchaseId, sellerKey, key ^ keccak256(abi.encode(shared.x)));
        vm.expectEmit(address(models));
        emit IModelNft.PurchaseRefunded(purchaseId, buyer, MODEL_PRICE, true);
        vm.prank(buyer);
        models.dispute(purchaseId, buyerSecret, shared);
        vm.assertEq(token.balanceOf(buyer), 100 ether);
        vm.assertEq(models.ownerOf(modelId), payer);
        vm.assertEq(token.balanceOf(address(models)), 0);
        vm.assertEq(uint256(models.purchaseOf(purchaseId).state), uint256(IModelNft.PurchaseState.Refunded));
    }

    function testFuzz_NoBuyerOfTheRightKeyGetsItsMoneyBack(uint256 buyerSecret, uint256 sellerSecret) public {
        buyerSecret = bound(buyerSecret, 1, ORDER - 1);
        sellerSecret = bound(sellerSecret, 1, ORDER - 1);
        uint256 termsId = postTerms(mintModel(), false);
        (Point memory buyerKey, Point memory sellerKey) = (pointOf(buyerSecret), pointOf(sellerSecret));
        Point memory shared = pointOf(mulmod(buyerSecret, sellerSecret, ORDER));
        vm.prank(buyer);
        uint256 purchaseId = models.buy(termsId, buyerKey);
        confirm();
        vm.prank(payer);
        models.release(purchaseId, sellerKey, KEY ^ keccak256(abi.encode(shared.x)));
        vm.expectRevert(abi.encodeWithSelector(IModelNft.KeyIsGood.selector, purchaseId));
        vm.prank(buyer);
        models.dispute(purchaseId, buyerSecret, shared);
    }
}
