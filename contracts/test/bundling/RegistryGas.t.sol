// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";

/// @notice What each act costs, as a transaction of its own, among 1, 10 and 1,000 bundlers. Kept in
/// contracts/snapshots/Bundlers.json.
contract RegistryGasTest is BundlerRegistryTest {
    uint256 private constant START = 41 * 256;

    function test_AmongOne() public {
        _among(1, "1 bundler");
    }

    function test_AmongTen() public {
        _among(10, "10 bundlers");
    }

    function test_AmongAThousand() public {
        _among(1000, "1,000 bundlers");
    }

    /// @dev Two hundred that are spread over the places of fifty thousand: what is read and written of the tree is the same,
    /// since a draw goes as deep whether its neighbours weigh anything or not.
    function test_AmongFiftyThousand() public {
        for (uint256 i = 1; i <= 200; ++i) {
            // Where `bundlerCount` lies: contracts/storage/BundlerRegistry.json
            vm.store(address(registry), bytes32(uint256(6)), bytes32(250 * i - 1));
            vm.assertEq(registered(string.concat("bundler ", vm.toString(i)), MINIMUM_STAKE).id, 250 * i);
        }
        _snapshot("register, 50,000 bundlers");
        rollTo(41);
        vm.deal(address(this), 1 ether);
        registry.topUp{value: 1 ether}(50_000);
        _snapshot("topUp, 50,000 bundlers");
        vm.roll(START + 256 - 32);
        registry.rollEpoch();
        _snapshot("rollEpoch, 50,000 bundlers");
    }

    function test_WhateverTheirNumber() public {
        Joined memory alice = join("alice", MINIMUM_STAKE);
        _snapshot("addExecutor");
        vm.prank(alice.operator);
        registry.removeExecutor(alice.executor);
        _snapshot("removeExecutor");
        vm.prank(alice.operator);
        registry.setAddresses(alice.id, ADDRESSES);
        _snapshot("setAddresses");
        address reporter = makeAddr("reporter");
        vm.deal(reporter, 1 ether);
        vm.prank(registry.court());
        registry.slash(alice.id, 1 ether, reporter);
        vm.prank(reporter);
        registry.claimReward(payable(reporter));
        _snapshot("claimReward");
        vm.deal(address(0), 1 ether);
        registry.burn();
        _snapshot("burn");
        vm.prank(alice.operator);
        registry.requestExit(alice.id);
        vm.roll(registry.bundler(alice.id).exitBlock);
        vm.prank(alice.operator);
        registry.withdraw(alice.id, payable(alice.operator));
        _snapshot("withdraw");
    }

    function _among(uint256 count, string memory among) private {
        // Others have the stake of three, so that one of them is out of turn somewhere.
        for (uint256 i = 1; i < count; ++i) {
            registered(string.concat("bundler ", vm.toString(i)), 3 * MINIMUM_STAKE);
        }
        Joined memory alice = registered("alice", MINIMUM_STAKE);
        _snapshot(string.concat("register, ", among));
        Joined memory idle = join("idle", MINIMUM_STAKE);
        vm.prank(idle.operator);
        registry.requestExit(idle.id);
        // Once with every node fresh, once with all in use for an epoch.
        vm.deal(address(this), 10 ether);
        rollTo(41);
        registry.topUp{value: 1 ether}(alice.id);
        _snapshot(string.concat("topUp, ", among));
        vm.roll(START + 256 - 32);
        registry.rollEpoch();
        _snapshot(string.concat("rollEpoch, ", among));
        vm.roll(START + 256 + 9);
        registry.leader(block.number, 1);
        _snapshot(string.concat("leader, ", among));
        note(idle.executor);
        vm.roll(START + 256 + 10);
        note(idle.executor);
        _snapshot(string.concat("noteTurn: a strike, ", among));
        registry.settleStrikes(idle.id);
        _snapshot(string.concat("settleStrikes, ", among));
        _noteInTurn(alice, among);
        vm.prank(registry.court());
        registry.slash(alice.id, 1 ether, address(this));
        _snapshot(string.concat("slash, ", among));
        vm.prank(alice.operator);
        registry.requestExit(alice.id);
        _snapshot(string.concat("requestExit, ", among));
    }

    /// @dev By whoever leads the window: its executor is added to whom it belongs.
    function _noteInTurn(Joined memory alice, string memory among) private {
        uint32 leading = registry.leader(block.number, 0);
        address operator = registry.operatorOf(leading);
        (address executor, uint256 key) = makeAddrAndKey("the leader's executor");
        bytes memory consent = consentOf(key, leading, operator);
        vm.prank(operator);
        registry.addExecutor(leading, consent);
        (uint32 id, bool inTurn) = note(executor);
        _snapshot(string.concat("noteTurn: in turn, ", among));
        vm.assertTrue(inTurn && id == leading && leading <= alice.id);
        note(makeAddr("outsider"));
        _snapshot(string.concat("noteTurn: an outsider, ", among));
    }

    function _snapshot(string memory name) private {
        vm.snapshotGasLastCall("Bundlers", name);
    }
}
