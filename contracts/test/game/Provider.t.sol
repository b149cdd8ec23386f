// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {IProviderRegistry} from "../../src/market/IProviderRegistry.sol";
import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {ITrainingRecord} from "../../src/provenance/ITrainingRecord.sol";
import {IUsageRights} from "../../src/rights/IUsageRights.sol";
import {GameTest} from "../support/GameTest.sol";

/// @notice What a provider gains by each deviation, and what it costs.
contract ProviderGameTest is GameTest {
    int256 private constant BOND = int256(uint256(BOND_PER_UNIT));

    // ─── Leases ──────────────────────────────────────────────────────────────

    function test_GoingDarkEarnsThePayUpToThePingAndCostsTheBond() public {
        uint256 id = readyLease();
        count();
        mine(DEFAULT_PING_INTERVAL_BLOCKS);
        vm.prank(payer);
        lease.ping(id);
        mine(DEFAULT_PONG_BLOCKS + 1);
        vm.prank(stranger);
        lease.claimFault(id);
        assertProviderGained(wei_(600) - BOND);
        assertGained(payer, wei_(HOUR) - wei_(600) + BOND / 2);
        assertGained(BURN, BOND / 2);
        vm.assertTrue(providerGained() < 0);
        vm.assertEq(registry.scoreOf(provider, address(lease)).faulted, 1);
    }

    function test_TheBondIsManyTimesWhatGoingDarkEarns() public pure {
        uint256 mostWei = uint256(PRICE) * DEFAULT_PING_INTERVAL_BLOCKS * 10;
        vm.assertEq(BOND_PER_UNIT / mostWei, 27);
    }

    function test_UnstakingTakesLongerThanEveryDeadline() public view {
        uint256 delayBlocks = registry.UNSTAKE_DELAY_BLOCKS();
        uint256 leaseBlocks = DEFAULT_ACCEPT_BLOCKS + DEFAULT_READY_BLOCKS + DEFAULT_PONG_BLOCKS;
        vm.assertGt(delayBlocks, leaseBlocks + DEFAULT_PING_INTERVAL_BLOCKS + DEFAULT_MAX_PAUSE_BLOCKS);
        vm.assertGt(delayBlocks, session.CHALLENGE_BLOCKS() + rights.HONOUR_BLOCKS());
        vm.assertGt(delayBlocks, models.RELEASE_BLOCKS() + models.DISPUTE_BLOCKS());
    }

    function test_AnsweringWithoutServingEarnsUntilThePayerStopsAndNoMore() public {
        uint256 id = readyLease();
        count();
        mine(3);
        vm.prank(payer);
        lease.stop(id);
        mine(1000);
        lease.settle(id);
        assertProviderGained(wei_(30));
        assertGained(payer, wei_(HOUR) - wei_(30));
    }

    function test_AcceptingAndNeverServingEarnsNothingAndIsCounted() public {
        uint256 id = openLease();
        count();
        mine(DEFAULT_ACCEPT_BLOCKS);
        vm.prank(provider);
        lease.accept(id);
        mine(DEFAULT_READY_BLOCKS + 1);
        lease.expire(id);
        assertProviderGained(0);
        assertGained(payer, wei_(HOUR));
        vm.assertEq(registry.scoreOf(provider, address(lease)).lapsed, 1);
    }

    function test_WithdrawingTheBondBeforeTheSlashIsTooSlow() public {
        uint256 id = readyLease();
        vm.prank(provider);
        registry.requestUnstake(100 ether);
        vm.prank(payer);
        lease.ping(id);
        mine(DEFAULT_PONG_BLOCKS + 1);
        vm.assertGt(registry.UNSTAKE_DELAY_BLOCKS(), DEFAULT_PONG_BLOCKS);
        lease.claimFault(id);
        vm.assertEq(registry.providerOf(provider).bondWei, 95 ether);
        mine(registry.UNSTAKE_DELAY_BLOCKS());
        vm.prank(provider);
        // The other lease, which the set-up made, still holds its own.
        vm.assertEq(registry.withdraw(), 90 ether);
    }

    function test_PausingStoppingOrAnsweringLateDoesNotEscapeTheSlash() public {
        uint256 id = readyLease();
        vm.prank(payer);
        lease.ping(id);
        uint64 deadlineBlock = lease.leaseOf(id).pongDeadlineBlock;
        vm.startPrank(provider);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.PingOpen.selector, deadlineBlock));
        lease.pause(id);
        mine(DEFAULT_PONG_BLOCKS + 1);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.DeadlinePassed.selector, deadlineBlock));
        lease.pong(id);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.FaultUnclaimed.selector, id));
        lease.stop(id);
        vm.stopPrank();
    }

    function test_PausingForEverEarnsNothingAndAnyoneEndsIt() public {
        uint256 id = readyLease();
        count();
        vm.prank(provider);
        lease.pause(id);
        mine(DEFAULT_MAX_PAUSE_BLOCKS + 1);
        vm.prank(stranger);
        lease.stop(id);
        lease.settle(id);
        assertProviderGained(0);
        assertGained(payer, wei_(HOUR));
    }

    function test_FaultingOnItsOwnLeaseBurnsHalfTheBond() public {
        fund(provider, 10 ether);
        vm.startPrank(provider);
        token.approve(address(lease), type(uint256).max);
        count();
        uint256 id = lease.open(offerId, 1, HOUR, PRICE, IMAGE, address(0), 0, "");
        lease.accept(id);
        lease.ready(id, "");
        lease.ping(id);
        mine(DEFAULT_PONG_BLOCKS + 1);
        lease.claimFault(id);
        vm.stopPrank();
        assertProviderGained(-BOND / 2);
    }

    /// @dev What the score does not protect from: completions and answers can be had for gas. Faults cannot be undone.
    function test_DealingWithItselfBuysCompletionsForGasAndWashesNoFaultAway() public {
        fund(provider, 10 ether);
        vm.startPrank(provider);
        token.approve(address(lease), type(uint256).max);
        count();
        for (uint256 i = 0; i < 3; ++i) {
            uint256 id = lease.open(offerId, 1, HOUR, PRICE, IMAGE, address(0), 0, "");
            lease.accept(id);
            lease.ready(id, "");
            lease.stop(id);
            lease.settle(id);
        }
        vm.stopPrank();
        assertProviderGained(0);
        IProviderRegistry.Score memory score = registry.scoreOf(provider, address(lease));
        vm.assertEq(score.completed, 3);
        vm.assertEq(score.faulted, 0);
    }

    function test_SellingMoreThanTheBondCoversFails() public {
        vm.prank(provider);
        registry.requestUnstake(93 ether);
        vm.expectRevert(
            abi.encodeWithSelector(
                IProviderRegistry.InsufficientBond.selector, provider, BOND_PER_UNIT, 2 ether
            )
        );
        vm.prank(payer);
        session.open(useOfferId, BUDGET, PRICE, signer, uint48(block.timestamp) + DAY);
    }

    // ─── Sessions ────────────────────────────────────────────────────────────

    function test_ServingNoMoreAfterAVoucherEarnsThatVoucherAndNoMore() public {
        uint256 sessionId = openSession();
        count();
        redeem(signedVoucher(sessionId, 1 ether, 1));
        vm.prank(payer);
        session.close(sessionId);
        mine(CHALLENGE_BLOCKS + 1);
        session.finalize(sessionId);
        assertProviderGained(1 ether);
        assertGained(payer, 9 ether);
    }

    function test_RedeemingTwiceOrAnOlderVoucherFails() public {
        uint256 sessionId = openSession();
        IServerlessSession.SignedVoucher memory older = signedVoucher(sessionId, 1 ether, 1);
        IServerlessSession.SignedVoucher memory newer = signedVoucher(sessionId, 2 ether, 2);
        redeem(newer);
        bytes memory stale = abi.encodeWithSelector(
            IServerlessSession.StaleVoucher.selector,
            sessionId,
            rootOf(sessionId),
            session.laneOf(sessionId, rootOf(sessionId))
        );
        vm.expectRevert(stale);
        redeem(newer);
        vm.expectRevert(stale);
        redeem(older);
    }

    function test_ChargingAboveThePriceFailsEvenIfTheSignerWasCareless() public {
        uint256 sessionId = openSession();
        IServerlessSession.Voucher memory voucher = voucherOf(sessionId, 1 ether, 1);
        voucher.units = 10;
        IServerlessSession.SignedVoucher memory signed = sign(voucher, signerKey);
        vm.expectRevert(
            abi.encodeWithSelector(IServerlessSession.PriceExceeded.selector, 1 ether, PRICE * 10)
        );
        redeem(signed);
    }

    function test_KeepingASessionOpenForEverHoldsNobodysMoney() public {
        uint256 sessionId = openSession();
        count();
        vm.warp(block.timestamp + DAY + 1);
        vm.prank(stranger);
        session.close(sessionId);
        mine(CHALLENGE_BLOCKS + 1);
        vm.prank(stranger);
        session.finalize(sessionId);
        assertGained(payer, int256(uint256(BUDGET)));
        assertProviderGained(0);
    }

    /// @dev A voucher signed after the revocation cannot be told from one signed before: the grant is the limit.
    function test_PlottingWithARevokedHolderEarnsNoMoreThanTheGrantAndForAnHour() public {
        (uint256 sessionId, uint256 rightId) = grantedSession();
        revoke(payer, rightId);
        count();
        redeem(studentVoucher(sessionId, rightId, 4 ether, 1));
        assertProviderGained(4 ether);
        IServerlessSession.SignedVoucher memory more = studentVoucher(sessionId, rightId, 4 ether + 1, 2);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.BudgetExceeded.selector, rightId, 1, 0));
        redeem(more);
    }

    // ─── Records ─────────────────────────────────────────────────────────────

    function test_AFalseRecordIsContestedAndMintsNothing() public {
        ITrainingRecord.Statement memory said = statement();
        said.datasetRoot = keccak256("what was not trained on");
        vm.prank(provider);
        bytes32 recordId = records.record(said, "", "");
        vm.prank(payer);
        records.contest(recordId, keccak256("logs"), "ipfs://logs");
        vm.assertFalse(records.isSignedByBoth(recordId));
        vm.prank(payer);
        bytes32 trueId = records.record(statement(), "", "");
        vm.assertEq(uint256(records.recordOf(trueId).payerStance), 1);
    }
}
