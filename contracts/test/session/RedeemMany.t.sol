// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {SmartWallet} from "../support/SmartWallet.sol";
import {WholeMarketTest} from "../support/WholeMarketTest.sol";

interface IBatchStep {
    function redeemInBatch(IServerlessSession.SignedVoucher calldata signed, address caller)
        external
        returns (uint256);
}

contract RedeemManyTest is WholeMarketTest {
    function test_RevertWhen_AStrangerUsesTheBatchsStepInTheProvidersName() public {
        uint256 sessionId = openSession();
        IServerlessSession.SignedVoucher memory signed = signedVoucher(sessionId, 1 ether, 1);
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.NotProvider.selector, sessionId, stranger));
        vm.prank(stranger);
        IBatchStep(address(session)).redeemInBatch(signed, provider);
    }

    function test_AStrangersBatchPaysNothing() public {
        uint256 sessionId = openSession();
        IServerlessSession.SignedVoucher[] memory signed = new IServerlessSession.SignedVoucher[](1);
        signed[0] = signedVoucher(sessionId, 1 ether, 1);
        vm.expectEmit(address(session));
        emit IServerlessSession.VoucherRefused(
            sessionId,
            rootOf(sessionId),
            1,
            abi.encodeWithSelector(IServerlessSession.NotProvider.selector, sessionId, stranger)
        );
        vm.prank(stranger);
        uint256[] memory paidWei = session.redeemMany(signed);
        vm.assertEq(paidWei[0], 0);
        vm.assertEq(token.balanceOf(payout), 0);
    }

    function test_AnEmptyBatchIsLawful() public {
        vm.prank(provider);
        vm.assertEq(session.redeemMany(new IServerlessSession.SignedVoucher[](0)).length, 0);
    }

    function testFuzz_WhatIsGoodIsPaidAndWhatIsBadIsLeftOut(uint256 badMask, uint96[4] memory amountsWei)
        public
    {
        IServerlessSession.SignedVoucher[] memory signed = new IServerlessSession.SignedVoucher[](4);
        uint256 goodWei;
        for (uint256 i = 0; i < 4; ++i) {
            uint96 amountWei = uint96(bound(amountsWei[i], 1, BUDGET));
            signed[i] = signedVoucher(openSession(), amountWei, 1);
            if (badMask >> i & 1 == 1) signed[i].signature[0] = ~signed[i].signature[0];
            else goodWei += amountWei;
        }
        vm.prank(provider);
        uint256[] memory paidWei = session.redeemMany(signed);
        for (uint256 i = 0; i < 4; ++i) {
            vm.assertEq(paidWei[i], badMask >> i & 1 == 1 ? 0 : signed[i].voucher.cumulativeWei);
        }
        vm.assertEq(token.balanceOf(payout), goodWei);
        vm.assertEq(token.balanceOf(address(session)), 4 * uint256(BUDGET) - goodWei);
    }

    function test_OneSessionsRightsSettleTogether() public {
        (uint256 sessionId, uint256 rightId) = grantedSession();
        IServerlessSession.SignedVoucher[] memory signed = new IServerlessSession.SignedVoucher[](3);
        signed[0] = signedVoucher(sessionId, 1 ether, 1);
        signed[1] = studentVoucher(sessionId, rightId, 2 ether, 1);
        signed[2] = signedVoucher(sessionId, 1.25 ether, 2);
        vm.prank(provider);
        uint256[] memory paidWei = session.redeemMany(signed);
        vm.assertEq(paidWei[0] + paidWei[1] + paidWei[2], 3.25 ether);
        vm.assertEq(paidWei[2], 0.25 ether);
    }

    function test_ASignerThatBurnsAllGasCannotSpoilTheBatch() public {
        SmartWallet wallet = new SmartWallet(student);
        wallet.setGreedy(true);
        uint256 greedyId = openSession();
        uint256 rightId = grant(payer, grantTo(rootOf(greedyId), address(wallet), 4 ether));
        IServerlessSession.SignedVoucher[] memory signed = new IServerlessSession.SignedVoucher[](2);
        signed[0] = studentVoucher(greedyId, rightId, 1 ether, 1);
        signed[0].signer = address(wallet);
        signed[1] = signedVoucher(openSession(), 1 ether, 1);
        vm.prank(provider);
        uint256[] memory paidWei = session.redeemMany{gas: 1_500_000}(signed);
        vm.assertEq(paidWei[0], 0);
        vm.assertEq(paidWei[1], 1 ether);
    }
}
