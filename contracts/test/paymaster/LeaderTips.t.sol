// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ILeaderTips} from "../../src/paymaster/ILeaderTips.sol";
import {LeaderTipsTest as Base} from "../support/LeaderTipsTest.sol";
import {OddRegistry} from "../support/OddRegistry.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// @notice Who is tipped for which operations, and how tips are claimed.
contract LeaderTipsTest is Base {
    address payable private recipient = payable(makeAddr("recipient"));

    // ─── Setting ─────────────────────────────────────────────────────────────

    function test_RevertWhen_AnyoneButTheOwnerSetsTheTip() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, signer));
        vm.prank(signer);
        paymaster.setLeaderTip(address(registry), 1);
    }

    function test_RevertWhen_TheRegistryHasNoCode() public {
        vm.expectRevert(abi.encodeWithSelector(ILeaderTips.InvalidRegistry.selector, recipient));
        setTip(recipient, 1);
    }

    function test_TheTipIsToldAndMayBeTurnedOff() public {
        (address set, uint128 tipWei) = paymaster.leaderTip();
        vm.assertEq(set, address(registry));
        vm.assertEq(tipWei, TIP_WEI);
        vm.expectEmit(address(paymaster));
        emit ILeaderTips.LeaderTipChanged(address(0), 0);
        setTip(address(0), 0);
        (set, tipWei) = paymaster.leaderTip();
        vm.assertEq(set, address(0));
        vm.assertEq(tipWei, 0);
    }

    // ─── Tipping ─────────────────────────────────────────────────────────────

    function test_TheBundlerInTurnIsOwedTheTip() public {
        uint256 depositWei = paymaster.getDeposit();
        (Outcome memory outcome, uint256 tipWei) = landTipping();
        vm.assertTrue(outcome.success);
        vm.assertEq(tipWei, TIP_WEI);
        vm.assertEq(owedToLeader(), TIP_WEI);
        vm.assertEq(paymaster.tipsOwedWei(), TIP_WEI);
        vm.assertEq(paymaster.getDeposit(), depositWei - outcome.lostWei, "a tip stays in the deposit");
    }

    function test_ABundlerOutOfTurnIsOwedNothingAndNoted() public {
        registry.setOutOfTurn(LEADER, true);
        (Outcome memory outcome, uint256 tipWei) = landTipping();
        vm.assertTrue(outcome.success);
        vm.assertEq(tipWei, 0);
        vm.assertEq(paymaster.tipsOwedWei(), 0);
        vm.assertEq(registry.strikes(LEADER), 1);
    }

    function test_AnUnregisteredBundlerIsOwedNothing() public {
        registry.add(LEADER, leaderOperator, leaderOperator);
        registry.add(0, leaderOperator, bundler);
        (Outcome memory outcome, uint256 tipWei) = landTipping();
        vm.assertTrue(outcome.success);
        vm.assertEq(tipWei, 0);
        vm.assertEq(paymaster.tipsOwedWei(), 0);
    }

    function test_AnOperationWhoseExecutionFailsIsTippedToo() public {
        land(tippingOperation(calling(address(token), abi.encodeCall(token.withdraw, (1 << 200)))));
        vm.assertEq(owedToLeader(), TIP_WEI);
    }

    /// @dev Below the limit that tips need there is no postOp, and nobody asks the registry.
    function test_OperationsWithALowerPostOpLimitCarryNoTip() public {
        Terms memory terms = tippingTerms();
        uint128[3] memory limits = [0, 1, terms.postOpGasLimit - 1];
        registry.setOutOfTurn(LEADER, true);
        for (uint256 i = 0; i < limits.length; ++i) {
            terms.postOpGasLimit = limits[i];
            vm.assertTrue(landAndRead(paidOperation(calling(beneficiary, ""), ampleGas(), terms)).success);
        }
        vm.assertEq(registry.strikes(LEADER), 0);
    }

    function test_AnOperationSignedBeforeTheTipWasTurnedOffLandsWithoutOne() public {
        setTip(address(0), 0);
        (Outcome memory outcome, uint256 tipWei) = landTipping();
        vm.assertTrue(outcome.success);
        vm.assertEq(tipWei, 0);
    }

    /// @dev The deposit pays at least as much for the gas of what it tips.
    function test_ATipIsNeverMoreThanTheOperationCost() public {
        setTip(address(registry), type(uint128).max);
        (Outcome memory outcome, uint256 tipWei) = landTipping();
        vm.assertTrue(outcome.success && !outcome.postOpReverted);
        vm.assertGt(tipWei, TIP_WEI);
        vm.assertLe(tipWei, outcome.lostWei);
    }

    function test_PostOpNeverNeedsMoreThanItsLimit() public {
        registry.setManner(OddRegistry.Manner.Wasteful);
        (Outcome memory outcome, uint256 tipWei) = landTipping();
        vm.assertTrue(outcome.success && !outcome.postOpReverted, "the registry used nearly all it may");
        vm.assertEq(tipWei, TIP_WEI, "and its answer, the bundler's first tip, was booked");
    }

    // ─── Claiming ────────────────────────────────────────────────────────────

    function test_AnyonePaysABundlersTipsToItsOperator() public {
        landTipping();
        landTipping();
        uint256 depositWei = paymaster.getDeposit();
        vm.expectEmit(address(paymaster));
        emit ILeaderTips.TipsClaimed(address(registry), LEADER, leaderOperator, 2 * TIP_WEI);
        vm.prank(recipient);
        paymaster.claimTips(address(registry), LEADER);
        vm.assertEq(leaderOperator.balance, 2 * TIP_WEI);
        vm.assertEq(paymaster.getDeposit(), depositWei - 2 * TIP_WEI);
        vm.assertEq(paymaster.tipsOwedWei(), 0);
        vm.assertEq(owedToLeader(), 0);
    }

    function test_RevertWhen_NothingIsOwed() public {
        vm.expectRevert(abi.encodeWithSelector(ILeaderTips.NoTipsToClaim.selector, address(registry), LEADER));
        paymaster.claimTips(address(registry), LEADER);
    }

    function test_RevertWhen_TheRegistryNamesNobody() public {
        landTipping();
        registry.add(LEADER, address(0), bundler);
        vm.expectRevert(abi.encodeWithSelector(ILeaderTips.NobodyToPay.selector, address(registry), LEADER));
        paymaster.claimTips(address(registry), LEADER);
    }

    function test_WhatTheDepositLacksStaysOwed() public {
        landTipping();
        Outcome memory outcome = _useUpAllBut(TIP_WEI / 4);
        vm.assertTrue(outcome.success, "the deposit pays for operations first");
        uint256 leftWei = paymaster.getDeposit();
        vm.assertLt(leftWei, TIP_WEI);
        paymaster.claimTips(address(registry), LEADER);
        vm.assertEq(leaderOperator.balance, leftWei);
        vm.assertEq(owedToLeader(), TIP_WEI - leftWei);
        vm.expectRevert(abi.encodeWithSelector(ILeaderTips.NoTipsToClaim.selector, address(registry), LEADER));
        paymaster.claimTips(address(registry), LEADER);
        vm.deal(recipient, 1 ether);
        vm.prank(recipient);
        paymaster.deposit{value: 1 ether}();
        paymaster.claimTips(address(registry), LEADER);
        vm.assertEq(leaderOperator.balance, TIP_WEI);
        vm.assertEq(paymaster.tipsOwedWei(), 0);
    }

    function test_RevertWhen_TheOwnerTakesWhatIsOwed() public {
        landTipping();
        uint256 freeWei = paymaster.getDeposit() - TIP_WEI;
        vm.expectRevert(
            abi.encodeWithSelector(ILeaderTips.InsufficientDeposit.selector, freeWei + 1, freeWei)
        );
        vm.prank(operator);
        paymaster.withdrawDepositTo(recipient, freeWei + 1);
        vm.prank(operator);
        paymaster.withdrawDepositTo(recipient, freeWei);
        vm.assertEq(recipient.balance, freeWei);
        paymaster.claimTips(address(registry), LEADER);
        vm.assertEq(leaderOperator.balance, TIP_WEI);
    }

    // ─── Any course ──────────────────────────────────────────────────────────

    /// @dev Two bundlers of two registries, tips and turns of any kind, claims and withdrawals between them.
    function testFuzz_WhatIsOwedIsWhatWasTippedAndNotClaimed(uint256[12] calldata seeds) public {
        OddRegistry other = new OddRegistry();
        other.add(1, recipient, bundler);
        uint256 tippedWei;
        uint256 firstDepositWei = paymaster.getDeposit();
        uint256 lostWei;
        uint256 withdrawnWei;
        for (uint256 i = 0; i < seeds.length; ++i) {
            uint256 seed = seeds[i];
            uint256 act = seed % 5;
            if (act == 0) {
                setTip(seed & 8 == 0 ? address(registry) : address(other), uint128(seed >> 128) % 1 ether + 1);
                registry.setOutOfTurn(LEADER, seed & 16 == 0);
            } else if (act == 1) {
                try paymaster.claimTips(address(registry), LEADER) {} catch {}
                try paymaster.claimTips(address(other), 1) {} catch {}
            } else if (act == 2) {
                uint256 freeWei = paymaster.getDeposit() - paymaster.tipsOwedWei();
                uint256 amountWei = bound(seed >> 8, 0, freeWei / 4);
                vm.prank(operator);
                paymaster.withdrawDepositTo(beneficiary, amountWei);
                withdrawnWei += amountWei;
            } else {
                (Outcome memory outcome, uint256 tipWei) = landTipping();
                vm.assertTrue(outcome.success && !outcome.postOpReverted);
                vm.assertLe(tipWei, outcome.lostWei);
                lostWei += outcome.lostWei;
                tippedWei += tipWei;
            }
            uint256 owedWei = paymaster.tipsOwedWei();
            uint256 claimedWei = leaderOperator.balance + recipient.balance;
            vm.assertEq(owedWei, owedToLeader() + paymaster.tipsOf(address(other), 1), "owed to each");
            vm.assertEq(owedWei + claimedWei, tippedWei, "owed and claimed is what was tipped");
            vm.assertEq(
                paymaster.getDeposit(),
                firstDepositWei - lostWei - withdrawnWei - claimedWei,
                "the deposit lost gas, withdrawals and claims"
            );
            vm.assertGe(paymaster.getDeposit(), owedWei, "and covers what is owed");
        }
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    /// @dev Leaves at most some gas' worth above `restWei`: the owner takes what it may, an operation most of the rest.
    function _useUpAllBut(uint256 restWei) private returns (Outcome memory outcome) {
        Gas memory gas = ampleGas();
        Terms memory terms = termsOf(SPONSOR);
        outcome = landAndRead(paidOperation(calling(beneficiary, ""), gas, terms));
        uint256 costGas = outcome.gasUsed;
        uint256 leaveWei = paymaster.tipsOwedWei();
        uint256 takeWei = paymaster.getDeposit() - leaveWei;
        vm.prank(operator);
        paymaster.withdrawDepositTo(beneficiary, takeWei);
        gas.maxFeePerGasWei = uint128((leaveWei - restWei) / costGas);
        gas.maxPriorityFeePerGasWei = gas.maxFeePerGasWei;
        // What EntryPoint takes beforehand must fit, and comes back but for what was used.
        gas.callGasLimit = 20_000;
        gas.verificationGasLimit = 60_000;
        uint256 neededWei = maxCostOf(gas, terms);
        if (neededWei > leaveWei) {
            gas.maxFeePerGasWei = uint128(leaveWei * gas.maxFeePerGasWei / neededWei);
            gas.maxPriorityFeePerGasWei = gas.maxFeePerGasWei;
        }
        outcome = landAndRead(paidOperation(calling(beneficiary, ""), gas, terms));
    }
}
