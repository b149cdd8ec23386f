// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeToken} from "../token/IComputeToken.sol";
import {Call} from "./Call.sol";
import {ISessionKeys} from "./ISessionKeys.sol";
import {SessionCalls} from "./SessionCalls.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Makes calls, and measures what those of a session cost.
library CallRunner {
    using SessionCalls for Call;

    /// @dev Reverts with the target's own revert data.
    function run(address target, uint256 value, bytes memory data) internal {
        (bool success, bytes memory result) = target.call{value: value}(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(result, 32), mload(result))
            }
        }
    }

    /// @notice Makes a session's calls. @return spentWei Compute tokens that left, whoever pulled them.
    /// @dev Every call is measured by itself, so that what comes in by one (a refund, say, that is the owner's
    /// anyway) does not pay for what goes out by another.
    function runMetered(IComputeToken token, Call[] memory calls) internal returns (uint256 spentWei) {
        uint256[] memory allowances = new uint256[](calls.length);
        uint256 balanceWei = token.balanceOf(address(this));
        for (uint256 i = 0; i < calls.length; ++i) {
            Call memory call = calls[i];
            uint256 namedWei = 0;
            if (call.target == address(token)) {
                // Of transferFrom the balance need not tell: others may let the account move their tokens.
                namedWei = call.amountOf();
                if (call.isApproval()) allowances[i] = token.allowance(address(this), call.spenderOf());
            }
            run(call.target, 0, call.data);
            uint256 balanceAfterWei = token.balanceOf(address(this));
            // Zero if the balance grew.
            (, uint256 lostWei) = Math.trySub(balanceWei, balanceAfterWei);
            spentWei += Math.max(namedWei, lostWei);
            balanceWei = balanceAfterWei;
        }
        _checkAllowances(token, calls, allowances);
    }

    /// @dev An allowance left behind could be drawn on when the session's budget is no longer looked at.
    function _checkAllowances(IComputeToken token, Call[] memory calls, uint256[] memory before)
        private
        view
    {
        for (uint256 i = 0; i < calls.length; ++i) {
            if (calls[i].target != address(token) || !calls[i].isApproval()) continue;
            address spender = calls[i].spenderOf();
            uint256 allowanceWei = token.allowance(address(this), spender);
            if (allowanceWei > before[i]) {
                revert ISessionKeys.AllowanceLeft(spender, allowanceWei, before[i]);
            }
        }
    }
}
