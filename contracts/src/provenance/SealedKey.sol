// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Point} from "./IModelNft.sol";

/// @title Did a key that was sealed to a public key open to what its seller promised?
/// @notice The buyer of a key makes a secp256k1 key pair for this purchase alone and publishes the public key B. The
/// seller picks a random r and publishes R = r·G and `sealedKey = key XOR keccak256(x(r·B))`. The buyer opens it with
/// its private key b, for b·R = r·B. Should what it finds not hash to the promised `keyHash`, it publishes b and
/// b·R, and anyone, this library included, sees that it was cheated. A buyer that was not cheated proves nothing.
library SealedKey {
    uint256 private constant FIELD = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f;
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint256 private constant GENERATOR_X = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798;
    uint256 private constant GENERATOR_Y = 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8;

    /// @notice Whether it lies on secp256k1.
    /// @dev Points whose x is not below the order (one in 2^127) are refused: `_times` cannot take them.
    function isPoint(Point memory point) internal pure returns (bool) {
        (uint256 x, uint256 y) = (point.x, point.y);
        if (x == 0 || x >= ORDER || y >= FIELD) return false;
        return mulmod(y, y, FIELD) == addmod(mulmod(mulmod(x, x, FIELD), x, FIELD), 7, FIELD);
    }

    /// @notice The Ethereum address of the public key.
    function addressOf(Point memory point) internal pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(point.x, point.y)))));
    }

    function isPrivateKeyOf(uint256 privateKey, address publicKeyAddress) internal pure returns (bool) {
        return _times(privateKey, Point(GENERATOR_X, GENERATOR_Y)) == publicKeyAddress;
    }

    /// @notice Whether `product` is `scalar · point`.
    function isProduct(Point memory product, uint256 scalar, Point memory point)
        internal
        pure
        returns (bool)
    {
        return _times(scalar, point) == addressOf(product);
    }

    /// @notice The key that was sealed with this shared point.
    function unseal(bytes32 sealedKey, Point memory shared) internal pure returns (bytes32) {
        return sealedKey ^ keccak256(abi.encode(shared.x));
    }

    /// @dev The address of `scalar · point`: of a signature (r, s) over 0, recovery returns s/r times the point
    /// whose x is r, and its parity the recovery id. Zero for scalars that no private key has.
    function _times(uint256 scalar, Point memory point) private pure returns (address) {
        if (scalar == 0 || scalar >= ORDER) return address(0);
        uint8 v = uint8(27 + (point.y & 1));
        return ecrecover(0, v, bytes32(point.x), bytes32(mulmod(scalar, point.x, ORDER)));
    }
}
