// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeToken} from "./IComputeToken.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title The compute token; what it promises stands on `IComputeToken`.
contract ComputeToken is IComputeToken, ERC20, EIP712, Nonces {
    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    constructor() ERC20("WorldLand Compute", "WLCOMPUTE") EIP712("WorldLand Compute", "1") {}

    // ─── The coin, in and out ────────────────────────────────────────────────

    receive() external payable {
        depositTo(msg.sender);
    }

    /// @inheritdoc IComputeToken
    function deposit() external payable {
        depositTo(msg.sender);
    }

    /// @inheritdoc IComputeToken
    function depositTo(address account) public payable {
        _mint(account, msg.value);
        emit Deposit(account, msg.value);
    }

    /// @inheritdoc IComputeToken
    function withdraw(uint256 amountWei) external {
        withdrawTo(msg.sender, amountWei);
    }

    /// @inheritdoc IComputeToken
    function withdrawTo(address recipient, uint256 amountWei) public {
        if (recipient == address(0) || recipient == address(this)) {
            revert InvalidWithdrawalRecipient(recipient);
        }
        // The tokens are gone before the coin moves: a recipient that calls back finds nothing to take twice.
        _burn(msg.sender, amountWei);
        emit Withdrawal(msg.sender, recipient, amountWei);
        (bool sent,) = recipient.call{value: amountWei}("");
        if (!sent) revert NativeTransferFailed(recipient, amountWei);
    }

    // ─── Permit ──────────────────────────────────────────────────────────────

    /// @inheritdoc IERC20Permit
    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        _permit(owner, spender, value, deadline, abi.encodePacked(r, s, v));
    }

    /// @inheritdoc IComputeToken
    function permit(address owner, address spender, uint256 value, uint256 deadline, bytes calldata signature)
        external
    {
        _permit(owner, spender, value, deadline, signature);
    }

    function _permit(address owner, address spender, uint256 value, uint256 deadline, bytes memory signature)
        private
    {
        // ERC-7562 [OP-011]: with an endless deadline TIMESTAMP is not executed.
        if (deadline != type(uint256).max && block.timestamp > deadline) revert PermitExpired(deadline);
        bytes32 structHash =
            keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, _useNonce(owner), deadline));
        if (!SignatureChecker.isValidSignatureNow(owner, _hashTypedDataV4(structHash), signature)) {
            revert InvalidPermitSignature(owner);
        }
        _approve(owner, spender, value);
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(IERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    /// @inheritdoc IERC20Permit
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    // ─── Transfers ───────────────────────────────────────────────────────────

    /// @dev Tokens sent to the token itself could never be taken out again.
    function _update(address from, address to, uint256 value) internal override {
        if (to == address(this)) revert ERC20InvalidReceiver(to);
        super._update(from, to, value);
    }
}
