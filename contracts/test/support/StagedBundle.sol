// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IComputeToken} from "../../src/token/IComputeToken.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice A bundler that pays an account its first tokens in the very transaction that lands its operations, so
/// that the account's balance was zero when the transaction began.
contract StagedBundle {
    function tryLand(
        IEntryPoint entryPoint,
        IComputeToken token,
        PackedUserOperation[] calldata operations,
        uint256 fundingWei
    ) external returns (bool landed) {
        token.transfer(operations[0].sender, fundingWei);
        try entryPoint.handleOps(operations, payable(address(this))) {
            return true;
        } catch {}
    }

    receive() external payable {}
}
