// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {AccountVm} from "./AccountVm.sol";
import {ComputeAccountTest} from "./ComputeAccountTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";
import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";

/// @notice An account owned by a passkey, and the browser and authenticator that sign for it.
abstract contract PasskeyTest is ComputeAccountTest {
    struct Assertion {
        bytes authenticatorData;
        bytes clientDataJSON;
        uint256 challengeIndex;
        uint256 typeIndex;
        bytes32 r;
        bytes32 s;
    }

    uint256 internal constant P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551;

    /// @dev User present, user verified, synchronised between devices: what phones and password managers say.
    bytes1 internal constant FLAGS = 0x1d;

    uint256 internal passkey = uint256(keccak256("passkey"));
    bytes internal passkeyOwner;
    IComputeAccount internal passkeyAccount;

    function setUp() public virtual override {
        super.setUp();
        passkeyOwner = publicKeyOf(passkey);
        passkeyAccount = createAccount(passkeyOwner, 0);
        fund(address(passkeyAccount));
    }

    function accountVm() internal pure returns (AccountVm) {
        return AccountVm(address(vm));
    }

    function publicKeyOf(uint256 privateKey) internal pure returns (bytes memory) {
        (uint256 x, uint256 y) = accountVm().publicKeyP256(privateKey);
        return abi.encode(x, y);
    }

    // ─── The browser and the authenticator ───────────────────────────────────

    function clientDataOf(bytes32 challenge) internal pure returns (bytes memory) {
        return bytes.concat(
            '{"type":"webauthn.get","challenge":"',
            bytes(Base64.encodeURL(abi.encodePacked(challenge))),
            '","origin":"https://worldland.foundation","crossOrigin":false}'
        );
    }

    function authenticatorDataOf(bytes1 flags) internal pure returns (bytes memory) {
        return abi.encodePacked(sha256("worldland.foundation"), flags, uint32(0));
    }

    function assertionOf(bytes memory clientDataJSON, bytes memory authenticatorData)
        internal
        view
        returns (Assertion memory assertion)
    {
        assertion.authenticatorData = authenticatorData;
        assertion.clientDataJSON = clientDataJSON;
        assertion.challengeIndex = 23;
        assertion.typeIndex = 1;
        sign(assertion);
    }

    function assertionOf(bytes32 challenge) internal view returns (Assertion memory) {
        return assertionOf(clientDataOf(challenge), authenticatorDataOf(FLAGS));
    }

    function sign(Assertion memory assertion) internal view {
        bytes32 digest = sha256(bytes.concat(assertion.authenticatorData, sha256(assertion.clientDataJSON)));
        (assertion.r, assertion.s) = accountVm().signP256(passkey, digest);
        if (uint256(assertion.s) > P256_ORDER / 2) assertion.s = bytes32(P256_ORDER - uint256(assertion.s));
    }

    // ─── Operations ──────────────────────────────────────────────────────────

    function passkeyGas() internal pure returns (Gas memory gas) {
        gas = accountGas();
        gas.verificationGasLimit = 500_000;
    }

    function unsignedPasskeyOperation(bytes memory callData)
        internal
        view
        returns (PackedUserOperation memory)
    {
        return operationOf(address(passkeyAccount), callData, passkeyGas());
    }

    function passkeyOperation(bytes memory callData)
        internal
        view
        returns (PackedUserOperation memory operation)
    {
        operation = unsignedPasskeyOperation(callData);
        operation.signature = abi.encode(assertionOf(entryPoint.getUserOpHash(operation)));
    }
}
