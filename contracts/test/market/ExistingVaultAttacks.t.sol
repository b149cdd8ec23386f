// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {IOfferBook} from "../../src/market/IOfferBook.sol";
import {IProviderRegistry} from "../../src/market/IProviderRegistry.sol";
import {MarketTest} from "../support/MarketTest.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

/// @notice What can be done to the rental vaults that existed before, tried on ours.
contract ExistingVaultAttacksTest is MarketTest {
    /// @dev There: a rental in another's name, at any price, drained the deposit. Here the caller pays.
    function test_Attack_AStrangerOpensARentalAtAnothersExpense() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector, address(lease), 0, uint256(PRICE) * HOUR
            )
        );
        vm.prank(stranger);
        lease.open(offerId, 1, HOUR, PRICE, IMAGE, stranger, 10_000, "");
        vm.assertEq(token.balanceOf(payer), 1000 ether);
    }

    /// @dev There: price and provider were whatever the caller said. Here the book says, and the payer's limit.
    function test_Attack_TheProviderRaisesThePriceUnderAPayersTransaction() public {
        IOfferBook.OfferTerms memory terms = ordinaryTerms();
        terms.pricePerSecondWei = PRICE + 1;
        vm.prank(provider);
        offers.updateOffer(offerId, terms);
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.PriceAboveMaximum.selector, PRICE + 1, PRICE));
        vm.prank(payer);
        lease.open(offerId, 1, HOUR, PRICE, IMAGE, address(0), 0, "");
    }

    /// @dev There: anyone could end anyone's rental. Here only its parties, until it is used up.
    function test_Attack_AStrangerEndsARental() public {
        uint256 leaseId = readyLease();
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NotStoppableBy.selector, leaseId, stranger));
        vm.prank(stranger);
        lease.stop(leaseId);
    }

    /// @dev There: withdrawing in mid-rental made settlement revert for ever. Here the money is in escrow.
    function test_Attack_ThePayerEmptiesItsPocketsInMidRental() public {
        uint256 leaseId = readyLease();
        uint256 restWei = token.balanceOf(payer);
        vm.startPrank(payer);
        token.approve(address(lease), 0);
        token.transfer(stranger, restWei);
        vm.warp(block.timestamp + 1000);
        lease.stop(leaseId);
        vm.stopPrank();
        lease.settle(leaseId);
        vm.assertEq(token.balanceOf(payout), 1000 * uint256(PRICE));
    }

    /// @dev There: a rental ran and was charged for without its provider ever knowing.
    function test_Attack_TheProviderNeverConsented() public {
        uint256 leaseId = openLease();
        mine(100);
        vm.assertEq(lease.costOf(leaseId), 0);
        lease.expire(leaseId);
        vm.assertEq(token.balanceOf(payer), 1000 ether);
    }

    /// @dev There: no longest duration, the bill grew for ever.
    function test_Attack_TheRentalIsForgotten() public {
        uint256 leaseId = readyLease();
        vm.warp(block.timestamp + 365 days);
        vm.prank(stranger);
        lease.stop(leaseId);
        lease.settle(leaseId);
        vm.assertEq(token.balanceOf(payer), 1000 ether - uint256(PRICE) * HOUR);
    }

    /// @dev There: a provider that vanished was paid all the same.
    function test_Attack_TheProviderTakesTheMoneyAndVanishes() public {
        uint256 leaseId = readyLease();
        mine(6);
        vm.prank(payer);
        lease.ping(leaseId);
        mine(PONG_BLOCKS + 1);
        vm.prank(stranger);
        lease.claimFault(leaseId);
        vm.assertEq(token.balanceOf(payout), 60 * uint256(PRICE));
        vm.assertEq(token.balanceOf(payer), 1000 ether - 60 * uint256(PRICE) + BOND_PER_UNIT / 2);
    }

    /// @dev There: nothing was at stake. Here the bond cannot leave while a lease leans on it.
    function test_Attack_TheProviderWithdrawsItsBondInMidRental() public {
        uint256 leaseId = openLease(4, 7 days);
        vm.startPrank(provider);
        lease.accept(leaseId);
        lease.ready(leaseId, "");
        registry.requestUnstake(100 ether);
        mine(registry.UNSTAKE_DELAY_BLOCKS());
        vm.assertEq(registry.withdraw(), 80 ether);
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.BondStillLocked.selector, 20 ether));
        registry.withdraw();
        vm.stopPrank();
    }

    /// @dev There: anybody's session key could be registered over. Here every record is its sender's own.
    function test_Attack_AStrangerRedirectsTheProvidersEarnings() public {
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.NotRegistered.selector, stranger));
        vm.prank(stranger);
        registry.setPayout(stranger);
        vm.prank(stranger);
        registry.register(stranger, "");
        vm.assertEq(registry.payoutOf(provider), payout);
    }

    /// @dev There: a rental that had cost nothing ended without an event.
    function test_Attack_ARentalOfNoCostEndsUnseen() public {
        uint256 leaseId = readyLease();
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeaseStopped(leaseId, payer, provider, payer, 0, 0);
        vm.prank(payer);
        lease.stop(leaseId);
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeaseSettled(leaseId, payer, provider, payout, 0, 0, uint256(PRICE) * HOUR);
        lease.settle(leaseId);
    }

    /// @dev There: the owner could raise the fee while a rental ran. Here nobody owns the market, and the broker's
    /// share is what the provider accepted.
    function test_Attack_TheOwnerRaisesTheFeeInMidRental() public {
        address[4] memory markets = [address(lease), address(offers), address(registry), address(token)];
        bytes[3] memory powers = [
            abi.encodeWithSignature("owner()"),
            abi.encodeWithSignature("setFee(uint256)", 1000),
            abi.encodeWithSignature("transferOwnership(address)", stranger)
        ];
        for (uint256 i = 0; i < markets.length; ++i) {
            for (uint256 j = 0; j < powers.length; ++j) {
                (bool done,) = markets[i].call(powers[j]);
                vm.assertFalse(done, "nobody has this power");
            }
        }
    }

    /// @dev There: a rental named any provider, also one that did not exist. Here only what it offered itself.
    function test_Attack_ARentalNamesAProviderThatOffersNothing() public {
        vm.expectRevert(abi.encodeWithSelector(IOfferBook.UnknownOffer.selector, offerId + 1));
        vm.prank(payer);
        lease.open(offerId + 1, 1, HOUR, PRICE, IMAGE, address(0), 0, "");
    }

    /// @dev There: each rental made a list longer that others had to walk. Here none costs more than the one before.
    function test_Attack_ManyRentalsMakeTheNextOneDear() public {
        openLease(1, 60);
        uint256 before = gasleft();
        uint256 leaseId = openLease(1, 60);
        uint256 firstGas = before - gasleft();
        vm.prank(payer);
        lease.stop(leaseId);
        for (uint256 i = 0; i < 50; ++i) {
            leaseId = openLease(1, 60);
            vm.prank(payer);
            lease.stop(leaseId);
        }
        before = gasleft();
        openLease(1, 60);
        vm.assertLe(before - gasleft(), firstGas + 1000);
    }
}
