// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IProviderRegistry} from "../../src/market/IProviderRegistry.sol";
import {MarketTest} from "../support/MarketTest.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

contract LockAndSlashTest is MarketTest {
    bytes32 private constant FAULT = "fault";

    address private market = makeAddr("market");
    address private otherMarket = makeAddr("otherMarket");
    address private harmed = makeAddr("harmed");

    function setUp() public override {
        super.setUp();
        vm.startPrank(provider);
        registry.setMarket(market, true);
        registry.setMarket(otherMarket, true);
        vm.stopPrank();
    }

    // ─── Refused ─────────────────────────────────────────────────────────────

    function testFuzz_RevertWhen_AMarketTheProviderDoesNotAllowLocks(address caller, uint256 amountWei)
        public
    {
        vm.assume(caller != market && caller != otherMarket && caller != address(lease));
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.MarketNotAllowed.selector, provider, caller));
        vm.prank(caller);
        registry.lockBond(provider, amountWei);
    }

    function test_RevertWhen_LockingMoreThanIsNeitherLockedNorUnstaking() public {
        vm.prank(otherMarket);
        registry.lockBond(provider, 30 ether);
        vm.prank(provider);
        registry.requestUnstake(50 ether);
        vm.expectRevert(
            abi.encodeWithSelector(
                IProviderRegistry.InsufficientBond.selector, provider, 20 ether + 1, 20 ether
            )
        );
        vm.prank(market);
        registry.lockBond(provider, 20 ether + 1);
    }

    function testFuzz_RevertWhen_AMarketReachesBeyondItsOwnLocks(uint256 lockedWei, uint256 amountWei)
        public
    {
        lockedWei = bound(lockedWei, 0, 50 ether);
        amountWei = bound(amountWei, lockedWei + 1, type(uint256).max);
        vm.prank(otherMarket);
        registry.lockBond(provider, 50 ether);
        vm.startPrank(market);
        registry.lockBond(provider, lockedWei);
        bytes memory reason = abi.encodeWithSelector(
            IProviderRegistry.InsufficientLock.selector, provider, market, amountWei, lockedWei
        );
        vm.expectRevert(reason);
        registry.unlockBond(provider, amountWei);
        vm.expectRevert(reason);
        registry.slash(provider, amountWei, FAULT, harmed);
        vm.stopPrank();
    }

    function test_RevertWhen_AFaultIsSlashedTwice() public {
        vm.startPrank(market);
        registry.lockBond(provider, 10 ether);
        registry.slash(provider, 4 ether, FAULT, harmed);
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.FaultAlreadySlashed.selector, market, FAULT));
        registry.slash(provider, 4 ether, FAULT, harmed);
        vm.stopPrank();
    }

    function test_RevertWhen_TheHarmedPartyCannotBePaid() public {
        vm.startPrank(market);
        registry.lockBond(provider, 10 ether);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, address(0)));
        registry.slash(provider, 4 ether, FAULT, address(0));
        vm.stopPrank();
    }

    // ─── Works ───────────────────────────────────────────────────────────────

    function testFuzz_LockingAndUnlockingMovesNoMoney(uint256 amountWei, uint256 backWei) public {
        amountWei = bound(amountWei, 0, 100 ether);
        backWei = bound(backWei, 0, amountWei);
        vm.startPrank(market);
        registry.lockBond(provider, amountWei);
        registry.unlockBond(provider, backWei);
        vm.stopPrank();
        vm.assertEq(registry.lockedBy(provider, market), amountWei - backWei);
        vm.assertEq(registry.providerOf(provider).lockedWei, amountWei - backWei);
        vm.assertEq(registry.availableBondOf(provider), 100 ether - (amountWei - backWei));
        vm.assertEq(token.balanceOf(address(registry)), 100 ether);
    }

    function test_ARevokedMarketKeepsItsLocksButGetsNoNewOnes() public {
        vm.prank(market);
        registry.lockBond(provider, 10 ether);
        vm.prank(provider);
        registry.setMarket(market, false);
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.MarketNotAllowed.selector, provider, market));
        vm.prank(market);
        registry.lockBond(provider, 1);
        vm.startPrank(market);
        registry.unlockBond(provider, 4 ether);
        registry.slash(provider, 6 ether, FAULT, harmed);
        vm.stopPrank();
        vm.assertEq(token.balanceOf(harmed), 3 ether);
    }

    function testFuzz_ASlashPaysHalfAndBurnsTheRest(uint256 amountWei) public {
        amountWei = bound(amountWei, 0, 100 ether);
        vm.startPrank(market);
        registry.lockBond(provider, amountWei);
        vm.expectEmit(address(registry));
        emit IProviderRegistry.Slashed(
            provider, market, FAULT, harmed, amountWei / 2, amountWei - amountWei / 2
        );
        registry.slash(provider, amountWei, FAULT, harmed);
        vm.stopPrank();
        vm.assertEq(token.balanceOf(harmed), amountWei / 2);
        vm.assertEq(token.balanceOf(BURN), amountWei - amountWei / 2);
        vm.assertEq(token.balanceOf(address(registry)), 100 ether - amountWei);
        vm.assertEq(registry.providerOf(provider).bondWei, 100 ether - amountWei);
        vm.assertEq(token.totalSupply(), address(token).balance);
        vm.assertTrue(registry.isFaultSlashed(market, FAULT));
        vm.assertEq(registry.scoreOf(provider, market).faulted, 1);
    }

    function testFuzz_TheUnstakeQueueIsSlashedToo(uint256 queuedWei) public {
        queuedWei = bound(queuedWei, 1, 100 ether);
        vm.prank(market);
        registry.lockBond(provider, 80 ether);
        vm.prank(provider);
        registry.requestUnstake(queuedWei);
        mine(registry.UNSTAKE_DELAY_BLOCKS());
        vm.prank(market);
        registry.slash(provider, 80 ether, FAULT, harmed);
        vm.assertEq(registry.providerOf(provider).unstakingWei, queuedWei < 20 ether ? queuedWei : 20 ether);
        vm.prank(provider);
        uint256 paidWei = registry.withdraw();
        vm.assertEq(paidWei, queuedWei < 20 ether ? queuedWei : 20 ether);
    }

    function test_TheSameFaultIdOfAnotherMarketIsAnotherFault() public {
        address[2] memory markets = [market, otherMarket];
        for (uint256 i = 0; i < 2; ++i) {
            vm.startPrank(markets[i]);
            registry.lockBond(provider, 2 ether);
            registry.slash(provider, 2 ether, FAULT, harmed);
            vm.stopPrank();
        }
        vm.assertEq(token.balanceOf(harmed), 2 ether);
    }

    function test_EachMarketKeepsItsOwnRecord() public {
        vm.startPrank(market);
        registry.recordOutcome(provider, IProviderRegistry.Outcome.Completed);
        registry.recordOutcome(provider, IProviderRegistry.Outcome.Completed);
        registry.recordOutcome(provider, IProviderRegistry.Outcome.Lapsed);
        registry.recordOutcome(provider, IProviderRegistry.Outcome.Ponged);
        vm.stopPrank();
        // A provider that praises itself does so in a record of its own.
        vm.prank(provider);
        registry.recordOutcome(provider, IProviderRegistry.Outcome.Completed);
        IProviderRegistry.Score memory score = registry.scoreOf(provider, market);
        vm.assertEq(score.completed, 2);
        vm.assertEq(score.lapsed, 1);
        vm.assertEq(score.ponged, 1);
        vm.assertEq(score.faulted, 0);
        vm.assertEq(registry.scoreOf(provider, provider).completed, 1);
    }
}
