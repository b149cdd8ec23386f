// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";

contract RemoveExecutorTest is BundlerRegistryTest {
    Joined private alice;

    function setUp() public override {
        super.setUp();
        alice = join("alice", MINIMUM_STAKE);
    }

    function test_RevertWhen_ItIsNobodys() public {
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.NotExecutor.selector, address(this)));
        registry.removeExecutor(address(this));
    }

    function test_RevertWhen_TheCallerIsNeitherOperatorNorExecutor() public {
        vm.expectRevert(
            abi.encodeWithSelector(IBundlerRegistry.NotOperator.selector, alice.id, address(this))
        );
        registry.removeExecutor(alice.executor);
    }

    function test_TheOperatorAndTheExecutorItselfMay() public {
        vm.expectEmit(address(registry));
        emit IBundlerRegistry.ExecutorRemoved(alice.id, alice.executor);
        vm.prank(alice.operator);
        registry.removeExecutor(alice.executor);
        vm.assertEq(registry.bundlerOf(alice.executor), 0);

        bytes memory consent = consentOf(alice.executorKey, alice.id, alice.operator);
        vm.prank(alice.operator);
        registry.addExecutor(alice.id, consent);
        vm.prank(alice.executor);
        registry.removeExecutor(alice.executor);
        vm.assertEq(registry.bundlerOf(alice.executor), 0);
    }

    function test_Attack_AnOldConsentTakesBackWhoHasLeft() public {
        bytes memory consent = consentOf(alice.executorKey, alice.id, alice.operator);
        vm.prank(alice.executor);
        registry.removeExecutor(alice.executor);
        vm.expectRevert(
            abi.encodeWithSelector(IBundlerRegistry.ConsentWithdrawn.selector, alice.executor, alice.id)
        );
        vm.prank(alice.operator);
        registry.addExecutor(alice.id, consent);
        // Another bundler may have it.
        Joined memory bob = registered("bob", MINIMUM_STAKE);
        consent = consentOf(alice.executorKey, bob.id, bob.operator);
        vm.prank(bob.operator);
        registry.addExecutor(bob.id, consent);
        vm.assertEq(registry.bundlerOf(alice.executor), bob.id);
    }
}
