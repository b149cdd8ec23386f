// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {ACT_GRANT, ACT_USE, IUsageRights} from "../../src/rights/IUsageRights.sol";
import {SmartWallet} from "../support/SmartWallet.sol";
import {WholeMarketTest} from "../support/WholeMarketTest.sol";

contract RedeemTest is WholeMarketTest {
    // ─── Reverts ─────────────────────────────────────────────────────────────

    function test_RevertWhen_TheSessionIsUnknown() public {
        IServerlessSession.SignedVoucher memory signed = signedVoucher(1, 1 ether, 1);
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.UnknownSession.selector, 1));
        redeem(signed);
    }

    function testFuzz_RevertWhen_AnyoneButTheProviderRedeems(address caller) public {
        vm.assume(caller != provider);
        uint256 sessionId = openSession();
        IServerlessSession.SignedVoucher memory signed = signedVoucher(sessionId, 1 ether, 1);
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.NotProvider.selector, sessionId, caller));
        vm.prank(caller);
        session.redeem(signed);
    }

    function test_RevertWhen_TheSessionIsFinalized() public {
        uint256 sessionId = openSession();
        vm.prank(provider);
        session.close(sessionId);
        IServerlessSession.SignedVoucher memory signed = signedVoucher(sessionId, 1 ether, 1);
        expectWrongSessionState(sessionId);
        redeem(signed);
    }

    function test_RevertWhen_TheChallengeWindowIsOver() public {
        uint256 sessionId = closingSession();
        IServerlessSession.SignedVoucher memory signed = signedVoucher(sessionId, 1 ether, 1);
        uint64 endBlock = session.sessionOf(sessionId).challengeEndBlock;
        vm.roll(endBlock + 1);
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.DeadlinePassed.selector, endBlock));
        redeem(signed);
    }

    function testFuzz_RevertWhen_AVoucherDoesNotExceedTheLast(uint96 amountWei, uint64 sequence, uint64 units)
        public
    {
        uint256 sessionId = openSession();
        redeem(signedVoucher(sessionId, 1 ether, 10));
        IServerlessSession.Lane memory last = session.laneOf(sessionId, rootOf(sessionId));
        IServerlessSession.Voucher memory voucher = voucherOf(sessionId, 2 ether, 11);
        if (amountWei % 3 == 0) voucher.cumulativeWei = uint96(bound(amountWei, 0, 1 ether));
        else if (amountWei % 3 == 1) voucher.sequence = uint64(bound(sequence, 0, 10));
        else voucher.units = uint64(bound(units, 0, last.units - 1));
        IServerlessSession.SignedVoucher memory signed = sign(voucher, signerKey);
        vm.expectRevert(
            abi.encodeWithSelector(IServerlessSession.StaleVoucher.selector, sessionId, voucher.rightId, last)
        );
        redeem(signed);
    }

    function test_RevertWhen_TheUnitsAreWorthLess() public {
        uint256 sessionId = openSession();
        IServerlessSession.Voucher memory voucher = voucherOf(sessionId, uint96(PRICE) * 10, 1);
        voucher.cumulativeWei += 1;
        IServerlessSession.SignedVoucher memory signed = sign(voucher, signerKey);
        vm.expectRevert(
            abi.encodeWithSelector(IServerlessSession.PriceExceeded.selector, PRICE * 10 + 1, PRICE * 10)
        );
        redeem(signed);
    }

    function testFuzz_RevertWhen_TheBudgetIsExceeded(uint96 firstWei, uint96 overWei) public {
        firstWei = uint96(bound(firstWei, 1, BUDGET));
        overWei = uint96(bound(overWei, 1, 1000 ether));
        uint256 sessionId = openSession();
        redeem(signedVoucher(sessionId, firstWei, 1));
        IServerlessSession.SignedVoucher memory signed = signedVoucher(sessionId, BUDGET + overWei, 2);
        vm.expectRevert(
            abi.encodeWithSelector(
                IServerlessSession.BudgetExceeded.selector,
                sessionId,
                BUDGET + overWei - firstWei,
                BUDGET - firstWei
            )
        );
        redeem(signed);
    }

    function testFuzz_RevertWhen_AnyFieldIsChangedAfterSigning(uint8 field) public {
        uint256 sessionId = openSession();
        openSession();
        redeem(signedVoucher(sessionId, 1 ether, 1));
        IServerlessSession.SignedVoucher memory signed = signedVoucher(sessionId, 2 ether, 2);
        field = field % 7;
        if (field == 0) signed.voucher.sessionId += 1;
        else if (field == 1) signed.voucher.rightId += 1;
        else if (field == 2) signed.voucher.cumulativeWei -= 1;
        else if (field == 3) signed.voucher.sequence += 1;
        else if (field == 4) signed.voucher.units += 1;
        else if (field == 5) signed.voucher.receiptsRoot = 0;
        else signed.signature[10] = ~signed.signature[10];
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.InvalidVoucherSignature.selector, signer));
        redeem(signed);
    }

    function testFuzz_RevertWhen_TheSignerHoldsNoRight(uint256 key) public {
        key = bound(key, 1, 2 ** 128);
        vm.assume(key != signerKey && key != payerKey);
        uint256 sessionId = openSession();
        IServerlessSession.SignedVoucher memory signed = sign(voucherOf(sessionId, 1 ether, 1), key);
        vm.expectRevert(
            abi.encodeWithSelector(IUsageRights.NotHolder.selector, rootOf(sessionId), vm.addr(key))
        );
        redeem(signed);
    }

    function test_RevertWhen_TheRightBelongsToAnotherSession() public {
        (, uint256 rightId) = grantedSession();
        uint256 other = openSession();
        IServerlessSession.SignedVoucher memory signed = studentVoucher(other, rightId, 1 ether, 1);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NotRightOf.selector, rightId, other));
        redeem(signed);
    }

    function test_RevertWhen_TheRightIsNot() public {
        uint256 sessionId = openSession();
        IServerlessSession.SignedVoucher memory signed = studentVoucher(sessionId, 7, 1 ether, 1);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.UnknownRight.selector, 7));
        redeem(signed);
    }

    function test_RevertWhen_TheRightMayNotUse() public {
        uint256 sessionId = openSession();
        IUsageRights.Grant memory terms = grantTo(rootOf(sessionId), student, 1 ether);
        terms.acts = ACT_GRANT;
        uint256 rightId = grant(payer, terms);
        IServerlessSession.SignedVoucher memory signed = studentVoucher(sessionId, rightId, 1 ether, 1);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.ActNotAllowed.selector, rightId, ACT_USE));
        redeem(signed);
    }

    // ─── What it does ────────────────────────────────────────────────────────

    function testFuzz_EachVoucherPaysTheDifferenceToTheLast(uint96[5] memory stepsWei) public {
        uint256 sessionId = openSession();
        uint96 cumulativeWei = 0;
        for (uint64 i = 0; i < 5; ++i) {
            uint96 stepWei = uint96(bound(stepsWei[i], 1, BUDGET / 5));
            cumulativeWei += stepWei;
            IServerlessSession.SignedVoucher memory signed = signedVoucher(sessionId, cumulativeWei, i + 1);
            vm.expectEmit(address(session));
            emit IServerlessSession.VoucherRedeemed(
                sessionId,
                rootOf(sessionId),
                signer,
                cumulativeWei,
                i + 1,
                signed.voucher.units,
                keccak256("receipts"),
                payout,
                stepWei
            );
            vm.assertEq(redeem(signed), stepWei);
            vm.assertEq(token.balanceOf(payout), cumulativeWei);
        }
        vm.assertEq(session.sessionOf(sessionId).spentWei, cumulativeWei);
        vm.assertEq(rights.rightOf(rootOf(sessionId)).spentWei, cumulativeWei);
        vm.assertEq(token.balanceOf(address(session)), BUDGET - cumulativeWei);
        IServerlessSession.Lane memory lane = session.laneOf(sessionId, rootOf(sessionId));
        vm.assertEq(lane.cumulativeWei, cumulativeWei);
        vm.assertEq(lane.sequence, 5);
    }

    function test_ThePayerMaySignBesidesItsSigner() public {
        uint256 sessionId = openSession();
        vm.assertEq(redeem(sign(voucherOf(sessionId, 1 ether, 1), payerKey)), 1 ether);
        vm.assertEq(redeem(signedVoucher(sessionId, 3 ether, 2)), 2 ether);
    }

    function test_RightsSpendInLanesOfTheirOwn() public {
        (uint256 sessionId, uint256 rightId) = grantedSession();
        vm.assertEq(redeem(signedVoucher(sessionId, 1 ether, 9)), 1 ether);
        vm.assertEq(redeem(studentVoucher(sessionId, rightId, 2 ether, 1)), 2 ether);
        vm.assertEq(redeem(signedVoucher(sessionId, 1.5 ether, 10)), 0.5 ether);
        vm.assertEq(session.laneOf(sessionId, rightId).cumulativeWei, 2 ether);
        vm.assertEq(rights.rightOf(rightId).spentWei, 2 ether);
        vm.assertEq(rights.rightOf(rootOf(sessionId)).spentWei, 3.5 ether);
        vm.assertEq(token.balanceOf(payout), 3.5 ether);
    }

    function test_ASmartWalletSignsByErc1271() public {
        SmartWallet wallet = new SmartWallet(student);
        uint256 sessionId = openSession();
        uint256 rightId = grant(payer, grantTo(rootOf(sessionId), address(wallet), 4 ether));
        IServerlessSession.SignedVoucher memory signed = studentVoucher(sessionId, rightId, 1 ether, 1);
        signed.signer = address(wallet);
        vm.assertEq(redeem(signed), 1 ether);
        wallet.setKey(stranger);
        signed = studentVoucher(sessionId, rightId, 2 ether, 2);
        signed.signer = address(wallet);
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.InvalidVoucherSignature.selector, wallet));
        redeem(signed);
    }

    function test_TheLastBlockOfTheChallengeWindowStillPays() public {
        uint256 sessionId = closingSession();
        vm.roll(session.sessionOf(sessionId).challengeEndBlock);
        vm.assertEq(redeem(signedVoucher(sessionId, 1 ether, 1)), 1 ether);
    }

    function test_ItPaysToWhereTheProvidersEarningsGoNow() public {
        uint256 sessionId = openSession();
        vm.prank(provider);
        registry.setPayout(stranger);
        redeem(signedVoucher(sessionId, 1 ether, 1));
        vm.assertEq(token.balanceOf(stranger), 1 ether);
    }

    function test_TheHashIsEip712() public view {
        IServerlessSession.Voucher memory voucher = voucherOf(1, 1 ether, 1);
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("WorldLand Serverless Session"),
                keccak256("1"),
                block.chainid,
                session
            )
        );
        bytes32 typeHash = keccak256(
            "Voucher(uint256 sessionId,uint256 rightId,uint96 cumulativeWei,uint64 sequence,uint64 units,bytes32 receiptsRoot)"
        );
        bytes32 structHash = keccak256(bytes.concat(typeHash, abi.encode(voucher)));
        vm.assertEq(session.hashOf(voucher), keccak256(abi.encodePacked(hex"1901", domain, structHash)));
    }
}
