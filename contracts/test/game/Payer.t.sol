// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {IUsageRights} from "../../src/rights/IUsageRights.sol";
import {GameTest} from "../support/GameTest.sol";
import {SmartWallet} from "../support/SmartWallet.sol";

/// @notice What a payer gains by each deviation, and what it costs.
contract PayerGameTest is GameTest {
    int256 private constant DEPOSIT = int256(uint256(DEFAULT_PING_DEPOSIT));

    // ─── Leases ──────────────────────────────────────────────────────────────

    function test_PingingForSportPaysTheProvider() public {
        uint256 id = readyLease();
        count();
        for (uint256 i = 0; i < 5; ++i) {
            vm.prank(payer);
            lease.ping(id);
            vm.prank(provider);
            lease.pong(id);
            mine(DEFAULT_PING_INTERVAL_BLOCKS);
        }
        assertProviderGained(5 * DEPOSIT);
        assertGained(payer, -5 * DEPOSIT);
    }

    function test_PingingInTheLastMomentAndStoppingForfeitsTheDeposit() public {
        uint256 id = readyLease();
        mine(6);
        count();
        vm.startPrank(payer);
        lease.ping(id);
        lease.stop(id);
        vm.stopPrank();
        lease.settle(id);
        assertProviderGained(wei_(60) + DEPOSIT);
    }

    function test_ClaimingAFaultOfAnAnswerFails() public {
        uint256 id = readyLease();
        vm.prank(payer);
        lease.ping(id);
        mine(DEFAULT_PONG_BLOCKS);
        vm.prank(provider);
        lease.pong(id);
        mine(1);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NoPingOpen.selector, id));
        vm.prank(payer);
        lease.claimFault(id);
    }

    /// @dev Whether the provider was silent or silenced, no contract can tell.
    function test_CuttingTheProviderOffGainsHalfTheBond() public {
        uint256 id = readyLease();
        count();
        vm.startPrank(payer);
        lease.ping(id);
        mine(DEFAULT_PONG_BLOCKS + 1);
        lease.claimFault(id);
        vm.stopPrank();
        assertGained(payer, wei_(HOUR) + int256(uint256(BOND_PER_UNIT)) / 2);
    }

    function test_FillingAMachineWithoutUseCostsMoreGasThanSendingItAway() public {
        vm.startPrank(payer);
        uint256 gasBefore = gasleft();
        uint256 id = lease.open(offerId, 1, HOUR, PRICE, IMAGE, address(0), 0, "");
        uint256 openGas = gasBefore - gasleft();
        vm.stopPrank();
        vm.startPrank(provider);
        gasBefore = gasleft();
        lease.stop(id);
        uint256 stopGas = gasBefore - gasleft();
        vm.stopPrank();
        vm.assertLt(stopGas, openGas);
        vm.assertEq(offers.freeUnitsOf(offerId), 3);
    }

    function test_SellingTheRootAndThenStoppingFails() public {
        uint256 id = readyLease();
        uint256 rootId = leaseRootOf(id);
        vm.startPrank(payer);
        rights.transferFrom(payer, student, rootId);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NotStoppableBy.selector, id, payer));
        lease.stop(id);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.RootNotRevokable.selector, rootId));
        rights.revoke(rootId);
        vm.stopPrank();
    }

    // ─── Sessions ────────────────────────────────────────────────────────────

    function test_FillingSessionsWithoutUseCostsMoreGasThanClosingThem() public {
        uint48 expires = uint48(block.timestamp) + DAY;
        vm.startPrank(payer);
        uint256 gasBefore = gasleft();
        uint256 sessionId = session.open(useOfferId, BUDGET, PRICE, signer, expires);
        uint256 openGas = gasBefore - gasleft();
        vm.stopPrank();
        vm.startPrank(provider);
        gasBefore = gasleft();
        session.close(sessionId);
        uint256 closeGas = gasBefore - gasleft();
        vm.stopPrank();
        vm.assertLt(closeGas, openGas);
        vm.assertEq(offers.freeUnitsOf(useOfferId), 4);
    }

    function test_ClosingBeforeTheVoucherIsRedeemedGainsNothing() public {
        uint256 sessionId = openSession();
        IServerlessSession.SignedVoucher memory signed = signedVoucher(sessionId, 3 ether, 1);
        count();
        vm.prank(payer);
        session.close(sessionId);
        mine(CHALLENGE_BLOCKS);
        redeem(signed);
        mine(1);
        session.finalize(sessionId);
        assertProviderGained(3 ether);
        assertGained(payer, 7 ether);
    }

    function test_ReplacingTheSignerBeforeTheVoucherIsRedeemedGainsNothing() public {
        uint256 sessionId = openSession();
        IServerlessSession.SignedVoucher memory signed = signedVoucher(sessionId, 3 ether, 1);
        uint256 rootId = rootOf(sessionId);
        count();
        vm.prank(payer);
        rights.setUser(rootId, address(0), 0);
        mine(HONOUR_BLOCKS);
        redeem(signed);
        assertProviderGained(3 ether);
    }

    function test_RevokingBeforeTheVoucherIsRedeemedGainsNothing() public {
        (uint256 sessionId, uint256 rightId) = grantedSession();
        IServerlessSession.SignedVoucher memory signed = studentVoucher(sessionId, rightId, 3 ether, 1);
        count();
        revoke(payer, rightId);
        mine(HONOUR_BLOCKS);
        redeem(signed);
        assertProviderGained(3 ether);
    }

    /// @dev Before the redemption or in front of it: what is granted is no less there for what was signed.
    function test_GrantingTheBudgetAwayBeforeTheVoucherIsRedeemedGainsNothing() public {
        uint256 sessionId = openSession();
        IServerlessSession.SignedVoucher memory signed = signedVoucher(sessionId, 6 ether, 1);
        count();
        IUsageRights.Grant memory terms = grantTo(rootOf(sessionId), student, BUDGET);
        uint256 childId = grant(payer, terms);
        grant(student, grantTo(childId, student, BUDGET));
        vm.prank(payer);
        session.close(sessionId);
        mine(CHALLENGE_BLOCKS);
        redeem(signed);
        mine(1);
        session.finalize(sessionId);
        assertProviderGained(6 ether);
        assertGained(payer, 4 ether);
    }

    /// @dev Closing gives an hour of blocks to redeem in, to a signer's voucher as to the payer's own.
    function test_ClosingLongAfterTheEndGainsNothing() public {
        uint256 sessionId = openSession();
        IServerlessSession.SignedVoucher memory signed = signedVoucher(sessionId, 3 ether, 1);
        count();
        vm.warp(block.timestamp + DAY + 2 * rights.HONOUR_SECONDS());
        vm.prank(payer);
        session.close(sessionId);
        mine(CHALLENGE_BLOCKS);
        redeem(signed);
        assertProviderGained(3 ether);
    }

    function test_ReplacingTheSignerLongAfterTheEndGainsNothing() public {
        uint256 sessionId = openSession();
        IServerlessSession.SignedVoucher memory signed = signedVoucher(sessionId, 3 ether, 1);
        uint256 rootId = rootOf(sessionId);
        count();
        vm.warp(block.timestamp + DAY + 2 * rights.HONOUR_SECONDS());
        vm.startPrank(payer);
        session.close(sessionId);
        rights.setUser(rootId, address(0), 0);
        vm.stopPrank();
        mine(CHALLENGE_BLOCKS);
        redeem(signed);
        assertProviderGained(3 ether);
    }

    function test_GivingTheRootAwayBeforeTheVoucherIsRedeemedGainsNothing() public {
        uint256 sessionId = openSession();
        IServerlessSession.SignedVoucher memory byPayer = sign(voucherOf(sessionId, 3 ether, 1), payerKey);
        IServerlessSession.SignedVoucher memory bySigner = signedVoucher(sessionId, 4 ether, 2);
        uint256 rootId = rootOf(sessionId);
        count();
        vm.prank(payer);
        rights.transferFrom(payer, stranger, rootId);
        mine(HONOUR_BLOCKS);
        redeem(byPayer);
        redeem(bySigner);
        assertProviderGained(4 ether);
    }

    function test_ASmallVoucherOfHugeSequenceCannotBeRedeemedOverALargerOne() public {
        uint256 sessionId = openSession();
        IServerlessSession.SignedVoucher memory large = signedVoucher(sessionId, 3 ether, 1);
        IServerlessSession.SignedVoucher memory poison = signedVoucher(sessionId, 1, type(uint64).max);
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.NotProvider.selector, sessionId, payer));
        vm.prank(payer);
        session.redeem(poison);
        vm.assertEq(redeem(large), 3 ether);
    }

    /// @dev The one that works: a contract may go back on its signature. The provider's loss is what it had not
    /// redeemed, so it redeems such signers' vouchers at short intervals, or takes none of them.
    function test_AContractThatDisownsItsSignatureSavesWhatWasNotYetRedeemed() public {
        SmartWallet wallet = new SmartWallet(student);
        uint256 sessionId = openSession();
        uint256 rightId = grant(payer, grantTo(rootOf(sessionId), address(wallet), 4 ether));
        IServerlessSession.SignedVoucher memory first = studentVoucher(sessionId, rightId, 1 ether, 1);
        IServerlessSession.SignedVoucher memory next = studentVoucher(sessionId, rightId, 1.1 ether, 2);
        first.signer = address(wallet);
        next.signer = address(wallet);
        count();
        redeem(first);
        wallet.setKey(stranger);
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.InvalidVoucherSignature.selector, wallet));
        redeem(next);
        assertProviderGained(1 ether);
    }

    function test_SigningNothingSavesOneInterval() public {
        uint256 sessionId = openSession();
        count();
        redeem(signedVoucher(sessionId, 1 ether, 1));
        // The gateway serves a second interval, sees no voucher for it, and lets the session go.
        vm.prank(provider);
        session.close(sessionId);
        assertProviderGained(1 ether);
        assertGained(payer, 9 ether);
        vm.assertEq(offers.freeUnitsOf(useOfferId), 4);
    }
}
