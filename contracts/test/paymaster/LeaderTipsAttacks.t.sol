// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ILeaderTips} from "../../src/paymaster/ILeaderTips.sol";
import {LeaderTipsTest} from "../support/LeaderTipsTest.sol";
import {GreedyOperator, OddRegistry} from "../support/OddRegistry.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// @notice The ways in which a bundler, a user, a registry or the owner could take more than tips are meant to give.
contract LeaderTipsAttacksTest is LeaderTipsTest {
    // ─── Bundlers and users ──────────────────────────────────────────────────

    /// @dev Whatever the tip, what is won is at most what the operator is made to spend on gas, which its budgets bound.
    function test_Attack_AUserLoopsSponsoredOperationsToEnrichABundler() public {
        setTip(address(registry), type(uint128).max);
        uint256 depositWei = paymaster.getDeposit();
        for (uint256 i = 0; i < 5; ++i) {
            landTipping();
        }
        uint256 spentWei = depositWei - paymaster.getDeposit();
        vm.assertGt(owedToLeader(), 0);
        vm.assertLe(owedToLeader(), spentWei);
        paymaster.claimTips(address(registry), LEADER);
        vm.assertLe(depositWei - paymaster.getDeposit(), 2 * spentWei, "twice what the gas alone costs");
    }

    /// @dev What a bundler bundles for itself at no gas price, which costs it the gas, earns no tip.
    function test_Attack_ABundlerBundlesItsOwnOperationsAtNoPriceToFarmTips() public {
        Gas memory gas = ampleGas();
        (gas.maxFeePerGasWei, gas.maxPriorityFeePerGasWei) = (0, 0);
        Outcome memory outcome = landAndRead(paidOperation(calling(beneficiary, ""), gas, tippingTerms()));
        vm.assertTrue(outcome.success);
        vm.assertEq(owedToLeader(), 0);
    }

    /// @dev A tip for each of many in one bundle is what it costs to have them signed: each counts by itself.
    function test_Attack_ManyOperationsInOneBundleEarnOneTipEach() public {
        PackedUserOperation memory first = tippingOperation(calling(beneficiary, ""));
        account = factory.createAccount(user, 5);
        PackedUserOperation memory second = tippingOperation(calling(beneficiary, ""));
        landBoth(first, second);
        vm.assertEq(owedToLeader(), 2 * uint256(TIP_WEI));
    }

    /// @dev The postOp limit is signed: nobody can starve the registry of the gas in which it would strike.
    function test_Attack_ABundlerOutOfTurnStarvesPostOp() public {
        registry.setOutOfTurn(LEADER, true);
        PackedUserOperation memory operation = tippingOperation(calling(beneficiary, ""));
        operation.paymasterAndData[50] ^= 0x80;
        signByOwner(operation, userKey);
        vm.assertFalse(lands(operation), "not what was signed");
        operation = tippingOperation(calling(beneficiary, ""));
        vm.assertFalse(
            _landsWith(operation, 330_000), "EntryPoint refuses a bundle without gas for all of it"
        );
        vm.assertTrue(_landsWith(operation, 500_000));
    }

    function test_Attack_TheOperatorClaimsAgainWhileItIsPaid() public {
        GreedyOperator greedy = new GreedyOperator(address(registry), LEADER);
        registry.add(LEADER, address(greedy), bundler);
        registry.add(8, leaderOperator, leaderOperator);
        landTipping();
        uint256 depositWei = paymaster.getDeposit();
        greedy.claim(paymaster);
        vm.assertEq(greedy.timesPaid(), 1);
        vm.assertEq(address(greedy).balance, TIP_WEI);
        vm.assertEq(paymaster.getDeposit(), depositWei - TIP_WEI);
    }

    function test_Attack_AStrangerClaimsForARegistryOfItsOwn() public {
        landTipping();
        OddRegistry own = new OddRegistry();
        own.add(LEADER, address(this), bundler);
        vm.expectRevert(abi.encodeWithSelector(ILeaderTips.NoTipsToClaim.selector, address(own), LEADER));
        paymaster.claimTips(address(own), LEADER);
    }

    // ─── Registries ──────────────────────────────────────────────────────────

    function test_Attack_TheRegistryReverts() public {
        _assertLandsUntipped(OddRegistry.Manner.Reverts);
    }

    function test_Attack_TheRegistryBurnsAllGas() public {
        _assertLandsUntipped(OddRegistry.Manner.BurnsGas);
    }

    function test_Attack_TheRegistryNamesABundlerThatIsNone() public {
        _assertLandsUntipped(OddRegistry.Manner.NoBundler);
    }

    function test_Attack_TheRegistryAnswersNeitherYesNorNo() public {
        _assertLandsUntipped(OddRegistry.Manner.NoTurn);
    }

    function test_Attack_TheRegistryAnswersTooLittle() public {
        _assertLandsUntipped(OddRegistry.Manner.ShortAnswer);
    }

    /// @dev The rest of a long answer is the registry's gas, and not copied.
    function test_Attack_TheRegistryAnswersAtLength() public {
        registry.setManner(OddRegistry.Manner.LongAnswer);
        (Outcome memory outcome, uint256 tipWei) = landTipping();
        vm.assertTrue(outcome.success && !outcome.postOpReverted);
        vm.assertEq(tipWei, TIP_WEI);
    }

    function test_Attack_TheRegistryIsGone() public {
        vm.etch(address(registry), "");
        (Outcome memory outcome, uint256 tipWei) = landTipping();
        vm.assertTrue(outcome.success && !outcome.postOpReverted);
        vm.assertEq(tipWei, 0);
    }

    /// @dev It has tips paid while another is credited, as far as its gas goes: no book is overwritten with what was read
    /// before.
    function test_Attack_TheRegistryClaimsWhileItIsAsked() public {
        vm.deal(leaderOperator, 1);
        landTipping();
        landTipping();
        registry.setManner(OddRegistry.Manner.ComesBack);
        (, uint256 tipWei) = landTipping();
        uint256 claimedWei = leaderOperator.balance - 1;
        vm.assertEq(owedToLeader() + claimedWei, 2 * uint256(TIP_WEI) + tipWei);
        vm.assertEq(paymaster.tipsOwedWei(), owedToLeader());
    }

    // ─── The owner ───────────────────────────────────────────────────────────

    function test_Attack_TheOwnerLowersTheTipToTakeBackWhatIsOwed() public {
        landTipping();
        setTip(address(0), 0);
        vm.assertEq(owedToLeader(), TIP_WEI);
        paymaster.claimTips(address(registry), LEADER);
        vm.assertEq(leaderOperator.balance, TIP_WEI);
    }

    function test_Attack_TheOwnerNamesARegistryOfItsOwnToClaimOthersTips() public {
        landTipping();
        OddRegistry own = new OddRegistry();
        own.add(LEADER, operator, operator);
        setTip(address(own), 1);
        vm.expectRevert(abi.encodeWithSelector(ILeaderTips.NoTipsToClaim.selector, address(own), LEADER));
        paymaster.claimTips(address(own), LEADER);
        paymaster.claimTips(address(registry), LEADER);
        vm.assertEq(leaderOperator.balance, TIP_WEI);
    }

    function test_Attack_TheOwnerGivesTheContractUpWithTipsOwed() public {
        landTipping();
        vm.expectRevert(abi.encodeWithSignature("OwnershipNotRenounceable()"));
        vm.prank(operator);
        Ownable(address(paymaster)).renounceOwnership();
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _assertLandsUntipped(OddRegistry.Manner manner) private {
        registry.setManner(manner);
        (Outcome memory outcome, uint256 tipWei) = landTipping();
        vm.assertTrue(outcome.success && !outcome.postOpReverted, "the operation stands");
        vm.assertEq(tipWei, 0);
        vm.assertEq(paymaster.tipsOwedWei(), 0);
    }

    function _landsWith(PackedUserOperation memory operation, uint256 gas) private returns (bool landed) {
        PackedUserOperation[] memory operations = new PackedUserOperation[](1);
        operations[0] = operation;
        uint256 state = vm.snapshotState();
        vm.prank(bundler, bundler);
        try entryPoint.handleOps{gas: gas}(operations, beneficiary) {
            landed = true;
        } catch {}
        vm.revertToState(state);
    }
}
