// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";

contract ClaimRewardTest is BundlerRegistryTest {
    Joined private alice;
    address private reporter = makeAddr("reporter");
    address payable private purse = payable(makeAddr("purse"));

    function setUp() public override {
        super.setUp();
        alice = join("alice", MINIMUM_STAKE);
        vm.prank(registry.court());
        registry.slash(alice.id, 50 ether, reporter);
    }

    function test_RevertWhen_NothingIsOwed() public {
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.NothingToClaim.selector, address(this)));
        registry.claimReward(purse);
    }

    function test_RevertWhen_TheReceiverTakesNoCoins() public {
        address payable itself = payable(address(registry));
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.TransferFailed.selector, itself, 25 ether));
        vm.prank(reporter);
        registry.claimReward(itself);
    }

    function test_ItIsPaidOnce() public {
        vm.expectEmit(address(registry));
        emit IBundlerRegistry.RewardClaimed(reporter, purse, 25 ether);
        vm.prank(reporter);
        vm.assertEq(registry.claimReward(purse), 25 ether);
        vm.assertEq(purse.balance, 25 ether);
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.NothingToClaim.selector, reporter));
        vm.prank(reporter);
        registry.claimReward(purse);
    }
}
