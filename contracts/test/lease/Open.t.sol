// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {IOfferBook} from "../../src/market/IOfferBook.sol";
import {MarketTest} from "../support/MarketTest.sol";
import {Vm} from "../support/Vm.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

contract OpenTest is MarketTest {
    // ─── Refused ─────────────────────────────────────────────────────────────

    function test_RevertWhen_TheOfferIsUnknown() public {
        _expectRefusal(9, 1, HOUR, PRICE, abi.encodeWithSelector(IOfferBook.UnknownOffer.selector, 9));
    }

    function test_RevertWhen_TheOfferIsPaused() public {
        vm.prank(provider);
        offers.setPaused(offerId, true);
        _expectRefusal(
            offerId, 1, HOUR, PRICE, abi.encodeWithSelector(IOfferBook.OfferIsPaused.selector, offerId)
        );
    }

    function test_RevertWhen_UnitsAreNoneOrTooMany() public {
        _expectRefusal(offerId, 0, HOUR, PRICE, abi.encodeWithSelector(IOfferBook.NoUnitsRequested.selector));
        _expectRefusal(
            offerId,
            5,
            HOUR,
            PRICE,
            abi.encodeWithSelector(IOfferBook.NotEnoughFreeUnits.selector, offerId, 5, 4)
        );
    }

    function test_RevertWhen_TheOfferIsServerless() public {
        IOfferBook.OfferTerms memory terms = ordinaryTerms();
        terms.kind = IOfferBook.OfferKind.Serverless;
        vm.prank(provider);
        uint256 serverlessId = offers.postOffer(terms);
        _expectRefusal(
            serverlessId,
            1,
            HOUR,
            PRICE,
            abi.encodeWithSelector(IInstanceLease.NotInstanceOffer.selector, serverlessId)
        );
    }

    function test_RevertWhen_TheOfferBelongsToAnotherMarket() public {
        IOfferBook.OfferTerms memory terms = ordinaryTerms();
        terms.market = stranger;
        vm.prank(provider);
        uint256 foreignId = offers.postOffer(terms);
        _expectRefusal(
            foreignId,
            1,
            HOUR,
            PRICE,
            abi.encodeWithSelector(IOfferBook.NotOfferMarket.selector, foreignId, address(lease))
        );
    }

    function testFuzz_RevertWhen_ThePriceIsAboveTheMaximum(uint128 maximumWei) public {
        maximumWei = uint128(bound(maximumWei, 0, PRICE - 1));
        _expectRefusal(
            offerId,
            1,
            HOUR,
            maximumWei,
            abi.encodeWithSelector(IInstanceLease.PriceAboveMaximum.selector, PRICE, maximumWei)
        );
    }

    function testFuzz_RevertWhen_TheDurationIsOutsideTheOffer(uint32 maxSeconds) public {
        vm.assume(maxSeconds < 60 || maxSeconds > 30 days);
        _expectRefusal(
            offerId,
            1,
            maxSeconds,
            PRICE,
            abi.encodeWithSelector(IInstanceLease.DurationOutOfRange.selector, maxSeconds, 60, 30 days)
        );
    }

    function test_RevertWhen_BrokerAndShareDoNotFit() public {
        _expectBrokerRefused(broker, 0);
        _expectBrokerRefused(address(0), 1);
        _expectBrokerRefused(broker, 10_001);
        _expectBrokerRefused(address(token), 100);
        _expectBrokerRefused(address(lease), 100);
    }

    function test_RevertWhen_TheRequestIsTooLong() public {
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.RequestTooLong.selector, 4097, 4096));
        vm.prank(payer);
        lease.open(offerId, 1, HOUR, PRICE, IMAGE, address(0), 0, new bytes(4097));
    }

    function test_RevertWhen_ThePayerCannotPay() public {
        vm.prank(stranger);
        token.approve(address(lease), type(uint256).max);
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientBalance.selector, stranger, 0, uint256(PRICE) * HOUR
            )
        );
        vm.prank(stranger);
        lease.open(offerId, 1, HOUR, PRICE, IMAGE, address(0), 0, "");
    }

    function test_RevertWhen_AnUnknownLeaseIsReadOrUsed() public {
        bytes[8] memory calls = [
            abi.encodeCall(lease.leaseOf, (1)),
            abi.encodeCall(lease.costOf, (1)),
            abi.encodeCall(lease.refundOf, (1)),
            abi.encodeCall(lease.usedSecondsOf, (1)),
            abi.encodeCall(lease.stop, (1)),
            abi.encodeCall(lease.settle, (1)),
            abi.encodeCall(lease.expire, (1)),
            abi.encodeCall(lease.claimFault, (1))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IInstanceLease.UnknownLease.selector, 1));
            (bool reverted,) = address(lease).call(calls[i]);
            vm.assertTrue(reverted, "expectRevert saw the revert");
        }
    }

    // ─── Works ───────────────────────────────────────────────────────────────

    function testFuzz_TheWholePriceGoesIntoEscrow(uint32 units, uint32 maxSeconds) public {
        units = uint32(bound(units, 1, 4));
        maxSeconds = uint32(bound(maxSeconds, 60, 1 days));
        uint256 escrowWei = uint256(PRICE) * units * maxSeconds;
        uint256 leaseId = openLease(units, maxSeconds);
        vm.assertEq(token.balanceOf(address(lease)), escrowWei);
        vm.assertEq(token.balanceOf(payer), 1000 ether - escrowWei);
        vm.assertEq(lease.refundOf(leaseId), escrowWei);
        vm.assertEq(lease.costOf(leaseId), 0);
        vm.assertEq(offers.freeUnitsOf(offerId), 4 - units);
    }

    function test_ALeaseIsKeptAndAnnouncedAsOpened() public {
        uint64 deadlineBlock = uint64(block.number) + ACCEPT_BLOCKS;
        vm.expectEmit(address(lease));
        emit IInstanceLease.LeaseOpened(
            1,
            payer,
            provider,
            offerId,
            2,
            HOUR,
            30 days,
            PRICE,
            2 * BOND_PER_UNIT,
            PRICE * 2 * HOUR,
            IMAGE,
            broker,
            250,
            deadlineBlock
        );
        vm.prank(payer);
        vm.assertEq(lease.open(offerId, 2, HOUR, PRICE, IMAGE, broker, 250, ""), 1);
        IInstanceLease.Lease memory opened = lease.leaseOf(1);
        vm.assertEq(opened.payer, payer);
        vm.assertEq(opened.provider, provider);
        vm.assertEq(opened.offerId, offerId);
        vm.assertEq(opened.units, 2);
        vm.assertEq(opened.maxSeconds, HOUR);
        vm.assertEq(opened.limitSeconds, 30 days);
        vm.assertEq(opened.pricePerSecondWei, PRICE);
        vm.assertEq(opened.bondWei, 2 * BOND_PER_UNIT);
        vm.assertEq(opened.escrowWei, uint256(PRICE) * 2 * HOUR);
        vm.assertEq(opened.imageDigest, IMAGE);
        vm.assertEq(opened.broker, broker);
        vm.assertEq(opened.brokerBps, 250);
        vm.assertEq(opened.deadlineBlock, deadlineBlock);
        assertState(1, IInstanceLease.LeaseState.Locked);
        vm.assertEq(lease.leaseCount(), 1);
    }

    function testFuzz_TheRequestIsAnnouncedToTheProviderAsItWasGiven(bytes calldata seed) public {
        bytes memory request = seed.length > 4096 ? seed[:4096] : seed;
        vm.recordLogs();
        vm.prank(payer);
        uint256 leaseId = lease.open(offerId, 1, HOUR, PRICE, IMAGE, address(0), 0, request);
        (uint256 told, bytes memory last) = _requestsIn(vm.getRecordedLogs(), leaseId);
        // Who asks for nothing more says nothing more.
        vm.assertEq(told, request.length == 0 ? 0 : 1);
        vm.assertEq(last, request);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _requestsIn(Vm.Log[] memory logs, uint256 leaseId)
        private
        view
        returns (uint256 told, bytes memory request)
    {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != IInstanceLease.LeaseRequested.selector) continue;
            ++told;
            vm.assertEq(logs[i].emitter, address(lease));
            vm.assertEq(uint256(logs[i].topics[1]), leaseId);
            vm.assertEq(address(uint160(uint256(logs[i].topics[2]))), payer);
            vm.assertEq(address(uint160(uint256(logs[i].topics[3]))), provider);
            request = abi.decode(logs[i].data, (bytes));
        }
    }

    function _expectBrokerRefused(address broker_, uint16 brokerBps) private {
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.InvalidBroker.selector, broker_, brokerBps));
        vm.prank(payer);
        lease.open(offerId, 1, HOUR, PRICE, IMAGE, broker_, brokerBps, "");
    }

    function _expectRefusal(
        uint256 offerId_,
        uint32 units,
        uint32 maxSeconds,
        uint128 maximumWei,
        bytes memory reason
    ) private {
        vm.expectRevert(reason);
        vm.prank(payer);
        lease.open(offerId_, units, maxSeconds, maximumWei, IMAGE, address(0), 0, "");
    }
}
