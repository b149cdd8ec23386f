// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {PasskeyTest} from "../support/PasskeyTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice Which operations of a passkey owner are let in.
contract ValidatePasskeyTest is PasskeyTest {
    // ─── Refused ─────────────────────────────────────────────────────────────

    function test_RefusesTheChallengeOfAnotherOperation() public {
        PackedUserOperation memory operation = passkeyOperation("");
        operation.callData = executing(stranger, 1, "");
        assertSignatureRefused(operation);
    }

    function test_RefusesAnotherPasskey() public {
        passkey = uint256(keccak256("another passkey"));
        assertSignatureRefused(passkeyOperation(""));
    }

    /// @dev A credential's registration may be signed by the same key.
    function test_RefusesARegistration() public {
        PackedUserOperation memory operation = unsignedPasskeyOperation("");
        bytes memory clientData = clientDataOf(entryPoint.getUserOpHash(operation));
        bytes memory registration = bytes('{"type":"webauthn.create"');
        bytes memory json = bytes.concat(registration, _from(clientData, 22));
        Assertion memory assertion = assertionOf(json, authenticatorDataOf(FLAGS));
        assertion.challengeIndex = 26;
        assertSignatureRefused(_signed(operation, assertion));
    }

    function testFuzz_RefusesFlagsOfAnUnverifiedOrAbsentUser(bytes1 flags) public {
        vm.assume(flags & 0x05 != 0x05);
        PackedUserOperation memory operation = unsignedPasskeyOperation("");
        bytes memory clientData = clientDataOf(entryPoint.getUserOpHash(operation));
        assertSignatureRefused(_signed(operation, assertionOf(clientData, authenticatorDataOf(flags))));
    }

    /// @dev Backed up though not eligible: no authenticator says so.
    function test_RefusesFlagsThatContradictEachOther() public {
        PackedUserOperation memory operation = unsignedPasskeyOperation("");
        bytes memory clientData = clientDataOf(entryPoint.getUserOpHash(operation));
        assertSignatureRefused(_signed(operation, assertionOf(clientData, authenticatorDataOf(0x15))));
    }

    function test_RefusesAuthenticatorDataWithoutRoomForFlagsAndCounter() public {
        PackedUserOperation memory operation = unsignedPasskeyOperation("");
        bytes memory clientData = clientDataOf(entryPoint.getUserOpHash(operation));
        bytes memory tooShort = abi.encodePacked(sha256("worldland.foundation"), FLAGS, uint24(0));
        assertSignatureRefused(_signed(operation, assertionOf(clientData, tooShort)));
    }

    function test_RefusesTheOtherHalfOfS() public {
        PackedUserOperation memory operation = unsignedPasskeyOperation("");
        Assertion memory assertion = assertionOf(entryPoint.getUserOpHash(operation));
        assertion.s = bytes32(P256_ORDER - uint256(assertion.s));
        assertSignatureRefused(_signed(operation, assertion));
    }

    /// @dev Indices may point anywhere: into the other member, near the end, behind it, around the number space.
    function testFuzz_RefusesIndicesThatPointElsewhere(uint256 challengeIndex, uint256 typeIndex) public {
        vm.assume(challengeIndex != 23 || typeIndex != 1);
        PackedUserOperation memory operation = unsignedPasskeyOperation("");
        Assertion memory assertion = assertionOf(entryPoint.getUserOpHash(operation));
        (assertion.challengeIndex, assertion.typeIndex) = (challengeIndex, 1);
        if (challengeIndex != 23) assertSignatureRefused(_signed(operation, assertion));
        (assertion.challengeIndex, assertion.typeIndex) = (23, typeIndex);
        if (typeIndex != 1) assertSignatureRefused(_signed(operation, assertion));
    }

    function test_RefusesIndicesJustOutsideOfTheText() public {
        PackedUserOperation memory operation = unsignedPasskeyOperation("");
        Assertion memory assertion = assertionOf(entryPoint.getUserOpHash(operation));
        uint256 length = assertion.clientDataJSON.length;
        uint256[4] memory indices = [length - 1, length, length + 1, type(uint256).max];
        for (uint256 i = 0; i < indices.length; ++i) {
            assertion.challengeIndex = indices[i];
            assertSignatureRefused(_signed(operation, assertion));
        }
    }

    /// @dev An origin could carry the words, but its quotes arrive escaped.
    function test_RefusesAChallengeInsideOfAnotherValue() public {
        PackedUserOperation memory operation = unsignedPasskeyOperation("");
        bytes memory wanted = clientDataOf(entryPoint.getUserOpHash(operation));
        bytes memory json = bytes.concat(
            '{"type":"webauthn.get","challenge":"AAAA","origin":"https://x.example/',
            '\\"challenge\\":\\"',
            _slice(wanted, 36, 79),
            '\\"","crossOrigin":false}'
        );
        Assertion memory assertion = assertionOf(json, authenticatorDataOf(FLAGS));
        bytes32 userOpHash = entryPoint.getUserOpHash(operation);
        for (uint256 index = 23; index < json.length - 50; ++index) {
            assertion.challengeIndex = index;
            operation.signature = abi.encode(assertion);
            vm.prank(address(entryPoint));
            vm.assertEq(passkeyAccount.validateUserOp(operation, userOpHash, 0), 1);
        }
    }

    // ─── Malformed encodings ─────────────────────────────────────────────────

    function testFuzz_RefusesBytesThatAreNoAssertion(bytes calldata signature) public {
        PackedUserOperation memory operation = unsignedPasskeyOperation("");
        operation.signature = signature;
        assertSignatureRefused(operation);
    }

    /// @dev Any word of the encoding may be changed, its offsets and lengths among them, or its end cut off.
    function testFuzz_RefusesADamagedEncoding(uint256 at, bytes32 word, uint256 length) public {
        PackedUserOperation memory operation = passkeyOperation("");
        bytes memory signature = operation.signature;
        at = bound(at, 0, 8) * 32;
        // The indices and s also stand there; whatever they become, the assertion is no longer the passkey's.
        bytes32 present;
        assembly ("memory-safe") {
            present := mload(add(add(signature, 32), at))
            mstore(add(add(signature, 32), at), word)
        }
        vm.assume(present != word);
        assertSignatureRefused(operation);

        operation = passkeyOperation("");
        length = bound(length, 0, 416);
        operation.signature = _slice(operation.signature, 0, length);
        assertSignatureRefused(operation);
    }

    function test_RefusesAnEcdsaSignature() public {
        PackedUserOperation memory operation = unsignedPasskeyOperation("");
        signByOwner(operation, ownerKey);
        assertSignatureRefused(operation);
    }

    // ─── Let in ──────────────────────────────────────────────────────────────

    function test_LetsThePasskeyIn() public {
        vm.assertTrue(landAndRead(passkeyOperation(executing(stranger, 1 ether, ""))).success);
        vm.assertEq(stranger.balance, 1 ether);
    }

    function testFuzz_LetsAnyPasskeyIn(uint256 key, bytes32 userOpHash) public {
        passkey = bound(key, 1, P256_ORDER - 1);
        IComputeAccount its = createAccount(publicKeyOf(passkey), 0);
        PackedUserOperation memory operation = operationOf(address(its), "", passkeyGas());
        operation.signature = abi.encode(assertionOf(userOpHash));
        vm.prank(address(entryPoint));
        vm.assertEq(its.validateUserOp(operation, userOpHash, 0), 0);
    }

    function testFuzz_LetsAVerifiedUserIn_WhateverElseTheFlagsSay(bytes1 flags) public {
        flags |= 0x0d;
        PackedUserOperation memory operation = unsignedPasskeyOperation("");
        bytes memory clientData = clientDataOf(entryPoint.getUserOpHash(operation));
        operation.signature = abi.encode(assertionOf(clientData, authenticatorDataOf(flags)));
        land(operation);
    }

    /// @dev Extensions' output and, at some authenticators, an attested credential follow the counter.
    function test_LetsLongerAuthenticatorDataIn() public {
        PackedUserOperation memory operation = unsignedPasskeyOperation("");
        bytes memory clientData = clientDataOf(entryPoint.getUserOpHash(operation));
        bytes memory longer = bytes.concat(authenticatorDataOf(0x9d), hex"a1676578616d706c65f5");
        operation.signature = abi.encode(assertionOf(clientData, longer));
        land(operation);
    }

    /// @dev Older browsers write the members in another order, and some add members.
    function test_LetsAnyOrderOfTheMembersIn() public {
        PackedUserOperation memory operation = unsignedPasskeyOperation("");
        bytes memory usual = clientDataOf(entryPoint.getUserOpHash(operation));
        bytes memory challenge = _slice(usual, 23, 80);
        bytes memory json = bytes.concat(
            "{",
            challenge,
            ',"clientExtensions":{},"hashAlgorithm":"SHA-256",',
            '"origin":"https://worldland.foundation","type":"webauthn.get"}'
        );
        Assertion memory assertion = assertionOf(json, authenticatorDataOf(FLAGS));
        (assertion.challengeIndex, assertion.typeIndex) = (1, json.length - 22);
        operation.signature = abi.encode(assertion);
        land(operation);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _signed(PackedUserOperation memory operation, Assertion memory assertion)
        private
        pure
        returns (PackedUserOperation memory)
    {
        operation.signature = abi.encode(assertion);
        return operation;
    }

    function _slice(bytes memory data, uint256 from, uint256 to) private pure returns (bytes memory part) {
        part = new bytes(to - from);
        for (uint256 i = 0; i < part.length; ++i) {
            part[i] = data[from + i];
        }
    }

    function _from(bytes memory data, uint256 from) private pure returns (bytes memory) {
        return _slice(data, from, data.length);
    }
}
