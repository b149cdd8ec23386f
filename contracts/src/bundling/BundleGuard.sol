// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundleGuard} from "./IBundleGuard.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";

/// @title Leaves out of a bundle what is stale; what it promises stands on `IBundleGuard`.
contract BundleGuard is IBundleGuard {
    /// @inheritdoc IBundleGuard
    IEntryPoint public immutable entryPoint;

    constructor(IEntryPoint entryPoint_) {
        if (!ERC165Checker.supportsInterface(address(entryPoint_), type(IEntryPoint).interfaceId)) {
            revert InvalidEntryPoint(address(entryPoint_));
        }
        entryPoint = entryPoint_;
    }

    /// @inheritdoc IBundleGuard
    function handleOps(PackedUserOperation[] calldata ops, address payable beneficiary, uint256 lastBlock)
        external
        returns (uint256 passedOn)
    {
        if (block.number > lastBlock) return 0;
        uint256[] memory kept;
        (kept, passedOn) = _fresh(ops);
        if (passedOn != 0) _handOn(ops, beneficiary, kept, passedOn);
    }

    // ─── What is fresh ───────────────────────────────────────────────────────

    /// @return kept The indices of the operations that are not stale, in order, in its first `count` words.
    function _fresh(PackedUserOperation[] calldata ops)
        private
        view
        returns (uint256[] memory kept, uint256 count)
    {
        kept = new uint256[](ops.length);
        uint256[] memory senders = new uint256[](ops.length);
        uint256[] memory nonces = new uint256[](ops.length);
        for (uint256 i = 0; i < ops.length; ++i) {
            address sender = ops[i].sender;
            uint256 nonce = ops[i].nonce;
            if (nonce != _nextNonce(senders, nonces, count, sender, uint192(nonce >> 64))) continue;
            (kept[count], senders[count], nonces[count]) = (i, uint160(sender), nonce);
            ++count;
        }
    }

    /// @dev One more than that of the last kept operation of this sender and key, or else the EntryPoint's.
    function _nextNonce(
        uint256[] memory senders,
        uint256[] memory nonces,
        uint256 count,
        address sender,
        uint192 key
    ) private view returns (uint256) {
        unchecked {
            for (uint256 i = count; i != 0; --i) {
                if (_at(senders, i) != uint160(sender)) continue;
                uint256 nonce = _at(nonces, i);
                if (nonce >> 64 == key) return nonce + 1;
            }
        }
        return entryPoint.getNonce(sender, key);
    }

    /// @dev The word before `end`, which the caller knows to lie within.
    function _at(uint256[] memory words, uint256 end) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(words, shl(5, end)))
        }
    }

    // ─── Handing it on ───────────────────────────────────────────────────────

    /// @dev An array of structs is a table of offsets into what lies behind it. So all of it is copied at once, and
    /// only the table written anew: what is left out stays behind as bytes that nobody points at.
    function _handOn(
        PackedUserOperation[] calldata ops,
        address payable beneficiary,
        uint256[] memory kept,
        uint256 count
    ) private {
        address target = address(entryPoint);
        bytes4 selector = IEntryPoint.handleOps.selector;
        bytes4 failedOp = IEntryPoint.FailedOp.selector;
        bytes4 failedOpWithRevert = IEntryPoint.FailedOpWithRevert.selector;
        assembly ("memory-safe") {
            let data := mload(0x40)
            let table := add(data, 0x64)
            let opsSize := sub(calldatasize(), ops.offset)
            mstore(data, selector)
            mstore(add(data, 0x04), 0x40)
            mstore(add(data, 0x24), beneficiary)
            mstore(add(data, 0x44), count)
            calldatacopy(table, ops.offset, opsSize)
            if lt(count, ops.length) {
                for { let at := 0 } lt(at, shl(5, count)) { at := add(at, 0x20) } {
                    let index := mload(add(add(kept, 0x20), at))
                    mstore(add(table, at), calldataload(add(ops.offset, shl(5, index))))
                }
            }
            if iszero(call(gas(), target, 0, data, add(0x64, opsSize), 0, 0)) {
                returndatacopy(data, 0, returndatasize())
                if gt(returndatasize(), 0x23) {
                    let thrown := and(mload(data), shl(224, 0xffffffff))
                    let failed := mload(add(data, 0x04))
                    if and(lt(failed, count), or(eq(thrown, failedOp), eq(thrown, failedOpWithRevert))) {
                        mstore(add(data, 0x04), mload(add(add(kept, 0x20), shl(5, failed))))
                    }
                }
                revert(data, returndatasize())
            }
        }
    }
}
