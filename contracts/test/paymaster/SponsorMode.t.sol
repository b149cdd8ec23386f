// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PaymasterTest} from "../support/PaymasterTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice Mode 0: the operator pays, the sender pays nothing.
contract SponsorModeTest is PaymasterTest {
    function test_TheDepositPaysAndTheSenderKeepsItsTokens() public {
        uint256 depositWei = paymaster.getDeposit();
        uint256 balanceWei = token.balanceOf(account);
        Outcome memory outcome = landAndRead(paidOperation(calling(beneficiary, ""), SPONSOR));
        vm.assertTrue(outcome.success);
        vm.assertFalse(outcome.charged);
        vm.assertEq(paymaster.getDeposit(), depositWei - outcome.lostWei);
        vm.assertEq(token.balanceOf(account), balanceWei);
    }

    function test_ACounterfactualAccountIsDeployedAndSponsored() public {
        (address owner, uint256 ownerKey) = makeAddrAndKey("newcomer");
        address newcomer = factory.getAddress(owner, 0);
        Gas memory gas = ampleGas();
        gas.verificationGasLimit = 400_000;
        PackedUserOperation memory operation = operationOf(newcomer, "", gas);
        operation.initCode = abi.encodePacked(factory, abi.encodeCall(factory.createAccount, (owner, 0)));
        signForPaymaster(operation, termsOf(SPONSOR));
        signByOwner(operation, ownerKey);
        vm.assertTrue(landAndRead(operation).success);
        vm.assertGt(newcomer.code.length, 0);
        vm.assertEq(newcomer.balance, 0);
    }

    function test_RevertWhen_TheSameSignatureIsUsedTwice() public {
        PackedUserOperation memory operation = paidOperation("", SPONSOR);
        land(operation);
        PackedUserOperation[] memory operations = new PackedUserOperation[](1);
        operations[0] = operation;
        vm.expectRevert(abi.encodeWithSignature("FailedOp(uint256,string)", 0, "AA25 invalid account nonce"));
        vm.prank(bundler, bundler);
        entryPoint.handleOps(operations, beneficiary);
    }
}
