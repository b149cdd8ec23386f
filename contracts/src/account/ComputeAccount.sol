// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeToken} from "../token/IComputeToken.sol";
import {Authority} from "./Authority.sol";
import {Call} from "./Call.sol";
import {CallRunner} from "./CallRunner.sol";
import {GuardianRecovery} from "./GuardianRecovery.sol";
import {IComputeAccount} from "./IComputeAccount.sol";
import {OwnerKey, OwnerKeys} from "./OwnerKeys.sol";
import {SessionKeys} from "./SessionKeys.sol";
import {IAccount} from "@account-abstraction/interfaces/IAccount.sol";
import {IAccountExecute} from "@account-abstraction/interfaces/IAccountExecute.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

/// @title A smart account; what it promises stands on `IComputeAccount`.
contract ComputeAccount is
    IComputeAccount,
    SessionKeys,
    GuardianRecovery,
    UUPSUpgradeable,
    EIP712,
    ERC721Holder,
    ERC1155Holder
{
    using OwnerKeys for bytes;
    using OwnerKeys for OwnerKey;

    /// @custom:storage-location erc7201:worldland-aa.account.owner
    struct OwnerStorage {
        OwnerKey owner;
    }

    bytes32 private constant STORAGE_SLOT =
        keccak256(abi.encode(uint256(keccak256("worldland-aa.account.owner")) - 1)) & ~bytes32(uint256(0xff));

    bytes32 private constant MESSAGE_TYPEHASH = keccak256("ComputeAccountMessage(bytes32 hash)");

    bytes4 private constant INVALID_SIGNATURE = 0xffffffff;

    /// @dev The implementation itself is nobody's.
    constructor(IEntryPoint entryPoint_, IComputeToken token_)
        Authority(entryPoint_)
        SessionKeys(token_)
        EIP712("ComputeAccount", "1")
    {
        _ownerStore().owner.x = bytes32(uint256(1));
    }

    /// @inheritdoc IComputeAccount
    function initialize(bytes calldata owner_) external {
        OwnerStorage storage store = _ownerStore();
        if (store.owner.isSet()) revert AlreadyInitialized();
        store.owner = owner_.parse();
        emit OwnerChanged("", owner_);
    }

    receive() external payable {}

    // ─── Validation ──────────────────────────────────────────────────────────

    /// @inheritdoc IAccount
    function validateUserOp(
        PackedUserOperation calldata userOp,
        bytes32 userOpHash,
        uint256 missingAccountFunds
    ) external onlyEntryPoint returns (uint256 validationData) {
        uint256 sessionId = _sessionIdOf(userOp);
        bytes32 digest = MessageHashUtils.toEthSignedMessageHash(userOpHash);
        if (sessionId != 0) validationData = _validateSession(sessionId, userOp, digest);
        else if (!_ownerStore().owner.verify(digest, userOpHash, userOp.signature)) validationData = 1;
        if (missingAccountFunds != 0) {
            // Whether it arrives is for the EntryPoint to see.
            (bool sent,) = msg.sender.call{value: missingAccountFunds}("");
            sent;
        }
    }

    /// @inheritdoc IERC1271
    /// @dev Sessions have no part in it: a permit or a voucher would escape their budgets.
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        bytes32 digest = replaySafeHash(hash);
        bool valid = _ownerStore().owner.verify(digest, digest, signature);
        return valid ? IERC1271.isValidSignature.selector : INVALID_SIGNATURE;
    }

    // ─── Execution ───────────────────────────────────────────────────────────

    /// @inheritdoc IComputeAccount
    function execute(address target, uint256 value, bytes calldata data) external onlyOwner {
        CallRunner.run(target, value, data);
    }

    /// @inheritdoc IComputeAccount
    function executeBatch(Call[] calldata calls) external onlyOwner {
        for (uint256 i = 0; i < calls.length; ++i) {
            CallRunner.run(calls[i].target, calls[i].value, calls[i].data);
        }
    }

    /// @inheritdoc IAccountExecute
    /// @dev For sessions only. The owner's operations bear session id 0, which is no session.
    function executeUserOp(PackedUserOperation calldata userOp, bytes32) external onlyEntryPoint {
        _executeSession(_sessionIdOf(userOp), userOp.callData);
    }

    // ─── Owner ───────────────────────────────────────────────────────────────

    /// @inheritdoc IComputeAccount
    function setOwner(bytes calldata owner_) external onlyOwner {
        _changeOwner(owner_.parse());
    }

    /// @dev What an earlier owner let others do ends with it.
    function _changeOwner(OwnerKey memory key) internal override {
        OwnerStorage storage store = _ownerStore();
        emit OwnerChanged(store.owner.toBytes(), key.toBytes());
        store.owner = key;
        _revokeAllSessions();
        _voidRecovery();
    }

    function _authorizeUpgrade(address) internal view override onlyOwner {}

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @inheritdoc IComputeAccount
    function owner() external view returns (bytes memory) {
        return _ownerStore().owner.toBytes();
    }

    /// @inheritdoc IComputeAccount
    function entryPoint() external view returns (IEntryPoint) {
        return ENTRY_POINT;
    }

    /// @inheritdoc IComputeAccount
    function token() external view returns (IComputeToken) {
        return TOKEN;
    }

    /// @inheritdoc IComputeAccount
    function replaySafeHash(bytes32 hash) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(MESSAGE_TYPEHASH, hash)));
    }

    /// @notice ERC-165: this account's parts, as an account, a signer and a receiver of tokens.
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == type(IAccount).interfaceId || interfaceId == type(IAccountExecute).interfaceId
            || interfaceId == type(IERC1271).interfaceId || interfaceId == type(IERC721Receiver).interfaceId
            || super.supportsInterface(interfaceId);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _sessionIdOf(PackedUserOperation calldata userOp) private pure returns (uint256) {
        return userOp.nonce >> 128;
    }

    function _ownerStore() private pure returns (OwnerStorage storage store) {
        bytes32 slot = STORAGE_SLOT;
        assembly ("memory-safe") {
            store.slot := slot
        }
    }
}
