// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Call} from "./Call.sol";
import {IComputeAccount} from "./IComputeAccount.sol";
import {ISessionKeys} from "./ISessionKeys.sol";
import {IAccountExecute} from "@account-abstraction/interfaces/IAccountExecute.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Reads what a session wants to do out of its callData.
library SessionCalls {
    /// @notice The calls in `executeUserOp ‖ execute(…)` or `executeUserOp ‖ executeBatch(…)`; reverts on
    /// anything else. Validation and execution both read by this function, so they cannot differ.
    function decode(bytes calldata callData) internal pure returns (Call[] memory calls) {
        bytes4 outer = bytes4(callData);
        if (outer != IAccountExecute.executeUserOp.selector) revert ISessionKeys.InvalidSessionCall(outer);
        bytes calldata inner = callData[4:];
        bytes4 selector = bytes4(inner);
        if (selector == IComputeAccount.executeBatch.selector) return abi.decode(inner[4:], (Call[]));
        if (selector != IComputeAccount.execute.selector) revert ISessionKeys.InvalidSessionCall(selector);
        calls = new Call[](1);
        (calls[0].target, calls[0].value, calls[0].data) = abi.decode(inner[4:], (address, uint256, bytes));
    }

    /// @return The function called; zero, which no session may call, if there is none.
    function selectorOf(Call memory call) internal pure returns (bytes4) {
        return call.data.length < 4 ? bytes4(0) : bytes4(call.data);
    }

    // ─── Calls of the token ──────────────────────────────────────────────────

    /// @notice Whether a budget can bound this function of the token. `withdraw` would make coin of tokens; a
    /// `permit` is worth what its signature is, and the owner's needs no session to be brought.
    function isBounded(bytes4 selector) internal pure returns (bool) {
        return selector == IERC20.transfer.selector || selector == IERC20.transferFrom.selector
            || selector == IERC20.approve.selector;
    }

    /// @return amountWei What a transfer moves, of the account's or of what others let the account move.
    function amountOf(Call memory call) internal pure returns (uint256 amountWei) {
        bytes4 selector = selectorOf(call);
        if (selector == IERC20.transfer.selector) amountWei = _argument(call, 1);
        else if (selector == IERC20.transferFrom.selector) amountWei = _argument(call, 2);
    }

    function isApproval(Call memory call) internal pure returns (bool) {
        return selectorOf(call) == IERC20.approve.selector;
    }

    function spenderOf(Call memory call) internal pure returns (address) {
        return address(uint160(_argument(call, 0)));
    }

    /// @dev Of call data too short or with a dirty address this reads nonsense, and the token then reverts.
    function _argument(Call memory call, uint256 index) private pure returns (uint256 word) {
        bytes memory data = call.data;
        assembly ("memory-safe") {
            word := mload(add(add(data, 36), mul(index, 32)))
        }
    }
}
