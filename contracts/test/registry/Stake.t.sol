// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IProviderRegistry} from "../../src/market/IProviderRegistry.sol";
import {MarketTest} from "../support/MarketTest.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

contract StakeTest is MarketTest {
    address private market = makeAddr("market");

    function setUp() public override {
        super.setUp();
        vm.prank(provider);
        registry.setMarket(market, true);
    }

    // ─── Refused ─────────────────────────────────────────────────────────────

    function test_RevertWhen_StakingOrUnstakingNothing() public {
        vm.expectRevert(IProviderRegistry.ZeroAmount.selector);
        vm.prank(provider);
        registry.stake(0);
        vm.expectRevert(IProviderRegistry.ZeroAmount.selector);
        vm.prank(provider);
        registry.requestUnstake(0);
    }

    function test_RevertWhen_StakingTokensOneDoesNotHave() public {
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, provider, 0, 1)
        );
        vm.prank(provider);
        registry.stake(1);
    }

    function testFuzz_RevertWhen_QueueingMoreThanTheBond(uint256 firstWei, uint256 secondWei) public {
        firstWei = bound(firstWei, 1, 100 ether);
        secondWei = bound(secondWei, 100 ether - firstWei + 1, type(uint128).max);
        vm.prank(provider);
        registry.requestUnstake(firstWei);
        vm.expectRevert(
            abi.encodeWithSelector(
                IProviderRegistry.InsufficientBond.selector, provider, secondWei, 100 ether - firstWei
            )
        );
        vm.prank(provider);
        registry.requestUnstake(secondWei);
    }

    function test_RevertWhen_NothingIsQueued() public {
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.NothingToWithdraw.selector, provider));
        vm.prank(provider);
        registry.withdraw();
    }

    function test_RevertWhen_TheDelayIsNotOver() public {
        uint64 openBlock = uint64(block.number) + registry.UNSTAKE_DELAY_BLOCKS();
        vm.prank(provider);
        registry.requestUnstake(1 ether);
        vm.roll(openBlock - 1);
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.UnstakeDelayNotOver.selector, openBlock));
        vm.prank(provider);
        registry.withdraw();
    }

    function test_RevertWhen_AllThatIsQueuedIsLocked() public {
        vm.prank(market);
        registry.lockBond(provider, 100 ether);
        vm.prank(provider);
        registry.requestUnstake(100 ether);
        mine(registry.UNSTAKE_DELAY_BLOCKS());
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.BondStillLocked.selector, 100 ether));
        vm.prank(provider);
        registry.withdraw();
    }

    // ─── Works ───────────────────────────────────────────────────────────────

    function testFuzz_WhatIsStakedComesBackAfterTheDelay(uint256 amountWei) public {
        amountWei = bound(amountWei, 1, 100 ether);
        vm.prank(provider);
        registry.requestUnstake(amountWei);
        vm.assertEq(registry.availableBondOf(provider), 100 ether - amountWei);
        mine(registry.UNSTAKE_DELAY_BLOCKS());
        vm.prank(provider);
        vm.assertEq(registry.withdraw(), amountWei);
        vm.assertEq(token.balanceOf(provider), amountWei);
        IProviderRegistry.Provider memory entry = registry.providerOf(provider);
        vm.assertEq(entry.bondWei, 100 ether - amountWei);
        vm.assertEq(entry.unstakingWei, 0);
        vm.assertEq(entry.withdrawableBlock, 0);
        vm.assertEq(token.balanceOf(address(registry)), entry.bondWei);
    }

    function test_ASecondRequestRestartsTheDelayForAll() public {
        vm.prank(provider);
        registry.requestUnstake(1 ether);
        mine(registry.UNSTAKE_DELAY_BLOCKS());
        vm.prank(provider);
        registry.requestUnstake(1 ether);
        vm.expectRevert(
            abi.encodeWithSelector(
                IProviderRegistry.UnstakeDelayNotOver.selector, block.number + registry.UNSTAKE_DELAY_BLOCKS()
            )
        );
        vm.prank(provider);
        registry.withdraw();
    }

    function testFuzz_OnlyTheUnlockedPartOfTheQueueLeaves(uint256 lockedWei, uint256 queuedWei) public {
        lockedWei = bound(lockedWei, 1, 99 ether);
        queuedWei = bound(queuedWei, 1, 100 ether);
        vm.prank(market);
        registry.lockBond(provider, lockedWei);
        vm.prank(provider);
        registry.requestUnstake(queuedWei);
        mine(registry.UNSTAKE_DELAY_BLOCKS());
        vm.prank(provider);
        uint256 paidWei = registry.withdraw();
        uint256 unlockedWei = 100 ether - lockedWei;
        vm.assertEq(paidWei, queuedWei < unlockedWei ? queuedWei : unlockedWei);
        IProviderRegistry.Provider memory entry = registry.providerOf(provider);
        vm.assertGe(entry.bondWei, entry.lockedWei);

        // The rest follows as soon as the market lets go.
        vm.prank(market);
        registry.unlockBond(provider, lockedWei);
        if (paidWei < queuedWei) {
            vm.prank(provider);
            vm.assertEq(registry.withdraw(), queuedWei - paidWei);
        }
    }
}
