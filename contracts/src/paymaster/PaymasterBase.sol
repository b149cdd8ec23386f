// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeToken} from "../token/IComputeToken.sol";
import {IComputePaymaster} from "./IComputePaymaster.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";

/// @title The EntryPoint and the token that a paymaster is bound to, and whether a bundle is running.
abstract contract PaymasterBase is IComputePaymaster {
    /// @dev Sends and receives nothing: the beneficiary of the empty bundle that asks whether one is running.
    address payable private constant NOBODY = payable(0x000000000000000000000000000000000000dEaD);

    /// @inheritdoc IComputePaymaster
    IEntryPoint public immutable entryPoint;
    /// @inheritdoc IComputePaymaster
    IComputeToken public immutable token;

    constructor(IEntryPoint entryPoint_, IComputeToken token_) {
        if (!ERC165Checker.supportsInterface(address(entryPoint_), type(IEntryPoint).interfaceId)) {
            revert InvalidEntryPoint(address(entryPoint_));
        }
        if (address(token_).code.length == 0) revert InvalidToken(address(token_));
        entryPoint = entryPoint_;
        token = token_;
    }

    modifier onlyEntryPoint() {
        if (msg.sender != address(entryPoint)) revert NotEntryPoint(msg.sender);
        _;
    }

    /// @dev An empty bundle reverts on EntryPoint's reentrancy guard exactly while another one runs.
    modifier notDuringBundle() {
        try entryPoint.handleOps(new PackedUserOperation[](0), NOBODY) {}
        catch {
            revert BundleInProgress();
        }
        _;
    }
}
