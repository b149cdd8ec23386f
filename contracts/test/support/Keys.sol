// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice The cheatcode that turns scalars into points of secp256k1.
interface Keys {
    struct Wallet {
        address addr;
        uint256 publicKeyX;
        uint256 publicKeyY;
        uint256 privateKey;
    }

    function createWallet(uint256 privateKey) external returns (Wallet memory);
}
