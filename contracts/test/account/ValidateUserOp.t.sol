// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {ComputeAccountTest} from "../support/ComputeAccountTest.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice Which operations of a secp256k1 owner are let in, and what it costs the account.
contract ValidateUserOpTest is ComputeAccountTest {
    function testFuzz_RevertWhen_AnyoneButTheEntryPointCalls(address caller) public {
        vm.assume(caller != address(entryPoint));
        PackedUserOperation memory operation = ownerOperation("");
        vm.expectRevert(abi.encodeWithSelector(IComputeAccount.NotEntryPoint.selector, caller));
        vm.prank(caller);
        account.validateUserOp(operation, bytes32(0), 0);
    }

    // ─── The signature ───────────────────────────────────────────────────────

    function testFuzz_RefusesAnotherKey(uint256 key) public {
        key = bound(key, 1, 2 ** 250);
        vm.assume(key != ownerKey);
        PackedUserOperation memory operation = operationOf(address(account), "", accountGas());
        signByOwner(operation, key);
        assertSignatureRefused(operation);
    }

    function testFuzz_RefusesBytesThatAreNoSignature(bytes calldata signature) public {
        PackedUserOperation memory operation = operationOf(address(account), "", accountGas());
        operation.signature = signature;
        assertSignatureRefused(operation);
    }

    /// @dev Of the two signatures that a key's holder could derive from each other, only one is accepted.
    function test_RefusesTheOtherHalfOfS() public {
        PackedUserOperation memory operation = ownerOperation("");
        (bytes32 r, bytes32 s) = abi.decode(operation.signature, (bytes32, bytes32));
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        uint8 v = uint8(operation.signature[64]) == 27 ? 28 : 27;
        operation.signature = abi.encodePacked(r, order - uint256(s), v);
        assertSignatureRefused(operation);
    }

    function test_RefusesASignatureOverTheBareHash() public {
        PackedUserOperation memory operation = ownerOperation("");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ownerKey, entryPoint.getUserOpHash(operation));
        operation.signature = abi.encodePacked(r, s, v);
        assertSignatureRefused(operation);
    }

    function test_RefusesWhatWasSignedForAnotherAccountOfTheSameOwner() public {
        IComputeAccount other = createAccount(abi.encodePacked(owner), 1);
        fund(address(other));
        PackedUserOperation memory operation = ownerOperation("");
        operation.sender = address(other);
        assertSignatureRefused(operation);
    }

    function test_RefusesWhatWasSignedForAnotherChain() public {
        PackedUserOperation memory operation = ownerOperation("");
        vm.chainId(10395);
        assertSignatureRefused(operation);
    }

    function test_RefusesAnOperationTwice() public {
        PackedUserOperation memory operation = ownerOperation("");
        land(operation);
        assertHandleOpsReverts(
            operation, abi.encodeWithSelector(IEntryPoint.FailedOp.selector, 0, "AA25 invalid account nonce")
        );
    }

    function test_LetsTheOwnerIn() public {
        asOwner(executing(stranger, ""));
    }

    /// @dev Every lane whose key is below 2^64, wallets' time stamps among them, is the owner's.
    function testFuzz_LetsTheOwnerIn_InAnyLane(uint64 lane) public {
        PackedUserOperation memory operation = ownerOperation(executing(stranger, ""));
        operation.nonce = entryPoint.getNonce(address(account), lane);
        signByOwner(operation, ownerKey);
        vm.assertTrue(landAndRead(operation).success);
    }

    // ─── What it pays ────────────────────────────────────────────────────────

    function test_PaysThePrefundThatIsMissing() public {
        PackedUserOperation memory operation = ownerOperation("");
        Gas memory gas = accountGas();
        uint256 prefundWei =
            (gas.verificationGasLimit + gas.callGasLimit + gas.preVerificationGas) * gas.maxFeePerGasWei;
        Landing memory landing = landAndRead(operation);
        vm.assertEq(address(account).balance, 10 ether - prefundWei);
        vm.assertEq(entryPoint.balanceOf(address(account)), prefundWei - landing.costWei);
    }

    function test_PaysNothingOutOfItsBalanceWhenTheDepositIsEnough() public {
        vm.deal(address(this), 1 ether);
        entryPoint.depositTo{value: 1 ether}(address(account));
        land(ownerOperation(""));
        vm.assertEq(address(account).balance, 10 ether);
    }

    function test_LeavesItToTheEntryPointToRefuseAnAccountThatCannotPay() public {
        vm.deal(address(account), 1);
        assertHandleOpsReverts(
            ownerOperation(""),
            abi.encodeWithSelector(IEntryPoint.FailedOp.selector, 0, "AA21 didn't pay prefund")
        );
    }
}
