// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModelLineage} from "../../src/provenance/IModelLineage.sol";
import {ProvenanceTest} from "../support/ProvenanceTest.sol";

interface IVault {
    error NotModels(address caller);

    function sweep() external returns (uint256);
}

/// @notice royaltyInfo, collect, divide, withdraw.
contract RoyaltiesTest is ProvenanceTest {
    uint256[] private none;

    // ─── royaltyInfo and collect ─────────────────────────────────────────────

    function testFuzz_MarketplacesAreToldTheShareAndThePlace(uint128 priceWei) public {
        uint256 modelId = mintModel();
        (address receiver, uint256 royaltyWei) = models.royaltyInfo(modelId, priceWei);
        vm.assertEq(receiver, models.vaultOf(modelId));
        vm.assertEq(royaltyWei, uint256(priceWei) / 10);
    }

    function testFuzz_TokensAndCoinsPaidToTheVaultAreCollectedAgainAndAgain(uint96 tokensWei, uint96 coinsWei)
        public
    {
        uint256 modelId = mintModel();
        address vault = models.vaultOf(modelId);
        uint256 collectedWei = 0;
        for (uint256 round = 0; round < 2; ++round) {
            tokensWei = uint96(bound(tokensWei, 0, 100 ether));
            coinsWei = uint96(bound(coinsWei, 1, 100 ether));
            fund(vault, tokensWei);
            vm.deal(vault, coinsWei);
            uint256 amountWei = uint256(tokensWei) + coinsWei;
            collectedWei += amountWei;
            vm.expectEmit(address(models));
            emit IModelLineage.RoyaltyReceived(modelId, amountWei, collectedWei);
            vm.prank(stranger);
            vm.assertEq(models.collect(modelId), amountWei);
            vm.assertEq(models.modelOf(modelId).undividedWei, collectedWei);
            vm.assertEq(token.balanceOf(address(models)), collectedWei);
            vm.assertEq(token.balanceOf(vault) + vault.balance, 0);
        }
    }

    function test_AVaultTakesCoinsBeforeAndAfterItIsDeployed() public {
        uint256 modelId = mintModel();
        address vault = models.vaultOf(modelId);
        vm.assertEq(models.collect(modelId), 0);
        vm.assertGt(vault.code.length, 0);
        vm.deal(address(this), 1 ether);
        (bool sent,) = vault.call{value: 1 ether}("");
        vm.assertTrue(sent);
        vm.assertEq(models.collect(modelId), 1 ether);
    }

    function test_RevertWhen_AStrangerSweepsAVault() public {
        uint256 modelId = mintModel();
        models.collect(modelId);
        address vault = models.vaultOf(modelId);
        vm.expectRevert(abi.encodeWithSelector(IVault.NotModels.selector, stranger));
        vm.prank(stranger);
        IVault(vault).sweep();
    }

    // ─── divide ──────────────────────────────────────────────────────────────

    function test_RevertWhen_ThereIsNothingToDivide() public {
        uint256 modelId = mintModel();
        vm.expectRevert(abi.encodeWithSelector(IModelLineage.NothingToDivide.selector, modelId));
        models.divide(modelId);
    }

    function test_AModelWithoutParentsCreditsItsCreator() public {
        uint256 modelId = _earning(mintModel(), 1 ether);
        vm.expectEmit(address(models));
        emit IModelLineage.Credited(payer, 1 ether, 1 ether);
        models.divide(modelId);
        vm.assertEq(models.creditOf(payer), 1 ether);
        vm.assertEq(models.modelOf(modelId).undividedWei, 0);
    }

    function testFuzz_ARoyaltyRunsThroughTheGenerationsAndNotAWeiIsLost(uint96 amountWei) public {
        amountWei = uint96(bound(amountWei, 1, 1000 ether));
        uint256 grandparentId = mintModel();
        uint256 parentId = mintChild("parent", one(grandparentId));
        uint256[] memory parents = new uint256[](2);
        (parents[0], parents[1]) =
            grandparentId < parentId ? (grandparentId, parentId) : (parentId, grandparentId);
        uint256 modelId = _earning(mintChild("child", parents), amountWei);

        models.divide(modelId);
        uint256 shareWei = uint256(amountWei) * 2_500 / 10_000;
        vm.assertEq(models.creditOf(second), amountWei - 2 * shareWei);
        vm.assertEq(models.modelOf(parentId).undividedWei, shareWei);
        vm.assertEq(models.modelOf(grandparentId).undividedWei, shareWei);
        if (shareWei == 0) return;

        models.divide(parentId);
        uint256 onwardWei = shareWei * 2_500 / 10_000;
        vm.assertEq(models.creditOf(second), amountWei - shareWei - onwardWei);
        models.divide(grandparentId);
        vm.assertEq(models.creditOf(payer), shareWei + onwardWei);
        vm.assertEq(models.creditOf(second) + models.creditOf(payer), amountWei);
    }

    function test_ParentsThatTakeAllLeaveTheCreatorNothing() public {
        bytes[4] memory result = resultOf(payer, "weights");
        IModelLineage.MintTerms memory terms =
            mintTerms(recordBoth(statementOf(leaseId, result), payerKey), none);
        terms.lineageBps = 10_000;
        vm.prank(payer);
        uint256 parentId = models.mint(terms, proofOf(result, 0));
        uint256 modelId = _earning(mintChild("child", one(parentId)), 1 ether);
        models.divide(modelId);
        vm.assertEq(models.creditOf(second), 0);
        vm.assertEq(models.modelOf(parentId).undividedWei, 1 ether);
    }

    // ─── withdraw ────────────────────────────────────────────────────────────

    function test_RevertWhen_ThereIsNoCredit() public {
        vm.expectRevert(abi.encodeWithSelector(IModelLineage.NothingToWithdraw.selector, stranger));
        models.withdraw(stranger);
    }

    function testFuzz_AnyoneMayHaveAnAccountPaidItsOwn(uint96 amountWei, address caller) public {
        amountWei = uint96(bound(amountWei, 1, 1000 ether));
        models.divide(_earning(mintModel(), amountWei));
        uint256 balanceWei = token.balanceOf(payer);
        vm.expectEmit(address(models));
        emit IModelLineage.Withdrawn(payer, amountWei);
        vm.prank(caller);
        vm.assertEq(models.withdraw(payer), amountWei);
        vm.assertEq(token.balanceOf(payer), balanceWei + amountWei);
        vm.assertEq(models.creditOf(payer), 0);
        vm.assertEq(token.balanceOf(address(models)), 0);
    }

    function _earning(uint256 modelId, uint256 amountWei) private returns (uint256) {
        fund(models.vaultOf(modelId), amountWei);
        models.collect(modelId);
        return modelId;
    }
}
