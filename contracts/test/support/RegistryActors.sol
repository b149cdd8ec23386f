// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "./BundlerRegistryTest.sol";

/// @notice Operators, reporters, the court and the chain, all at random; keeps its own books of where coins went.
contract RegistryActors is BundlerRegistryTest {
    uint256 public paidInWei;
    uint256 public withdrawnWei;
    uint256 public claimedWei;
    uint256 public burntWei;

    Joined[] private joined;

    constructor(IBundlerRegistry registry_) {
        registry = registry_;
    }

    function setUp() public override {}

    function register(uint256 stakeWei) external {
        if (joined.length == 8) return;
        stakeWei = bound(stakeWei, MINIMUM_STAKE, 10_000 ether);
        paidInWei += stakeWei;
        joined.push(join(string.concat("bundler ", vm.toString(joined.length)), stakeWei));
    }

    function topUp(uint256 who, uint256 amountWei) external {
        Joined memory chosen = _any(who);
        if (registry.bundler(chosen.id).exitBlock != 0) return;
        amountWei = bound(amountWei, 1, 1000 ether);
        vm.deal(address(this), amountWei);
        registry.topUp{value: amountWei}(chosen.id);
        paidInWei += amountWei;
    }

    function requestExit(uint256 who) external {
        Joined memory chosen = _any(who);
        if (registry.bundler(chosen.id).exitBlock != 0) return;
        vm.prank(chosen.operator);
        registry.requestExit(chosen.id);
    }

    function withdraw(uint256 who) external {
        Joined memory chosen = _any(who);
        uint256 exitBlock = registry.bundler(chosen.id).exitBlock;
        if (exitBlock == 0 || registry.bundlerOfKey(chosen.nodeKey) != chosen.id) return;
        if (block.number < exitBlock) vm.roll(exitBlock);
        vm.prank(chosen.operator);
        withdrawnWei += registry.withdraw(chosen.id, payable(chosen.operator));
    }

    function bundle(uint256 who) external {
        note(_any(who).executor);
    }

    function settleStrikes(uint256 who) external {
        registry.settleStrikes(_any(who).id);
    }

    function slash(uint256 who, uint256 amountWei, uint256 reporter) external {
        Joined memory chosen = _any(who);
        vm.prank(registry.court());
        registry.slash(chosen.id, bound(amountWei, 0, 120 ether), reporters(reporter % 3));
    }

    function claimReward(uint256 reporter) external {
        address caller = reporters(reporter % 3);
        if (registry.rewardOf(caller) == 0) return;
        vm.prank(caller);
        claimedWei += registry.claimReward(payable(caller));
    }

    function burn() external {
        if (registry.unburntWei() != 0) burntWei += registry.burn();
    }

    function mine(uint256 blocks) external {
        vm.roll(block.number + bound(blocks, 1, 70));
    }

    function rollEpoch() external {
        (, bool isDue) = registry.epochToRoll();
        if (isDue) registry.rollEpoch();
    }

    function reporters(uint256 index) public pure returns (address) {
        return makeAddr(string.concat("reporter ", vm.toString(index)));
    }

    function _any(uint256 who) private view returns (Joined memory) {
        return joined[who % joined.length];
    }
}
