// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";
import {RegistryActors} from "../support/RegistryActors.sol";

/// @notice What holds at every moment, whoever did what before.
contract RegistryInvariantTest is BundlerRegistryTest {
    RegistryActors private actors;

    function setUp() public override {
        super.setUp();
        actors = new RegistryActors(registry);
        actors.register(1);
        targetContract(address(actors));
        bytes4[] memory acts = new bytes4[](11);
        acts[0] = actors.register.selector;
        acts[1] = actors.topUp.selector;
        acts[2] = actors.requestExit.selector;
        acts[3] = actors.withdraw.selector;
        acts[4] = actors.bundle.selector;
        acts[5] = actors.settleStrikes.selector;
        acts[6] = actors.slash.selector;
        acts[7] = actors.claimReward.selector;
        acts[8] = actors.burn.selector;
        acts[9] = actors.mine.selector;
        acts[10] = actors.rollEpoch.selector;
        targetSelector(address(actors), acts);
    }

    function invariant_EveryCoinIsSomebodysAndEveryWeightIsAStake() public view {
        uint256 stakesWei;
        uint256 frozenWei;
        uint256 nextWei;
        uint64 epoch = nextEpoch();
        for (uint32 id = 1; id <= registry.bundlerCount(); ++id) {
            IBundlerRegistry.Bundler memory entry = registry.bundler(id);
            stakesWei += entry.stakeWei;
            frozenWei += entry.weightWei;
            nextWei += entry.nextWeightWei;
            vm.assertLe(entry.nextWeightWei, entry.stakeWei + entry.strikes * STRIKE, "weight is stake");
            if (entry.exitBlock != 0) vm.assertEq(entry.nextWeightWei, 0, "who leaves weighs nothing");
        }
        vm.assertEq(registry.totalWeightWei(epoch - 1), frozenWei, "the tree is the sum of what is frozen");
        vm.assertEq(registry.totalWeightWei(epoch), nextWei, "the tree is the sum of what comes");
        _assertTheBalanceIsAllThatIsOwed(stakesWei);
    }

    /// @dev What strikes took that is not settled is neither in the stakes shown nor in `unburntWei`.
    function _assertTheBalanceIsAllThatIsOwed(uint256 stakesWei) private view {
        uint256 rewardsWei;
        for (uint256 i = 0; i < 3; ++i) {
            rewardsWei += registry.rewardOf(actors.reporters(i));
        }
        uint256 balanceWei = address(registry).balance;
        vm.assertEq(
            balanceWei,
            actors.paidInWei() - actors.withdrawnWei() - actors.claimedWei() - actors.burntWei(),
            "coins left only to operators, reporters and the zero address"
        );
        uint256 knownWei = stakesWei + rewardsWei + registry.unburntWei();
        vm.assertGe(balanceWei, knownWei, "all that is owed is there");
        uint256 strikesWei;
        for (uint32 id = 1; id <= registry.bundlerCount(); ++id) {
            strikesWei += registry.bundler(id).strikes * STRIKE;
        }
        vm.assertLe(balanceWei - knownWei, strikesWei, "and no more than strikes to be settled");
    }

    /// @dev Once all strikes are settled, nothing is left that is not exactly somebody's.
    function afterInvariant() public {
        uint256 stakesWei;
        uint256 weightsWei;
        for (uint32 id = 1; id <= registry.bundlerCount(); ++id) {
            registry.settleStrikes(id);
            IBundlerRegistry.Bundler memory entry = registry.bundler(id);
            stakesWei += entry.stakeWei;
            bool counts = entry.exitBlock == 0 && entry.stakeWei > MINIMUM_STAKE / 2;
            uint256 weightWei = counts ? entry.stakeWei : 0;
            vm.assertEq(entry.nextWeightWei, weightWei, "weight is stake, linearly");
            weightsWei += weightWei;
        }
        for (uint256 i = 0; i < 3; ++i) {
            stakesWei += registry.rewardOf(actors.reporters(i));
        }
        vm.assertEq(address(registry).balance, stakesWei + registry.unburntWei(), "every coin is somebody's");
        vm.assertEq(registry.totalWeightWei(nextEpoch()), weightsWei, "the tree is the sum of weights");
    }
}
