// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "./IComputeAccount.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";

/// @title Who may call the account.
/// @dev The EntryPoint calls with what `validateUserOp` let in. There, a session's callData must begin with the
/// selector of `executeUserOp`, which in turn never calls the account: hence whatever else comes from the
/// EntryPoint or from the account itself is the owner's word.
abstract contract Authority {
    IEntryPoint internal immutable ENTRY_POINT;

    constructor(IEntryPoint entryPoint_) {
        ENTRY_POINT = entryPoint_;
    }

    modifier onlyEntryPoint() {
        if (msg.sender != address(ENTRY_POINT)) revert IComputeAccount.NotEntryPoint(msg.sender);
        _;
    }

    modifier onlyOwner() {
        if (msg.sender != address(ENTRY_POINT) && msg.sender != address(this)) {
            revert IComputeAccount.NotOwner(msg.sender);
        }
        _;
    }
}
