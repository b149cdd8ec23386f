// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {IComputeAccountFactory} from "../../src/account/IComputeAccountFactory.sol";
import {PasskeyTest} from "../support/PasskeyTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

contract WrongUuid {
    function proxiableUUID() external pure returns (bytes32) {
        return bytes32(0);
    }
}

/// @notice Accounts come to be where they were expected, and belong to whom they were meant for.
contract CreateAccountTest is PasskeyTest {
    // ─── Construction ────────────────────────────────────────────────────────

    function test_RevertWhen_TheImplementationCannotStandBehindAProxy() public {
        address[4] memory unfit = [stranger, address(token), address(new WrongUuid()), address(account)];
        for (uint256 i = 0; i < unfit.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IComputeAccountFactory.InvalidImplementation.selector, unfit[i])
            );
            this.deployFactory(unfit[i]);
        }
    }

    function deployFactory(address implementation_) external {
        deploy("ComputeAccountFactory", abi.encode(implementation_));
    }

    function test_KnowsItsImplementation() public view {
        vm.assertEq(accountFactory.implementation(), implementation);
    }

    // ─── Creation ────────────────────────────────────────────────────────────

    function testFuzz_RevertWhen_TheOwnerCannotSign(bytes calldata owner_, uint256 salt) public {
        vm.assume(owner_.length != 20);
        vm.expectRevert(abi.encodeWithSelector(IComputeAccount.InvalidOwner.selector, owner_));
        accountFactory.createAccount(owner_, salt);
    }

    function testFuzz_CreatesTheAccountWhereItWasExpected(address caller, address owner_, uint256 salt)
        public
    {
        vm.assume(owner_ != address(0) && owner_ != owner);
        bytes memory encoded = abi.encodePacked(owner_);
        address expected = accountFactory.getAddress(encoded, salt);
        vm.assertEq(expected.code.length, 0);
        vm.expectEmit(address(accountFactory));
        emit IComputeAccountFactory.AccountCreated(expected, encoded, salt);
        vm.prank(caller);
        vm.assertEq(accountFactory.createAccount(encoded, salt), expected);
        vm.assertEq(IComputeAccount(expected).owner(), encoded);
    }

    function test_ReturnsAnAccountThatExists() public {
        vm.recordLogs();
        vm.assertEq(accountFactory.createAccount(abi.encodePacked(owner), 0), address(account));
        vm.assertEq(vm.getRecordedLogs().length, 0);
    }

    // ─── As initCode ─────────────────────────────────────────────────────────

    function test_AnAddressSignsItsFirstOperationBeforeTheAccountExists() public {
        account = IComputeAccount(accountFactory.getAddress(abi.encodePacked(owner), 1));
        fund(address(account));
        PackedUserOperation memory operation = _firstOperation(abi.encodePacked(owner), 1);
        signByOwner(operation, ownerKey);
        vm.assertTrue(landAndRead(operation).success);
        vm.assertEq(stranger.balance, 1 ether);
    }

    function test_APasskeySignsItsFirstOperationBeforeTheAccountExists() public {
        fund(accountFactory.getAddress(passkeyOwner, 1));
        PackedUserOperation memory operation = _firstOperation(passkeyOwner, 1);
        operation.signature = abi.encode(assertionOf(entryPoint.getUserOpHash(operation)));
        vm.assertTrue(landAndRead(operation).success);
        vm.assertEq(stranger.balance, 1 ether);
    }

    /// @dev Whoever is quicker creates only what was to be created, with its owner.
    function test_Attack_AStrangerCreatesTheAccountFirst() public {
        address expected = accountFactory.getAddress(passkeyOwner, 1);
        vm.prank(stranger);
        accountFactory.createAccount(passkeyOwner, 1);
        vm.assertEq(IComputeAccount(expected).owner(), passkeyOwner);
    }

    function _firstOperation(bytes memory owner_, uint256 salt)
        private
        view
        returns (PackedUserOperation memory operation)
    {
        address sender = accountFactory.getAddress(owner_, salt);
        Gas memory gas = passkeyGas();
        gas.verificationGasLimit = 1_000_000;
        operation = operationOf(sender, executing(stranger, 1 ether, ""), gas);
        operation.initCode =
            abi.encodePacked(accountFactory, abi.encodeCall(accountFactory.createAccount, (owner_, salt)));
    }
}
