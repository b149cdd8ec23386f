// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Call} from "../../src/account/Call.sol";
import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {ComputeAccountTest} from "../support/ComputeAccountTest.sol";

/// @notice Several calls by the owner, all or none.
contract ExecuteBatchTest is ComputeAccountTest {
    function testFuzz_RevertWhen_AnyoneButTheOwnerCalls(address caller) public {
        vm.assume(caller != address(entryPoint) && caller != address(account));
        vm.expectRevert(abi.encodeWithSelector(IComputeAccount.NotOwner.selector, caller));
        vm.prank(caller);
        account.executeBatch(new Call[](0));
    }

    function test_RevertWhen_OneCallReverts_AllAreUndone() public {
        Call[] memory calls = callsOf(
            address(token),
            abi.encodeCall(token.transfer, (stranger, 1)),
            address(token),
            abi.encodeCall(token.transfer, (stranger, 101 ether))
        );
        asOwnerReverting(
            batching(calls),
            abi.encodeWithSignature(
                "ERC20InsufficientBalance(address,uint256,uint256)", account, 100 ether - 1, 101 ether
            )
        );
        vm.assertEq(token.balanceOf(stranger), 0);
    }

    function test_DoesNothingWithoutCalls() public {
        asOwner(batching(new Call[](0)));
    }

    function test_CallsInOrder() public {
        Call[] memory calls = callsOf(
            address(token),
            abi.encodeCall(token.withdraw, (7 ether)),
            stranger,
            "" // With the coin that the first call brought.
        );
        vm.deal(address(account), 1 ether);
        calls[1].value = 7 ether;
        asOwner(batching(calls));
        vm.assertEq(stranger.balance, 7 ether);
        vm.assertEq(token.balanceOf(address(account)), 93 ether);
    }

    function test_TheOwnerMayBatchCallsOfTheAccountItself() public {
        bytes memory newOwner = abi.encodePacked(stranger);
        Call[] memory calls = callsOf(
            address(account),
            batching(callsOf(address(token), abi.encodeCall(token.transfer, (stranger, 1 ether)))),
            address(account),
            abi.encodeCall(account.setOwner, (newOwner))
        );
        asOwner(batching(calls));
        vm.assertEq(token.balanceOf(stranger), 1 ether);
        vm.assertEq(account.owner(), newOwner);
    }
}
