// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";

contract ConstructTest is BundlerRegistryTest {
    function test_RevertWhen_ABundlerCouldLeaveBeforeItIsJudged() public {
        IBundlerRegistry.Terms memory terms = _terms();
        terms.exitDelayBlocks = 2 * 256 + terms.challengeBlocks + terms.answerBlocks;
        vm.expectRevert(
            abi.encodeWithSelector(
                IBundlerRegistry.ExitDelayTooShort.selector, terms.exitDelayBlocks, terms.exitDelayBlocks
            )
        );
        this.deployWith(terms);
        ++terms.exitDelayBlocks;
        this.deployWith(terms);
    }

    function deployWith(IBundlerRegistry.Terms memory terms) external returns (address) {
        return deploy("BundlerRegistry", abi.encode(address(this), terms));
    }

    function test_ItTellsItsTermsAndSchedule() public view {
        vm.assertEq(abi.encode(registry.terms()), abi.encode(_terms()));
        vm.assertEq(registry.epochBlocks(), 256);
        vm.assertEq(registry.windowBlocks(), 4);
        vm.assertEq(registry.fallbackBlocks(), 2);
        vm.assertEq(registry.graceBlocks(), 4);
    }

    function test_ItMakesItsOwnCourt() public view {
        vm.assertGt(registry.court().code.length, 0);
    }

    function test_ItTakesNoCoinsThatBelongToNobody() public {
        vm.deal(address(this), 1 ether);
        (bool taken,) = address(registry).call{value: 1 ether}("");
        vm.assertFalse(taken);
    }
}
