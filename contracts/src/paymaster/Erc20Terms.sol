// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PackedFields} from "./PackedFields.sol";

/// @title The terms of the ERC-20 mode: what it has beyond `PaymasterData`, and the token's price.
/// @dev Apart from the other modes, since these are reckoned in the compute token: whoever adds up what operations may
/// cost in that (`GasCharge`) must take this mode for one that might cost anything.
library Erc20Terms {
    using PackedFields for bytes;

    uint8 internal constant ERC20 = 4;

    // After the fields of the other paid modes.
    uint256 internal constant ERC20_TOKEN_AT = 99;
    uint256 internal constant ERC20_RATE_AT = 119;
    uint256 internal constant ERC20_TERMS_END = 135;

    uint256 private constant RATE_UNIT_WEI = 1e18;

    /// @return token The ERC-20. @return rate Its units for 1e18 native wei, as signed.
    function erc20Of(bytes calldata data) internal pure returns (address token, uint256 rate) {
        token = address(uint160(data.field(ERC20_TOKEN_AT, 20)));
        rate = data.field(ERC20_RATE_AT, 16);
    }

    /// @notice `costWei` at `rate`, rounded up.
    /// @dev Both fit 128 bits: nothing overflows, and whatever costs less is never more in units.
    function unitsOf(uint256 costWei, uint256 rate) internal pure returns (uint256) {
        unchecked {
            uint256 product = costWei * rate;
            return product / RATE_UNIT_WEI + (product % RATE_UNIT_WEI == 0 ? 0 : 1);
        }
    }
}
