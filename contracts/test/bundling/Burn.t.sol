// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";

contract BurnTest is BundlerRegistryTest {
    function test_RevertWhen_NothingWasTakenAway() public {
        vm.expectRevert(IBundlerRegistry.NothingToBurn.selector);
        registry.burn();
    }

    function test_ItLeavesForTheZeroAddress() public {
        Joined memory alice = join("alice", MINIMUM_STAKE);
        vm.prank(registry.court());
        registry.slash(alice.id, 50 ether, makeAddr("reporter"));
        uint256 beforeWei = address(0).balance;
        vm.expectEmit(address(registry));
        emit IBundlerRegistry.Burnt(25 ether);
        vm.assertEq(registry.burn(), 25 ether);
        vm.assertEq(address(0).balance - beforeWei, 25 ether);
        vm.assertEq(registry.unburntWei(), 0);
        vm.assertEq(address(registry).balance, 75 ether);
    }
}
