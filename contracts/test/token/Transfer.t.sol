// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeToken} from "../../src/token/IComputeToken.sol";
import {Test} from "../support/Test.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

contract TransferTest is Test {
    IComputeToken private token;
    address private alice = makeAddr("alice");
    address private bob = makeAddr("bob");

    function setUp() public {
        token = IComputeToken(deploy("ComputeToken", ""));
        vm.deal(address(this), 10 ether);
        token.depositTo{value: 10 ether}(alice);
    }

    function test_RevertWhen_TransferringToZeroOrToTheToken() public {
        vm.prank(alice);
        token.approve(bob, type(uint256).max);
        address[2] memory lost = [address(0), address(token)];
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory reason = abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, lost[i]);
            vm.expectRevert(reason);
            vm.prank(alice);
            token.transfer(lost[i], 1);
            vm.expectRevert(reason);
            vm.prank(bob);
            token.transferFrom(alice, lost[i], 1);
        }
    }

    function test_RevertWhen_SpendingMoreThanAllowed() public {
        vm.prank(alice);
        token.approve(bob, 5);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, bob, 5, 6));
        vm.prank(bob);
        token.transferFrom(alice, bob, 6);
    }

    function testFuzz_ATransferMovesExactlyItsAmount(uint256 amountWei) public {
        amountWei = bound(amountWei, 0, 10 ether);
        vm.prank(alice);
        token.transfer(bob, amountWei);
        vm.assertEq(token.balanceOf(bob), amountWei);
        vm.assertEq(token.balanceOf(alice), 10 ether - amountWei);
    }

    function test_AnEndlessAllowanceStaysEndless() public {
        vm.prank(alice);
        token.approve(bob, type(uint256).max);
        vm.prank(bob);
        token.transferFrom(alice, bob, 1);
        vm.assertEq(token.allowance(alice, bob), type(uint256).max);
    }

    function test_ItCountsInWeiLikeTheCoin() public view {
        vm.assertEq(IERC20Metadata(address(token)).decimals(), 18);
        vm.assertEq(IERC20Metadata(address(token)).symbol(), "WLCOMPUTE");
    }
}
