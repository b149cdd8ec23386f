// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";

contract SetAddressesTest is BundlerRegistryTest {
    Joined private alice;

    function setUp() public override {
        super.setUp();
        alice = join("alice", MINIMUM_STAKE);
    }

    function test_RevertWhen_ThereIsNoSuchBundler() public {
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.NoSuchBundler.selector, 9));
        registry.setAddresses(9, ADDRESSES);
    }

    function test_RevertWhen_TheCallerIsNotItsOperator() public {
        vm.expectRevert(
            abi.encodeWithSelector(IBundlerRegistry.NotOperator.selector, alice.id, alice.executor)
        );
        vm.prank(alice.executor);
        registry.setAddresses(alice.id, ADDRESSES);
    }

    function test_RevertWhen_TheyAreTooLong() public {
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.AddressesTooLong.selector, 513, 512));
        vm.prank(alice.operator);
        registry.setAddresses(alice.id, string(new bytes(513)));
    }

    function test_TheyReplaceTheOldOnes() public {
        vm.expectEmit(address(registry));
        emit IBundlerRegistry.AddressesChanged(alice.id, "/dns4/alice.example/tcp/4337");
        vm.prank(alice.operator);
        registry.setAddresses(alice.id, "/dns4/alice.example/tcp/4337");
        vm.assertEq(registry.bundler(alice.id).addresses, "/dns4/alice.example/tcp/4337");
    }
}
