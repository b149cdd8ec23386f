// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputePaymaster} from "../../src/paymaster/IComputePaymaster.sol";
import {PaymasterTest} from "../support/PaymasterTest.sol";
import {IPaymaster} from "@account-abstraction/interfaces/IPaymaster.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

/// @notice What the operator may do with its own money, and that nobody else may.
contract OperatorTest is PaymasterTest {
    address private stranger = makeAddr("stranger");
    address payable private recipient = payable(makeAddr("recipient"));

    // ─── Construction ────────────────────────────────────────────────────────

    function test_RevertWhen_TheEntryPointIsNone() public {
        vm.expectRevert(abi.encodeWithSelector(IComputePaymaster.InvalidEntryPoint.selector, address(token)));
        this.deployPaymaster(address(token), address(token), operator);
    }

    function test_RevertWhen_TheTokenHasNoCode() public {
        vm.expectRevert(abi.encodeWithSelector(IComputePaymaster.InvalidToken.selector, stranger));
        this.deployPaymaster(address(entryPoint), stranger, operator);
    }

    function test_RevertWhen_TheOwnerIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableInvalidOwner.selector, address(0)));
        this.deployPaymaster(address(entryPoint), address(token), address(0));
    }

    function deployPaymaster(address entryPoint_, address token_, address owner_) external {
        deploy("ComputePaymaster", abi.encode(entryPoint_, token_, owner_));
    }

    // ─── Access ──────────────────────────────────────────────────────────────

    function testFuzz_RevertWhen_AnyoneButTheOwnerCallsOwnersFunctions(address caller) public {
        vm.assume(caller != operator);
        bytes[7] memory calls = [
            abi.encodeCall(paymaster.setSigner, (stranger, true)),
            abi.encodeCall(paymaster.addStake, (1)),
            abi.encodeCall(paymaster.unlockStake, ()),
            abi.encodeCall(paymaster.withdrawStake, (recipient)),
            abi.encodeCall(paymaster.withdrawDepositTo, (recipient, 1)),
            abi.encodeCall(paymaster.withdrawRevenue, (recipient, 1)),
            abi.encodeCall(paymaster.setLeaderTip, (address(token), 1))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, caller));
            vm.prank(caller);
            (bool reverted,) = address(paymaster).call(calls[i]);
            vm.assertTrue(reverted, "expectRevert saw the revert");
        }
    }

    function test_RevertWhen_AStrangerRefills() public {
        vm.expectRevert(abi.encodeWithSelector(IComputePaymaster.NotOwnerOrSigner.selector, stranger));
        vm.prank(stranger);
        paymaster.refillDeposit(1);
    }

    function test_RevertWhen_PostOpIsCalledByAnyoneButTheEntryPoint() public {
        vm.expectRevert(abi.encodeWithSelector(IComputePaymaster.NotEntryPoint.selector, operator));
        vm.prank(operator);
        paymaster.postOp(IPaymaster.PostOpMode.opSucceeded, new bytes(119), 0, 0);
    }

    function test_RevertWhen_OwnershipIsRenounced() public {
        vm.expectRevert(IComputePaymaster.OwnershipNotRenounceable.selector);
        vm.prank(operator);
        Ownable(address(paymaster)).renounceOwnership();
    }

    function test_RevertWhen_CoinsAreSentDirectly() public {
        vm.deal(stranger, 1);
        vm.expectRevert(abi.encodeWithSelector(IComputePaymaster.NativeOnlyFromToken.selector, stranger));
        vm.prank(stranger);
        (bool reverted,) = address(paymaster).call{value: 1}("");
        vm.assertTrue(reverted, "expectRevert saw the revert");
    }

    function test_RevertWhen_TheZeroAddressBecomesSigner() public {
        vm.expectRevert(abi.encodeWithSelector(IComputePaymaster.InvalidSigner.selector, address(0)));
        vm.prank(operator);
        paymaster.setSigner(address(0), true);
    }

    // ─── What works ──────────────────────────────────────────────────────────

    function test_OwnershipMovesInTwoSteps() public {
        Ownable2Step owned = Ownable2Step(address(paymaster));
        vm.prank(operator);
        owned.transferOwnership(stranger);
        vm.assertEq(owned.owner(), operator);
        vm.prank(stranger);
        owned.acceptOwnership();
        vm.assertEq(owned.owner(), stranger);
    }

    function test_SignersComeAndGo() public {
        vm.prank(operator);
        paymaster.setSigner(stranger, true);
        vm.assertTrue(paymaster.isSigner(stranger));
        vm.prank(operator);
        paymaster.setSigner(stranger, false);
        vm.assertFalse(paymaster.isSigner(stranger));
    }

    function test_AnyoneAddsDepositAndTheOwnerTakesItOut() public {
        uint256 depositWei = paymaster.getDeposit();
        vm.deal(stranger, 5);
        vm.prank(stranger);
        paymaster.deposit{value: 5}();
        vm.assertEq(paymaster.getDeposit(), depositWei + 5);
        vm.prank(operator);
        paymaster.withdrawDepositTo(recipient, 3);
        vm.assertEq(recipient.balance, 3);
        vm.assertEq(paymaster.getDeposit(), depositWei + 2);
    }

    function test_StakeIsUnlockedAndWithdrawn() public {
        vm.prank(operator);
        paymaster.unlockStake();
        vm.warp(block.timestamp + 86_401);
        vm.prank(operator);
        paymaster.withdrawStake(recipient);
        vm.assertEq(recipient.balance, 1 ether);
    }

    function test_OwnerAndSignersTurnRevenueIntoDeposit() public {
        fundTokens(address(paymaster), 10);
        uint256 depositWei = paymaster.getDeposit();
        vm.prank(operator);
        paymaster.refillDeposit(4);
        vm.prank(signer);
        paymaster.refillDeposit(6);
        vm.assertEq(paymaster.getDeposit(), depositWei + 10);
        vm.assertEq(token.balanceOf(address(paymaster)), 1);
    }

    function test_TheOwnerTakesRevenue() public {
        fundTokens(address(paymaster), 10);
        vm.prank(operator);
        paymaster.withdrawRevenue(recipient, 10);
        vm.assertEq(token.balanceOf(recipient), 10);
    }
}
