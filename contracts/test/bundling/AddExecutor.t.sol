// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";

contract AddExecutorTest is BundlerRegistryTest {
    Joined private alice;
    uint256 private key = uint256(keccak256("executor"));

    function setUp() public override {
        super.setUp();
        alice = registered("alice", MINIMUM_STAKE);
    }

    function test_RevertWhen_TheCallerIsNotTheOperator() public {
        bytes memory consent = consentOf(key, alice.id, address(this));
        vm.expectRevert(
            abi.encodeWithSelector(IBundlerRegistry.NotOperator.selector, alice.id, address(this))
        );
        registry.addExecutor(alice.id, consent);
    }

    function test_RevertWhen_TheConsentIsNoSignature() public {
        vm.expectRevert(IBundlerRegistry.InvalidConsent.selector);
        vm.prank(alice.operator);
        registry.addExecutor(alice.id, new bytes(65));
        vm.expectRevert(IBundlerRegistry.InvalidConsent.selector);
        vm.prank(alice.operator);
        registry.addExecutor(alice.id, "");
    }

    function test_RevertWhen_TheExecutorIsAnothers() public {
        Joined memory bob = registered("bob", MINIMUM_STAKE);
        bytes memory first = consentOf(key, alice.id, alice.operator);
        bytes memory second = consentOf(key, bob.id, bob.operator);
        vm.prank(alice.operator);
        registry.addExecutor(alice.id, first);
        vm.expectRevert(
            abi.encodeWithSelector(IBundlerRegistry.ExecutorTaken.selector, vm.addr(key), alice.id)
        );
        vm.prank(bob.operator);
        registry.addExecutor(bob.id, second);
    }

    function test_AConsentToOneBundlerBindsItToNoOther() public {
        Joined memory bob = registered("bob", MINIMUM_STAKE);
        bytes memory consent = consentOf(key, alice.id, alice.operator);
        vm.prank(bob.operator);
        vm.assertTrue(registry.addExecutor(bob.id, consent) != vm.addr(key));
        vm.assertEq(registry.bundlerOf(vm.addr(key)), 0);
    }

    function test_ItsBundlesAreTheBundlersFromThenOn() public {
        bytes memory consent = consentOf(key, alice.id, alice.operator);
        vm.expectEmit(address(registry));
        emit IBundlerRegistry.ExecutorAdded(alice.id, vm.addr(key));
        vm.prank(alice.operator);
        vm.assertEq(registry.addExecutor(alice.id, consent), vm.addr(key));
        vm.assertEq(registry.bundlerOf(vm.addr(key)), alice.id);
    }
}
