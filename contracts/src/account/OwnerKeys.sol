// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "./IComputeAccount.sol";
import {WebAuthn} from "./WebAuthn.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";

/// @param x The public key's, or the address of a secp256k1 owner.
/// @param y The public key's, or 0 for an address: no point of P-256 has y = 0.
struct OwnerKey {
    bytes32 x;
    bytes32 y;
}

/// @title Reads an owner out of 20 or 64 bytes, and verifies its signatures.
library OwnerKeys {
    /// @notice Reverts unless `owner` can sign: a non-zero address, or a point of the curve.
    function parse(bytes memory owner) internal pure returns (OwnerKey memory key) {
        if (owner.length == 20) {
            key.x = bytes32(uint256(uint160(bytes20(owner))));
            if (key.x == 0) revert IComputeAccount.InvalidOwner(owner);
        } else if (owner.length == 64) {
            (key.x, key.y) = abi.decode(owner, (bytes32, bytes32));
            if (!P256.isValidPublicKey(key.x, key.y)) revert IComputeAccount.InvalidOwner(owner);
        } else {
            revert IComputeAccount.InvalidOwner(owner);
        }
    }

    /// @notice Whether there is an owner: a point of P-256 may have x = 0.
    function isSet(OwnerKey memory key) internal pure returns (bool) {
        return key.x | key.y != 0;
    }

    function toBytes(OwnerKey memory key) internal pure returns (bytes memory) {
        return key.y == 0 ? abi.encodePacked(uint160(uint256(key.x))) : abi.encode(key.x, key.y);
    }

    /// @param digest What an address signs. @param challenge What a passkey signs.
    function verify(OwnerKey memory key, bytes32 digest, bytes32 challenge, bytes calldata signature)
        internal
        view
        returns (bool)
    {
        if (key.y != 0) return WebAuthn.verify(challenge, signature, key.x, key.y);
        // A signature that cannot be recovered gives the zero address, which owns nothing.
        (address signer,,) = ECDSA.tryRecover(digest, signature);
        return bytes32(uint256(uint160(signer))) == key.x;
    }
}
