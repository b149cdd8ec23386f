// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Creates accounts at addresses known before.
/// @notice An address is bound to its first owner and a salt: whoever creates the account, it belongs to that
/// owner. As EntryPoint v0.7 initCode: this address, then a call to `createAccount`.
/// @dev Without storage, so it needs no stake (ERC-7562).
interface IComputeAccountFactory {
    event AccountCreated(address indexed account, bytes owner, uint256 salt);

    /// @notice Not an implementation that can stand behind a proxy (ERC-1822).
    error InvalidImplementation(address implementation);

    /// @notice Creates the account, unless it exists, and returns its address.
    /// @param owner 20 bytes of a secp256k1 address, or 64 of a P-256 public key (x, y).
    function createAccount(bytes calldata owner, uint256 salt) external returns (address account);

    /// @notice Where `createAccount` creates it.
    function getAddress(bytes calldata owner, uint256 salt) external view returns (address);

    /// @notice What new accounts run; an owner may upgrade its own to another.
    function implementation() external view returns (address);
}
