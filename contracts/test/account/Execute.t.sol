// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {ComputeAccountTest} from "../support/ComputeAccountTest.sol";

/// @notice One call by the owner.
contract ExecuteTest is ComputeAccountTest {
    function testFuzz_RevertWhen_AnyoneButTheOwnerCalls(address caller) public {
        vm.assume(caller != address(entryPoint) && caller != address(account));
        vm.expectRevert(abi.encodeWithSelector(IComputeAccount.NotOwner.selector, caller));
        vm.prank(caller);
        account.execute(stranger, 1, "");
    }

    /// @dev The key alone is no caller: everything passes through validation.
    function test_RevertWhen_TheOwnersKeyCallsWithoutAnOperation() public {
        vm.expectRevert(abi.encodeWithSelector(IComputeAccount.NotOwner.selector, owner));
        vm.prank(owner);
        account.execute(stranger, 1, "");
    }

    function test_RevertWhen_TheTargetReverts_WithItsRevertData() public {
        bytes memory reason = abi.encodeWithSignature("InvalidWithdrawalRecipient(address)", address(0));
        asOwnerReverting(executing(address(token), abi.encodeCall(token.withdrawTo, (address(0), 1))), reason);
    }

    function testFuzz_SendsCoin(uint96 amountWei) public {
        amountWei = uint96(bound(amountWei, 0, 9 ether));
        asOwner(executing(stranger, amountWei, ""));
        vm.assertEq(stranger.balance, amountWei);
    }

    function testFuzz_CallsTheTarget(address recipient, uint256 amountWei) public {
        vm.assume(recipient != address(0) && recipient != address(token) && recipient != address(account));
        amountWei = bound(amountWei, 0, 100 ether);
        asOwner(executing(address(token), abi.encodeCall(token.transfer, (recipient, amountWei))));
        vm.assertEq(token.balanceOf(recipient), amountWei);
        vm.assertEq(token.balanceOf(address(account)), 100 ether - amountWei);
    }

    function test_ReceivesCoin() public {
        uint256 balanceWei = address(account).balance;
        vm.deal(stranger, 1 ether);
        vm.prank(stranger);
        (bool received,) = address(account).call{value: 1 ether}("");
        vm.assertTrue(received);
        vm.assertEq(address(account).balance, balanceWei + 1 ether);
    }

    function test_RevertWhen_AnUnknownFunctionIsCalled() public {
        (bool answered,) = address(account).call(hex"12345678");
        vm.assertFalse(answered);
    }
}
