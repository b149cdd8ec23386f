// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @title Keeps one operation that somebody else landed first from costing the whole bundle.
/// @notice Stands between a bundler and EntryPoint v0.7. Holds no state, no money and no rights: it is nobody's
/// account or paymaster, and whatever passes it the EntryPoint validates as ever. It only leaves out what can no
/// longer land.
interface IBundleGuard {
    /// @notice `entryPoint` is no EntryPoint v0.7.
    error InvalidEntryPoint(address entryPoint);

    function entryPoint() external view returns (IEntryPoint);

    /// @notice Hands `ops` to the EntryPoint's `handleOps`, without those that are stale: whose nonce is not the
    /// one that the EntryPoint would take next of its sender and key, what stands before it in the bundle included
    /// (several operations of one sender and key count up). After `lastBlock`, and if nothing is left, it does
    /// nothing.
    /// @dev Doing nothing is no revert: the transaction's status is 1 although nothing landed. It could not be
    /// otherwise where a part is left out, so read what landed from the EntryPoint's `UserOperationEvent`s, never
    /// from the status; a call (`eth_call`) also tells by what it returns.
    /// Reverts of the EntryPoint come through byte for byte, but for the index in `FailedOp` and `FailedOpWithRevert`,
    /// which counts in the `ops` given here. Gas: of what the guard has, 1/64 stays with it (EIP-150); give a bundle
    /// a 63rd more and what README says an operation costs. Too little never makes an operation fail, it
    /// reverts the bundle (AA95), as without the guard.
    /// @param ops Operations in the form of EntryPoint v0.7; what is malformed reverts.
    /// @param beneficiary Receives what the operations pay, as in the EntryPoint.
    /// @param lastBlock Number of the last block in which any of this may land.
    /// @return passedOn How many of `ops` the EntryPoint was given.
    function handleOps(PackedUserOperation[] calldata ops, address payable beneficiary, uint256 lastBlock)
        external
        returns (uint256 passedOn);
}
