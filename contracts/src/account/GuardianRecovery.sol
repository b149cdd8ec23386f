// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Authority} from "./Authority.sol";
import {IGuardianRecovery} from "./IGuardianRecovery.sol";
import {OwnerKey, OwnerKeys} from "./OwnerKeys.sol";

/// @title The recovery of an account; what it promises stands on `IGuardianRecovery`.
abstract contract GuardianRecovery is IGuardianRecovery, Authority {
    using OwnerKeys for bytes;
    using OwnerKeys for OwnerKey;

    /// @dev A day to thirty, at ten seconds a block: long enough to be noticed, short enough to be waited for.
    uint32 private constant MIN_DELAY_BLOCKS = 8_640;
    uint32 private constant MAX_DELAY_BLOCKS = 259_200;
    uint256 private constant MAX_GUARDIANS = 16;

    /// @param supporters Bit i stands for guardian i.
    struct Votes {
        uint16 supporters;
        uint8 count;
    }

    /// @custom:storage-location erc7201:worldland-aa.account.recovery
    /// @param round Votes count in the round in which they were cast.
    /// @param executableBlock 0 if none is scheduled. @param choices What each guardian wants: one owner, its latest.
    struct RecoveryStorage {
        address[] guardians;
        uint8 threshold;
        uint32 delayBlocks;
        uint64 round;
        uint64 executableBlock;
        OwnerKey newOwner;
        mapping(uint256 round => mapping(bytes32 ownerHash => Votes)) votes;
        mapping(uint256 round => mapping(address guardian => bytes32 ownerHash)) choices;
    }

    bytes32 private constant STORAGE_SLOT = keccak256(
        abi.encode(uint256(keccak256("worldland-aa.account.recovery")) - 1)
    ) & ~bytes32(uint256(0xff));

    // ─── Owner ───────────────────────────────────────────────────────────────

    /// @inheritdoc IGuardianRecovery
    function setGuardians(address[] calldata guardians, uint8 threshold, uint32 delayBlocks)
        external
        onlyOwner
    {
        uint256 count = guardians.length;
        if (count > MAX_GUARDIANS || threshold > count || (threshold == 0) != (count == 0)) {
            revert InvalidThreshold(threshold, count);
        }
        if (delayBlocks < MIN_DELAY_BLOCKS || delayBlocks > MAX_DELAY_BLOCKS) {
            revert InvalidRecoveryDelay(delayBlocks, MIN_DELAY_BLOCKS, MAX_DELAY_BLOCKS);
        }
        address last = address(0);
        for (uint256 i = 0; i < count; ++i) {
            if (guardians[i] <= last || guardians[i] == address(this)) revert InvalidGuardian(guardians[i]);
            last = guardians[i];
        }
        RecoveryStorage storage store = _recoveryStore();
        store.guardians = guardians;
        store.threshold = threshold;
        store.delayBlocks = delayBlocks;
        emit GuardiansChanged(guardians, threshold, delayBlocks);
        _voidRecovery();
    }

    /// @inheritdoc IGuardianRecovery
    function cancelRecovery() external onlyOwner {
        _voidRecovery();
    }

    // ─── Guardians ───────────────────────────────────────────────────────────

    /// @inheritdoc IGuardianRecovery
    function supportRecovery(bytes calldata newOwner) external {
        RecoveryStorage storage store = _recoveryStore();
        OwnerKey memory key = newOwner.parse();
        bytes32 ownerHash = keccak256(newOwner);
        uint16 guardian = uint16(2 ** _indexOf(store.guardians, msg.sender));
        _withdrawSupport(store, guardian, ownerHash);
        Votes storage votes = store.votes[store.round][ownerHash];
        votes.supporters |= guardian;
        uint8 count = ++votes.count;
        emit RecoverySupported(msg.sender, newOwner, count);
        // Once only: more support than it takes must not put off what is scheduled.
        if (count != store.threshold) return;
        uint64 executableBlock = uint64(block.number) + store.delayBlocks;
        store.newOwner = key;
        store.executableBlock = executableBlock;
        emit RecoveryScheduled(newOwner, executableBlock);
    }

    // ─── Anyone ──────────────────────────────────────────────────────────────

    /// @inheritdoc IGuardianRecovery
    function executeRecovery() external {
        RecoveryStorage storage store = _recoveryStore();
        uint64 executableBlock = store.executableBlock;
        if (executableBlock == 0) revert NoRecoveryScheduled();
        if (block.number < executableBlock) revert RecoveryDelayNotOver(executableBlock);
        OwnerKey memory key = store.newOwner;
        emit RecoveryExecuted(key.toBytes());
        _changeOwner(key);
    }

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @inheritdoc IGuardianRecovery
    function guardianConfig() external view returns (address[] memory, uint8, uint32) {
        RecoveryStorage storage store = _recoveryStore();
        return (store.guardians, store.threshold, store.delayBlocks);
    }

    /// @inheritdoc IGuardianRecovery
    function scheduledRecovery() external view returns (bytes memory newOwner, uint64 executableBlock) {
        RecoveryStorage storage store = _recoveryStore();
        executableBlock = store.executableBlock;
        if (executableBlock != 0) newOwner = store.newOwner.toBytes();
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    /// @dev Must end sessions and recovery.
    function _changeOwner(OwnerKey memory key) internal virtual;

    function _voidRecovery() internal {
        RecoveryStorage storage store = _recoveryStore();
        ++store.round;
        store.executableBlock = 0;
        emit RecoveryCancelled();
    }

    /// @dev A guardian wants one owner at a time: what it supported before, it supports no more.
    function _withdrawSupport(RecoveryStorage storage store, uint16 guardian, bytes32 ownerHash) private {
        uint256 round = store.round;
        bytes32 previousHash = store.choices[round][msg.sender];
        if (previousHash == ownerHash) revert AlreadySupported(msg.sender);
        store.choices[round][msg.sender] = ownerHash;
        if (previousHash == 0) return;
        Votes storage votes = store.votes[round][previousHash];
        votes.supporters &= ~guardian;
        uint8 count = --votes.count;
        if (count + 1 != store.threshold || store.executableBlock == 0) return;
        bytes memory scheduled = store.newOwner.toBytes();
        if (keccak256(scheduled) != previousHash) return;
        store.executableBlock = 0;
        emit RecoveryUnscheduled(scheduled);
    }

    function _indexOf(address[] storage guardians, address caller) private view returns (uint256) {
        uint256 count = guardians.length;
        for (uint256 i = 0; i < count; ++i) {
            if (guardians[i] == caller) return i;
        }
        revert NotGuardian(caller);
    }

    function _recoveryStore() private pure returns (RecoveryStorage storage store) {
        bytes32 slot = STORAGE_SLOT;
        assembly ("memory-safe") {
            store.slot := slot
        }
    }
}
