// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModelLineage} from "../../src/provenance/IModelLineage.sol";
import {IModelNft, Point} from "../../src/provenance/IModelNft.sol";
import {ProvenanceTest} from "../support/ProvenanceTest.sol";

/// @notice postTerms, withdrawTerms, buy, release, settle. Refunds and disputes have files of their own.
contract SalesTest is ProvenanceTest {
    uint256[] private none;

    // ─── postTerms and withdrawTerms ─────────────────────────────────────────

    function test_RevertWhen_TheModelIsNotOrHasNoKey() public {
        vm.expectRevert(abi.encodeWithSelector(IModelLineage.UnknownModel.selector, 7));
        models.postTerms(7, false, 1, 0, 0);
        uint256 modelId = _mintUnsealed();
        vm.expectRevert(abi.encodeWithSelector(IModelNft.ModelNotSealed.selector, modelId));
        vm.prank(payer);
        models.postTerms(modelId, false, 1, 0, 0);
    }

    function testFuzz_RevertWhen_AnyoneButTheOwnerSells(address caller) public {
        vm.assume(caller != payer);
        uint256 modelId = mintModel();
        vm.expectRevert(abi.encodeWithSelector(IModelNft.NotModelOwner.selector, modelId, caller));
        vm.prank(caller);
        models.postTerms(modelId, true, 0, 0, 0);
    }

    function test_TermsAreKeptAsPosted() public {
        uint256 modelId = mintModel();
        IModelNft.Terms memory expected = IModelNft.Terms({
            seller: payer,
            withdrawn: false,
            sellsModel: true,
            durationSeconds: 30 days,
            modelId: modelId,
            priceWei: MODEL_PRICE,
            termsHash: keccak256("licence text"),
            handoverCount: 0
        });
        vm.expectEmit(address(models));
        emit IModelNft.TermsPosted(1, modelId, payer, expected);
        vm.assertEq(postTerms(modelId, true), 1);
        vm.assertEq(abi.encode(models.termsOf(1)), abi.encode(expected));
        vm.assertEq(models.termsCount(), 1);
    }

    function testFuzz_RevertWhen_AnyoneButTheSellerWithdrawsTerms(address caller) public {
        vm.assume(caller != payer);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.UnknownTerms.selector, 1));
        models.withdrawTerms(1);
        uint256 termsId = postTerms(mintModel(), false);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.NotSeller.selector, termsId, caller));
        vm.prank(caller);
        models.withdrawTerms(termsId);
    }

    // ─── buy ─────────────────────────────────────────────────────────────────

    function test_RevertWhen_TheTermsAreNotOrNoLongerInForce() public {
        Point memory key = pointOf(BUYER_SECRET);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.UnknownTerms.selector, 1));
        models.buy(1, key);
        uint256 modelId = mintModel();
        uint256 withdrawn = postTerms(modelId, false);
        uint256 sold = postTerms(modelId, false);
        vm.expectEmit(address(models));
        emit IModelNft.TermsWithdrawn(withdrawn, modelId, payer);
        vm.startPrank(payer);
        models.withdrawTerms(withdrawn);
        models.transferFrom(payer, second, modelId);
        vm.stopPrank();
        uint256[2] memory ids = [withdrawn, sold];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IModelNft.TermsNotInForce.selector, ids[i]));
            vm.prank(buyer);
            models.buy(ids[i], key);
        }
    }

    function testFuzz_RevertWhen_TheKeyIsNoPointOfTheCurve(uint256 x, uint256 y, uint8 kind) public {
        uint256 termsId = postTerms(mintModel(), false);
        Point memory good = pointOf(BUYER_SECRET);
        Point memory bad = Point(x, y);
        if (kind % 5 == 0) bad = Point(good.x, y);
        else if (kind % 5 == 1) bad = Point(0, y);
        else if (kind % 5 == 2) bad = Point(bound(x, ORDER, type(uint256).max), y);
        else if (kind % 5 == 3) bad = Point(good.x, bound(y, type(uint256).max - 2 ** 32, type(uint256).max));
        vm.assume(bad.x != good.x || (bad.y != good.y && bad.y != _negative(good).y));
        vm.expectRevert(abi.encodeWithSelector(IModelNft.InvalidPoint.selector, bad));
        vm.prank(buyer);
        models.buy(termsId, bad);
    }

    function test_TheMoneyWaitsAndSoDoesAModelThatIsSold() public {
        uint256 modelId = mintModel();
        uint256 termsId = postTerms(modelId, true);
        Point memory key = pointOf(BUYER_SECRET);
        uint64 deadlineBlock = uint64(block.number) + models.RELEASE_BLOCKS();
        vm.expectEmit(address(models));
        uint64 fromBlock = uint64(block.number) + models.CONFIRMATION_BLOCKS();
        emit IModelNft.PurchasePaid(1, termsId, buyer, key, MODEL_PRICE, fromBlock, deadlineBlock);
        vm.prank(buyer);
        vm.assertEq(models.buy(termsId, key), 1);
        vm.assertEq(models.ownerOf(modelId), address(models));
        vm.assertEq(token.balanceOf(address(models)), MODEL_PRICE);
        IModelNft.Purchase memory expected = IModelNft.Purchase({
            buyer: buyer,
            state: IModelNft.PurchaseState.Paid,
            deadlineBlock: deadlineBlock,
            refundRequested: false,
            buyerKey: vm.addr(BUYER_SECRET),
            releasableFromBlock: fromBlock,
            termsId: termsId,
            sellerKey: Point(0, 0),
            sealedKey: 0
        });
        vm.assertEq(abi.encode(models.purchaseOf(1)), abi.encode(expected));
        vm.assertEq(models.purchaseCount(), 1);
        // A model is sold once.
        vm.expectRevert(abi.encodeWithSelector(IModelNft.TermsNotInForce.selector, termsId));
        vm.prank(buyer);
        models.buy(termsId, key);
    }

    /// @dev Terms of long ago, at a price of long ago.
    function test_RevertWhen_TheModelHasChangedHandsSinceAndCameBack() public {
        uint256 modelId = mintModel();
        uint256 stale = postTerms(modelId, true);
        vm.prank(payer);
        models.transferFrom(payer, second, modelId);
        vm.prank(second);
        models.transferFrom(second, payer, modelId);
        vm.assertEq(models.handoverCountOf(modelId), 2);
        Point memory key = pointOf(BUYER_SECRET);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.TermsNotInForce.selector, stale));
        vm.prank(buyer);
        models.buy(stale, key);
        uint256 fresh = postTerms(modelId, true);
        vm.prank(buyer);
        models.buy(fresh, key);
    }

    function test_RevertWhen_TheModelWasSoldHereSinceAndBoughtBack() public {
        (uint256 purchaseId, uint256 modelId) = releasedPurchase(true, KEY);
        vm.prank(buyer);
        models.settle(purchaseId);
        vm.prank(buyer);
        models.transferFrom(buyer, payer, modelId);
        vm.assertEq(models.handoverCountOf(modelId), 2);
        Point memory key = pointOf(BUYER_SECRET);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.TermsNotInForce.selector, 1));
        vm.prank(buyer);
        models.buy(1, key);
    }

    function test_TermsOutliveASaleThatCameToNothing() public {
        (uint256 purchaseId, uint256 modelId) = paidPurchase(true);
        vm.prank(payer);
        models.refund(purchaseId);
        vm.assertEq(models.handoverCountOf(modelId), 0);
        Point memory key = pointOf(BUYER_SECRET);
        vm.prank(buyer);
        models.buy(1, key);
    }

    // ─── release ─────────────────────────────────────────────────────────────

    function test_RevertWhen_ThePurchaseIsNotOrNotPaid() public {
        Point memory key = pointOf(SELLER_SECRET);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.UnknownPurchase.selector, 1));
        models.release(1, key, 0);
        (uint256 purchaseId,) = releasedPurchase(false, KEY);
        expectWrongPurchaseState(purchaseId);
        vm.prank(payer);
        models.release(purchaseId, key, 0);
    }

    /// @dev A reorganisation takes the payment back, and never a key that was published.
    function test_RevertWhen_TheKeyIsReleasedBeforeThePaymentIsConfirmed() public {
        uint256 termsId = postTerms(mintModel(), false);
        Point memory buyerKey = pointOf(BUYER_SECRET);
        Point memory key = pointOf(SELLER_SECRET);
        vm.prank(buyer);
        uint256 purchaseId = models.buy(termsId, buyerKey);
        uint64 fromBlock = uint64(block.number) + models.CONFIRMATION_BLOCKS();
        uint256[2] memory early = [block.number + 1, fromBlock - 1];
        for (uint256 i = 0; i < 2; ++i) {
            vm.roll(early[i]);
            vm.expectRevert(abi.encodeWithSelector(IModelNft.PurchaseUnconfirmed.selector, fromBlock));
            vm.prank(payer);
            models.release(purchaseId, key, 0);
        }
        vm.roll(fromBlock);
        vm.prank(payer);
        models.release(purchaseId, key, 0);
    }

    /// @dev By the time it lands the key is public: a block too late must not cost the seller the price as well.
    function testFuzz_AReleaseIsNeverTooLateWhileTheMoneyIsHere(uint64 lateBlocks, bool asked) public {
        (uint256 purchaseId,) = asked ? recalledPurchase(false) : paidPurchase(false);
        uint64 deadlineBlock = models.purchaseOf(purchaseId).deadlineBlock;
        vm.roll(deadlineBlock + bound(lateBlocks, 1, 1_000_000));
        Point memory sellerKey = pointOf(SELLER_SECRET);
        bytes32 sealedKey = sealKey(KEY);
        vm.prank(payer);
        models.release(purchaseId, sellerKey, sealedKey);
        expectWrongPurchaseState(purchaseId);
        models.refund(purchaseId);
        vm.roll(models.purchaseOf(purchaseId).deadlineBlock + 1);
        models.settle(purchaseId);
        vm.assertEq(models.creditOf(payer), MODEL_PRICE * 9 / 10);
    }

    function testFuzz_RevertWhen_AnyoneButTheSellerReleases(address caller) public {
        vm.assume(caller != payer);
        (uint256 purchaseId,) = paidPurchase(false);
        Point memory key = pointOf(SELLER_SECRET);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.NotSeller.selector, 1, caller));
        vm.prank(caller);
        models.release(purchaseId, key, 0);
    }

    function test_RevertWhen_TheSellersPointIsNone() public {
        (uint256 purchaseId,) = paidPurchase(false);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.InvalidPoint.selector, Point(1, 1)));
        vm.prank(payer);
        models.release(purchaseId, Point(1, 1), 0);
    }

    function test_TheKeyIsPublishedForTheBuyerAlone() public {
        (uint256 purchaseId,) = paidPurchase(false);
        Point memory sellerKey = pointOf(SELLER_SECRET);
        bytes32 sealedKey = sealKey(KEY);
        vm.roll(models.purchaseOf(purchaseId).deadlineBlock);
        uint64 deadlineBlock = uint64(block.number) + models.DISPUTE_BLOCKS();
        vm.expectEmit(address(models));
        emit IModelNft.KeyReleased(purchaseId, sellerKey, sealedKey, deadlineBlock);
        vm.prank(payer);
        models.release(purchaseId, sellerKey, sealedKey);
        IModelNft.Purchase memory purchase = models.purchaseOf(purchaseId);
        vm.assertEq(uint256(purchase.state), uint256(IModelNft.PurchaseState.Released));
        vm.assertEq(purchase.deadlineBlock, deadlineBlock);
        // The buyer opens it: its secret times the seller's point is the shared one.
        vm.assertEq(purchase.sealedKey ^ keccak256(abi.encode(sharedPoint().x)), KEY);
    }

    // ─── settle ──────────────────────────────────────────────────────────────

    function testFuzz_RevertWhen_AnyoneButTheBuyerSettlesEarly(address caller) public {
        vm.assume(caller != buyer);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.UnknownPurchase.selector, 1));
        models.settle(1);
        (uint256 purchaseId,) = paidPurchase(false);
        expectWrongPurchaseState(purchaseId);
        vm.prank(buyer);
        models.settle(purchaseId);
        Point memory sellerKey = pointOf(SELLER_SECRET);
        vm.prank(payer);
        models.release(purchaseId, sellerKey, 0);
        uint64 deadlineBlock = models.purchaseOf(purchaseId).deadlineBlock;
        vm.roll(deadlineBlock);
        vm.expectRevert(abi.encodeWithSelector(IModelNft.DeadlineNotPassed.selector, deadlineBlock));
        vm.prank(caller);
        models.settle(purchaseId);
    }

    function test_TheBuyerConfirmsALicence() public {
        (uint256 purchaseId, uint256 modelId) = releasedPurchase(false, KEY);
        uint64 until = uint64(block.timestamp) + 30 days;
        vm.assertFalse(models.isLicensed(modelId, buyer));
        vm.expectEmit(address(models));
        emit IModelNft.PurchaseSettled(
            purchaseId, modelId, buyer, payer, MODEL_PRICE * 9 / 10, MODEL_PRICE / 10, until
        );
        vm.prank(buyer);
        models.settle(purchaseId);
        vm.assertEq(models.creditOf(payer), MODEL_PRICE * 9 / 10);
        vm.assertEq(models.modelOf(modelId).undividedWei, MODEL_PRICE / 10);
        vm.assertEq(models.licensedUntilOf(modelId, buyer), until);
        vm.assertEq(models.ownerOf(modelId), payer);
        vm.assertTrue(models.isLicensed(modelId, buyer));
        vm.assertTrue(models.isLicensed(modelId, payer));
        vm.assertFalse(models.isLicensed(modelId, stranger));
        vm.assertFalse(models.isLicensed(7, address(0)));
        vm.warp(until + 1);
        vm.assertFalse(models.isLicensed(modelId, buyer));
    }

    function testFuzz_SilenceSettlesAfterTheDisputeWindow(address caller) public {
        (uint256 purchaseId, uint256 modelId) = releasedPurchase(true, KEY);
        vm.roll(models.purchaseOf(purchaseId).deadlineBlock + 1);
        vm.prank(caller);
        models.settle(purchaseId);
        vm.assertEq(models.ownerOf(modelId), buyer);
        vm.assertEq(models.licensedUntilOf(modelId, buyer), 0);
        vm.assertEq(models.creditOf(payer), MODEL_PRICE * 9 / 10);
    }

    function test_ALicenceBoughtAgainIsProlongedAndOneWithoutEndHasNone() public {
        (uint256 purchaseId, uint256 modelId) = releasedPurchase(false, KEY);
        vm.prank(buyer);
        models.settle(purchaseId);
        _buyAgain(1);
        vm.assertEq(models.licensedUntilOf(modelId, buyer), block.timestamp + 60 days);
        vm.prank(payer);
        uint256 endless = models.postTerms(modelId, false, 0, 0, 0);
        _buyAgain(endless);
        vm.assertEq(models.licensedUntilOf(modelId, buyer), type(uint64).max);
        vm.prank(payer);
        uint256 long = models.postTerms(modelId, false, 0, type(uint64).max, 0);
        _buyAgain(long);
        vm.assertEq(models.licensedUntilOf(modelId, buyer), type(uint64).max);
    }

    function test_AModelIsResoldWithItsRoyalty() public {
        (uint256 purchaseId, uint256 modelId) = releasedPurchase(true, KEY);
        vm.prank(buyer);
        models.settle(purchaseId);
        vm.prank(second);
        token.approve(address(models), type(uint256).max);
        uint256 termsId = postTerms(modelId, true);
        Point memory key = pointOf(BUYER_SECRET);
        vm.prank(second);
        purchaseId = models.buy(termsId, key);
        confirm();
        Point memory sellerKey = pointOf(SELLER_SECRET);
        bytes32 sealedKey = sealKey(KEY);
        vm.prank(buyer);
        models.release(purchaseId, sellerKey, sealedKey);
        vm.prank(second);
        models.settle(purchaseId);
        vm.assertEq(models.ownerOf(modelId), second);
        models.divide(modelId);
        vm.assertEq(models.creditOf(buyer), MODEL_PRICE * 9 / 10);
        vm.assertEq(models.creditOf(payer), MODEL_PRICE * 9 / 10 + MODEL_PRICE / 5);
        vm.assertEq(token.balanceOf(address(models)), 2 * MODEL_PRICE);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _buyAgain(uint256 termsId) private {
        Point memory buyerKey = pointOf(BUYER_SECRET);
        Point memory sellerKey = pointOf(SELLER_SECRET);
        vm.prank(buyer);
        uint256 purchaseId = models.buy(termsId, buyerKey);
        confirm();
        vm.prank(payer);
        models.release(purchaseId, sellerKey, 0);
        vm.prank(buyer);
        models.settle(purchaseId);
    }

    function _mintUnsealed() private returns (uint256) {
        bytes[4] memory result = [sealFor(payer, 0), "open weights", "", ""];
        IModelLineage.MintTerms memory terms =
            mintTerms(recordBoth(statementOf(leaseId, result), payerKey), none);
        terms.keyHash = 0;
        vm.prank(payer);
        return models.mint(terms, proofOf(result, 0));
    }

    function _negative(Point memory point) private pure returns (Point memory) {
        uint256 field = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f;
        return Point(point.x, field - point.y);
    }
}
