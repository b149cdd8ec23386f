// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @title The compute token: the native coin as a plain ERC-20.
/// @notice One token wei is one native wei, always: whoever holds the token can take the coin out. There is
/// no minter, owner, pause, hook or fee, so prices, escrows, bonds and gas are all counted in one unit.
/// @dev `totalSupply() <= address(this).balance` always; equality unless somebody forces coins in.
interface IComputeToken is IERC20, IERC20Permit {
    /// @notice `account` received `amountWei` tokens for as many native wei.
    event Deposit(address indexed account, uint256 amountWei);

    /// @notice `account` burnt `amountWei` tokens; as many native wei went to `recipient`.
    event Withdrawal(address indexed account, address indexed recipient, uint256 amountWei);

    /// @notice The native coin cannot go to `recipient`: it is the zero address or the token itself.
    error InvalidWithdrawalRecipient(address recipient);
    /// @notice `recipient` refused `amountWei` native wei.
    error NativeTransferFailed(address recipient, uint256 amountWei);
    /// @notice The permit's `deadline` (seconds since 1970) has passed.
    error PermitExpired(uint256 deadline);
    /// @notice The signature is not `owner`'s over this permit and its present nonce.
    error InvalidPermitSignature(address owner);

    /// @notice Gives the caller `msg.value` tokens. Sending coins to the contract does the same.
    function deposit() external payable;

    /// @notice Gives `account` `msg.value` tokens.
    function depositTo(address account) external payable;

    /// @notice Burns `amountWei` of the caller's tokens and sends it as many native wei.
    function withdraw(uint256 amountWei) external;

    /// @notice Burns `amountWei` of the caller's tokens and sends `recipient` as many native wei.
    function withdrawTo(address recipient, uint256 amountWei) external;

    /// @notice EIP-2612 permit with the signature as bytes: ECDSA (65 bytes), or whatever the contract
    /// `owner` accepts by ERC-1271.
    /// @param deadline Seconds since 1970. With `type(uint256).max` the clock is never read, so the call is
    /// lawful during ERC-4337 validation (ERC-7562 [OP-011]).
    function permit(address owner, address spender, uint256 value, uint256 deadline, bytes calldata signature)
        external;
}
