// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {OddToken} from "./OddToken.sol";
import {PaymasterTest} from "./PaymasterTest.sol";

/// @notice An account that holds another token than the compute token, and the paymaster that takes it.
abstract contract Erc20Test is PaymasterTest {
    OddToken internal coin;
    /// @dev Units for 1e18 wei: two and a half of them for one coin, of six decimals.
    uint128 internal rate = 2_500_000;

    function setUp() public virtual override {
        super.setUp();
        coin = newCoin(6);
    }

    /// @dev Everybody has used it before: balances in use cost what they always will.
    function newCoin(uint8 decimals) internal returns (OddToken made) {
        made = new OddToken(decimals);
        made.mint(account, type(uint128).max);
        made.mint(address(paymaster), 1);
        vm.prank(account);
        made.approve(address(paymaster), type(uint256).max);
    }

    function erc20Terms() internal view returns (Terms memory terms) {
        terms = termsOf(ERC20);
        (terms.erc20, terms.rate) = (address(coin), rate);
    }

    function unitsOf(uint256 costWei) internal view returns (uint256) {
        return (costWei * rate + 1e18 - 1) / 1e18;
    }

    function collected() internal view returns (uint256) {
        return coin.balanceOf(address(paymaster)) - 1;
    }
}
