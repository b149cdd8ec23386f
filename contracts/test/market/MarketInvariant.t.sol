// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {IProviderRegistry} from "../../src/market/IProviderRegistry.sol";
import {MarketActors} from "../support/MarketActors.sol";
import {MarketTest} from "../support/MarketTest.sol";

/// @notice What holds at every moment, whoever did what before. One campaign for all laws: forge would run one for
/// each, and most of the time goes into the acts.
contract MarketInvariantTest is MarketTest {
    MarketActors private actors;

    function setUp() public override {
        super.setUp();
        deployMarket();
        actors = new MarketActors(lease);
        targetContract(address(actors));
    }

    function invariant_LeasesBondsAndOffersAgreeAndEveryTokenIsBacked() public view {
        _assertTheEscrowIsTheSumOfItsLeases();
        _assertNoLeaseCostsMoreThanItsEscrow();
        _assertTheRegistryHoldsAllBondsAndEveryBondCoversItsLocks();
        _assertReservedUnitsAreThoseOfRunningLeases();
        vm.assertEq(token.totalSupply(), address(token).balance, "every token is backed");
    }

    function _assertTheEscrowIsTheSumOfItsLeases() private view {
        uint256 owedWei;
        for (uint256 leaseId = 1; leaseId <= lease.leaseCount(); ++leaseId) {
            IInstanceLease.Lease memory entry = lease.leaseOf(leaseId);
            if (entry.state <= IInstanceLease.LeaseState.Stopped) owedWei += entry.escrowWei;
            if (entry.pongDeadlineBlock != 0) owedWei += PING_DEPOSIT;
        }
        vm.assertEq(token.balanceOf(address(lease)), owedWei, "the escrow is the sum of its leases");
    }

    function _assertNoLeaseCostsMoreThanItsEscrow() private view {
        for (uint256 leaseId = 1; leaseId <= lease.leaseCount(); ++leaseId) {
            uint256 escrowWei = lease.leaseOf(leaseId).escrowWei;
            vm.assertLe(lease.costOf(leaseId), escrowWei, "no lease costs more than its escrow");
            vm.assertEq(lease.costOf(leaseId) + lease.refundOf(leaseId), escrowWei, "cost and refund are all");
        }
    }

    function _assertTheRegistryHoldsAllBondsAndEveryBondCoversItsLocks() private view {
        uint256 bondsWei;
        for (uint256 i = 0; i < 3; ++i) {
            address who = actors.providers(i);
            IProviderRegistry.Provider memory entry = registry.providerOf(who);
            bondsWei += entry.bondWei;
            vm.assertGe(entry.bondWei, entry.lockedWei, "bond covers locks");
            vm.assertGe(entry.bondWei, entry.unstakingWei, "queue is part of the bond");
            vm.assertEq(entry.lockedWei, registry.lockedBy(who, address(lease)), "locks");
            vm.assertEq(entry.lockedWei, _bondsOfRunningLeases(who), "locks are those of running leases");
        }
        vm.assertEq(token.balanceOf(address(registry)), bondsWei, "the registry holds the bonds");
    }

    function _assertReservedUnitsAreThoseOfRunningLeases() private view {
        for (uint256 offer = 1; offer <= 3; ++offer) {
            uint256 units;
            for (uint256 leaseId = 1; leaseId <= lease.leaseCount(); ++leaseId) {
                IInstanceLease.Lease memory entry = lease.leaseOf(leaseId);
                if (entry.offerId == offer && entry.state <= IInstanceLease.LeaseState.Paused) {
                    units += entry.units;
                }
            }
            vm.assertEq(
                offers.offerOf(offer).reservedUnits, units, "reserved units are those of running leases"
            );
        }
    }

    function _bondsOfRunningLeases(address who) private view returns (uint256 bondsWei) {
        for (uint256 leaseId = 1; leaseId <= lease.leaseCount(); ++leaseId) {
            IInstanceLease.Lease memory entry = lease.leaseOf(leaseId);
            bool running = entry.state >= IInstanceLease.LeaseState.Accepted
                && entry.state <= IInstanceLease.LeaseState.Paused;
            if (running && entry.provider == who) bondsWei += entry.bondWei;
        }
    }
}
