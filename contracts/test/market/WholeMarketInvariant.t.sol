// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {IProviderRegistry} from "../../src/market/IProviderRegistry.sol";
import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {IModelNft} from "../../src/provenance/IModelNft.sol";
import {IUsageRights} from "../../src/rights/IUsageRights.sol";
import {MarketActors} from "../support/MarketActors.sol";
import {ModelActors} from "../support/ModelActors.sol";
import {SessionActors} from "../support/SessionActors.sol";
import {WholeMarketTest} from "../support/WholeMarketTest.sol";

/// @notice What holds at every moment in the whole market, whoever did what before: payers, providers, brokers,
/// owners and users of rights, passers-by, creators, sellers and buyers.
contract WholeMarketInvariantTest is WholeMarketTest {
    MarketActors private leasing;
    SessionActors private serving;
    ModelActors private trading;

    function setUp() public override {
        super.setUp();
        deployMarket();
        deployWholeMarket();
        leasing = new MarketActors(lease);
        serving = new SessionActors(leasing, lease, session);
        trading = new ModelActors(lease, models);
        // A first lease, session, right and model, so that no act is idle for want of one.
        leasing.open(0, 1, HOUR, 100, 2);
        serving.open(1, 10 ether, HOUR);
        serving.grant(0, 0, 5 ether, 31, HOUR);
        trading.mint(0, 1_000, 1_000, 0);
        targetContract(address(leasing));
        targetContract(address(serving));
        targetContract(address(trading));
    }

    /// @dev One campaign for all laws: forge would run one for each, and most of the time goes into the acts.
    function invariant_MoneyRightsUnitsAndModelsAgree() public view {
        _assertEveryContractHoldsWhatItOwesToTheWei();
        _assertNoHolderOfRightsEverEarns();
        _assertBondsCoverTheLocksOfLeasesAndSessions();
        _assertNoTreeGrowsBeyondItsRoot();
        _assertRootsAndAgreementsAgree();
        _assertReservedUnitsAreThoseOfWhatRuns();
        _assertAModelIsInEscrowExactlyWhileItIsBeingSold();
    }

    // ─── Money ───────────────────────────────────────────────────────────────

    function _assertEveryContractHoldsWhatItOwesToTheWei() private view {
        vm.assertEq(token.totalSupply(), address(token).balance, "every token is backed");
        vm.assertEq(token.balanceOf(address(lease)), _leasesOweWei(), "leases");
        vm.assertEq(token.balanceOf(address(session)), _sessionsOweWei(), "sessions");
        vm.assertEq(token.balanceOf(address(models)), _modelsOweWei(), "models");
        vm.assertEq(token.balanceOf(address(rights)), 0, "rights hold no money");
        vm.assertEq(_allBalancesWei(), token.totalSupply(), "nothing is lost");
    }

    function _assertNoHolderOfRightsEverEarns() private view {
        for (uint256 i = 0; i < 4; ++i) {
            vm.assertLe(token.balanceOf(serving.holders(i)), serving.HOLDER_START(), "no holder earns");
        }
    }

    function _assertBondsCoverTheLocksOfLeasesAndSessions() private view {
        uint256 bondsWei;
        for (uint256 i = 0; i < 3; ++i) {
            address who = leasing.providers(i);
            IProviderRegistry.Provider memory entry = registry.providerOf(who);
            bondsWei += entry.bondWei;
            (uint256 leaseLocksWei, uint256 sessionLocksWei) = _locksWei(who);
            vm.assertEq(registry.lockedBy(who, address(lease)), leaseLocksWei, "locks of leases");
            vm.assertEq(registry.lockedBy(who, address(session)), sessionLocksWei, "locks of sessions");
            vm.assertEq(entry.lockedWei, leaseLocksWei + sessionLocksWei, "locks");
            vm.assertGe(entry.bondWei, entry.lockedWei, "bond covers locks");
            vm.assertGe(entry.bondWei, entry.unstakingWei, "queue is part of the bond");
        }
        vm.assertEq(token.balanceOf(address(registry)), bondsWei, "the registry holds the bonds");
    }

    // ─── Rights ──────────────────────────────────────────────────────────────

    function _assertNoTreeGrowsBeyondItsRoot() private view {
        uint256 count = serving.rightCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 rightId = serving.rightAt(i);
            IUsageRights.Right memory right = rights.rightOf(rightId);
            vm.assertGe(right.spentWei, _spentByChildrenWei(rightId, right), "what children spend it spends");
            vm.assertGe(right.budgetWei, right.spentWei, "never above budget");
        }
    }

    function _assertRootsAndAgreementsAgree() private view {
        for (uint256 sessionId = 1; sessionId <= session.sessionCount(); ++sessionId) {
            IServerlessSession.Session memory entry = session.sessionOf(sessionId);
            IUsageRights.Right memory root = rights.rightOf(rootOf(sessionId));
            vm.assertEq(root.budgetWei, entry.budgetWei, "session's budget");
            vm.assertEq(root.spentWei, entry.spentWei, "session's spending");
            vm.assertEq(entry.spentWei, serving.paidWeiOf(sessionId), "paid is spent");
            if (entry.state != IServerlessSession.SessionState.Open) {
                vm.assertFalse(rights.isInForce(rootOf(sessionId)), "closed sessions are nobody's");
            }
        }
        for (uint256 leaseId = 1; leaseId <= lease.leaseCount(); ++leaseId) {
            IInstanceLease.Lease memory entry = lease.leaseOf(leaseId);
            IUsageRights.Right memory root = rights.rightOf(leaseRootOf(leaseId));
            uint256 timeWei = uint256(entry.pricePerSecondWei) * entry.units * entry.maxSeconds;
            vm.assertEq(entry.escrowWei, timeWei + root.budgetWei - root.spentWei, "time and credit");
            vm.assertGe(entry.escrowWei, lease.costOf(leaseId), "cost within escrow");
            bool runs = entry.state <= IInstanceLease.LeaseState.Paused;
            vm.assertEq(rights.isInForce(leaseRootOf(leaseId)) ? 1 : 0, runs ? 1 : 0, "force ends with it");
        }
    }

    function _assertReservedUnitsAreThoseOfWhatRuns() private view {
        for (uint256 offer = 1; offer <= 3; ++offer) {
            uint256 units;
            for (uint256 leaseId = 1; leaseId <= lease.leaseCount(); ++leaseId) {
                IInstanceLease.Lease memory entry = lease.leaseOf(leaseId);
                bool runs = entry.state <= IInstanceLease.LeaseState.Paused;
                if (entry.offerId == offer && runs) units += entry.units;
            }
            vm.assertEq(offers.offerOf(offer).reservedUnits, units, "units of leases");
        }
        for (uint256 offer = 4; offer <= 6; ++offer) {
            uint256 units;
            for (uint256 sessionId = 1; sessionId <= session.sessionCount(); ++sessionId) {
                IServerlessSession.Session memory entry = session.sessionOf(sessionId);
                if (entry.offerId == offer && entry.state == IServerlessSession.SessionState.Open) ++units;
            }
            vm.assertEq(offers.offerOf(offer).reservedUnits, units, "units of sessions");
        }
    }

    // ─── Models ──────────────────────────────────────────────────────────────

    function _assertAModelIsInEscrowExactlyWhileItIsBeingSold() private view {
        for (uint256 i = 0; i < trading.modelCount(); ++i) {
            uint256 modelId = trading.modelIds(i);
            uint256 sales;
            for (uint256 purchaseId = 1; purchaseId <= models.purchaseCount(); ++purchaseId) {
                IModelNft.Purchase memory purchase = models.purchaseOf(purchaseId);
                IModelNft.Terms memory terms = models.termsOf(purchase.termsId);
                if (_isOpen(purchase) && terms.sellsModel && terms.modelId == modelId) ++sales;
            }
            vm.assertEq(sales, models.ownerOf(modelId) == address(models) ? 1 : 0, "in escrow while sold");
        }
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _leasesOweWei() private view returns (uint256 owedWei) {
        for (uint256 leaseId = 1; leaseId <= lease.leaseCount(); ++leaseId) {
            IInstanceLease.Lease memory entry = lease.leaseOf(leaseId);
            if (entry.state <= IInstanceLease.LeaseState.Stopped) owedWei += entry.escrowWei;
            if (entry.pongDeadlineBlock != 0) owedWei += PING_DEPOSIT;
        }
    }

    function _sessionsOweWei() private view returns (uint256 owedWei) {
        for (uint256 sessionId = 1; sessionId <= session.sessionCount(); ++sessionId) {
            IServerlessSession.Session memory entry = session.sessionOf(sessionId);
            if (entry.state != IServerlessSession.SessionState.Finalized) {
                owedWei += entry.budgetWei - entry.spentWei;
            }
        }
    }

    function _modelsOweWei() private view returns (uint256 owedWei) {
        for (uint256 purchaseId = 1; purchaseId <= models.purchaseCount(); ++purchaseId) {
            IModelNft.Purchase memory purchase = models.purchaseOf(purchaseId);
            if (_isOpen(purchase)) owedWei += models.termsOf(purchase.termsId).priceWei;
        }
        for (uint256 i = 0; i < trading.modelCount(); ++i) {
            owedWei += models.modelOf(trading.modelIds(i)).undividedWei;
        }
        for (uint256 i = 0; i < trading.creatorCount(); ++i) {
            owedWei += models.creditOf(trading.creators(i));
        }
        for (uint256 i = 0; i < 3; ++i) {
            owedWei += models.creditOf(trading.buyers(i));
        }
    }

    function _allBalancesWei() private view returns (uint256 sumWei) {
        for (uint256 i = 0; i < 3; ++i) {
            sumWei += token.balanceOf(leasing.providers(i)) + token.balanceOf(leasing.payers(i));
            sumWei += token.balanceOf(trading.buyers(i));
        }
        for (uint256 i = 0; i < 4; ++i) {
            sumWei += token.balanceOf(serving.holders(i));
        }
        for (uint256 i = 0; i < trading.modelCount(); ++i) {
            sumWei += token.balanceOf(models.vaultOf(trading.modelIds(i)));
        }
        sumWei += token.balanceOf(address(lease)) + token.balanceOf(address(session));
        sumWei += token.balanceOf(address(registry)) + token.balanceOf(address(models))
        + token.balanceOf(BURN);
    }

    function _locksWei(address who) private view returns (uint256 leaseLocksWei, uint256 sessionLocksWei) {
        for (uint256 leaseId = 1; leaseId <= lease.leaseCount(); ++leaseId) {
            IInstanceLease.Lease memory entry = lease.leaseOf(leaseId);
            bool runs = entry.state >= IInstanceLease.LeaseState.Accepted
                && entry.state <= IInstanceLease.LeaseState.Paused;
            if (runs && entry.provider == who) leaseLocksWei += entry.bondWei;
        }
        for (uint256 sessionId = 1; sessionId <= session.sessionCount(); ++sessionId) {
            IServerlessSession.Session memory entry = session.sessionOf(sessionId);
            bool open = entry.state == IServerlessSession.SessionState.Open;
            if (open && entry.provider == who) sessionLocksWei += entry.bondWei;
        }
    }

    function _spentByChildrenWei(uint256 rightId, IUsageRights.Right memory parent)
        private
        view
        returns (uint256 spentWei)
    {
        for (uint32 i = 0; i < parent.childCount; ++i) {
            uint256 childId = rights.childIdOf(rightId, i);
            IUsageRights.Right memory child = rights.rightOf(childId);
            spentWei += child.spentWei;
            vm.assertEq(child.depth, parent.depth + 1, "depth");
            vm.assertEq(child.acts & ~parent.acts, 0, "acts are the parent's");
            vm.assertLe(child.expires, parent.expires, "no child outlasts its parent");
            bool narrowed = parent.endpointHash == 0 || child.endpointHash == parent.endpointHash;
            vm.assertTrue(narrowed, "endpoints are the parent's");
            vm.assertTrue(rights.isInForce(rightId) || !rights.isInForce(childId), "revocation cascades");
        }
        vm.assertLe(parent.depth, rights.MAX_DEPTH(), "no deeper than allowed");
    }

    function _isOpen(IModelNft.Purchase memory purchase) private pure returns (bool) {
        return
            purchase.state == IModelNft.PurchaseState.Paid
                || purchase.state == IModelNft.PurchaseState.Released;
    }
}
