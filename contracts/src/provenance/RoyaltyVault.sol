// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeToken} from "../token/IComputeToken.sol";

/// @title Where marketplaces send one model's royalties, so that it is known whose they are.
/// @notice Stands at an address known before it is deployed; takes compute tokens and the native coin.
contract RoyaltyVault {
    IComputeToken private immutable TOKEN;
    address private immutable MODELS;

    error NotModels(address caller);

    constructor(IComputeToken token) {
        TOKEN = token;
        MODELS = msg.sender;
    }

    receive() external payable {}

    /// @notice Hands all that came to the model contract that deployed this, coins as tokens.
    function sweep() external returns (uint256 amountWei) {
        if (msg.sender != MODELS) revert NotModels(msg.sender);
        uint256 coinWei = address(this).balance;
        if (coinWei != 0) TOKEN.deposit{value: coinWei}();
        amountWei = TOKEN.balanceOf(address(this));
        TOKEN.transfer(MODELS, amountWei);
    }
}
