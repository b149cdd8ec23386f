// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {IGuardianRecovery} from "../../src/account/IGuardianRecovery.sol";
import {ISessionKeys} from "../../src/account/ISessionKeys.sol";
import {PasskeyTest} from "../support/PasskeyTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice The owner hands the account to another key.
contract SetOwnerTest is PasskeyTest {
    function testFuzz_RevertWhen_AnyoneButTheOwnerCalls(address caller) public {
        vm.assume(caller != address(entryPoint) && caller != address(account));
        vm.expectRevert(abi.encodeWithSelector(IComputeAccount.NotOwner.selector, caller));
        vm.prank(caller);
        account.setOwner(passkeyOwner);
    }

    function testFuzz_RevertWhen_ItCannotSign(bytes memory owner_) public {
        // 20 random bytes are an address, 64 hardly ever a point of the curve.
        vm.assume(owner_.length != 20);
        _assertInvalid(owner_);
    }

    function test_RevertWhen_ItCannotSign() public {
        _assertInvalid("");
        _assertInvalid(new bytes(20));
        _assertInvalid(new bytes(64));
        (uint256 x, uint256 y) = abi.decode(passkeyOwner, (uint256, uint256));
        _assertInvalid(abi.encode(x, y + 1));
        _assertInvalid(abi.encode(y, x));
        // The same point, its x not reduced: equal on the curve, but no canonical key.
        uint256 prime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff;
        _assertInvalid(abi.encode(5, prime));
        _assertInvalid(abi.encode(prime, y));
    }

    function _assertInvalid(bytes memory owner_) private {
        asOwnerReverting(
            abi.encodeCall(account.setOwner, (owner_)),
            abi.encodeWithSelector(IComputeAccount.InvalidOwner.selector, owner_)
        );
    }

    function test_FromAnAddressToAPasskeyAndBack() public {
        vm.expectEmit(address(account));
        emit IComputeAccount.OwnerChanged(abi.encodePacked(owner), passkeyOwner);
        land(ownerOperation(abi.encodeCall(account.setOwner, (passkeyOwner))));
        vm.assertEq(account.owner(), passkeyOwner);
        assertSignatureRefused(ownerOperation(""));

        bytes memory back = abi.encodeCall(account.setOwner, (abi.encodePacked(owner)));
        PackedUserOperation memory operation = operationOf(address(account), back, passkeyGas());
        operation.signature = abi.encode(assertionOf(entryPoint.getUserOpHash(operation)));
        vm.assertTrue(landAndRead(operation).success);
        vm.assertEq(account.owner(), abi.encodePacked(owner));
        asOwner(executing(stranger, ""));
    }

    function test_EndsSessionsAndVoidsARecoveryUnderWay() public {
        vm.expectEmit(address(account));
        emit ISessionKeys.SessionsRevoked(0);
        vm.expectEmit(address(account));
        emit IGuardianRecovery.RecoveryCancelled();
        land(ownerOperation(abi.encodeCall(account.setOwner, (passkeyOwner))));
    }
}
