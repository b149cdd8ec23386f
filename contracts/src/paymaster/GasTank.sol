// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGasTank} from "./IGasTank.sol";
import {PaymasterBase} from "./PaymasterBase.sol";

/// @title The accounts' prepaid gas tanks; what they promise stands on `IGasTank`.
abstract contract GasTank is PaymasterBase {
    /// @dev One slot, so that reserving and settling cost one write each.
    struct Tank {
        uint128 balanceWei;
        uint128 spentWei;
    }

    mapping(address account => Tank) private _tanks;

    /// @inheritdoc IGasTank
    uint256 public tanksWei;

    // ─── Filling and emptying ────────────────────────────────────────────────

    /// @inheritdoc IGasTank
    function fillTank(address account, uint256 amountWei) external {
        if (account == address(0)) revert InvalidTankAccount(account);
        Tank storage tank = _tanks[account];
        uint256 balanceWei = tank.balanceWei;
        if (amountWei > type(uint128).max - balanceWei) revert TankOverflow(account, amountWei);
        tank.balanceWei = uint128(balanceWei + amountWei);
        tanksWei += amountWei;
        emit TankFilled(account, msg.sender, amountWei);
        token.transferFrom(msg.sender, address(this), amountWei);
    }

    /// @inheritdoc IGasTank
    function withdrawTank(address recipient, uint256 amountWei) external {
        Tank storage tank = _tanks[msg.sender];
        uint256 balanceWei = tank.balanceWei;
        if (amountWei > balanceWei) revert InsufficientTank(msg.sender, amountWei, balanceWei);
        tank.balanceWei = uint128(balanceWei - amountWei);
        tanksWei -= amountWei;
        emit TankWithdrawn(msg.sender, recipient, amountWei);
        token.transfer(recipient, amountWei);
    }

    /// @inheritdoc IGasTank
    function collectFromTanks(address[] calldata accounts) external notDuringBundle {
        uint256 collectedWei;
        for (uint256 i = 0; i < accounts.length; ++i) {
            Tank storage tank = _tanks[accounts[i]];
            uint256 spentWei = tank.spentWei;
            if (spentWei == 0) continue;
            tank.spentWei = 0;
            collectedWei += spentWei;
            emit TankCollected(accounts[i], spentWei);
        }
        tanksWei -= collectedWei;
    }

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @inheritdoc IGasTank
    function tankOf(address account) external view returns (uint256) {
        return _tanks[account].balanceWei;
    }

    /// @inheritdoc IGasTank
    function tankSpentOf(address account) external view returns (uint256) {
        return _tanks[account].spentWei;
    }

    // ─── For the paymaster ───────────────────────────────────────────────────

    /// @dev In validation. Several operations of an account in one bundle add up.
    function _spendFromTank(address account, uint256 amountWei) internal {
        Tank memory tank = _tanks[account];
        if (amountWei > tank.balanceWei) revert InsufficientTank(account, amountWei, tank.balanceWei);
        uint256 spentWei = tank.spentWei;
        if (amountWei > type(uint128).max - spentWei) revert TankOverflow(account, amountWei);
        _tanks[account] = Tank(uint128(tank.balanceWei - amountWei), uint128(spentWei + amountWei));
    }

    /// @dev In postOp: `amountWei`, reserved in validation, was not needed. Never reverts: at most what was
    /// reserved comes back, and a tank that was filled to the brim meanwhile leaves the excess spent.
    function _returnToTank(address account, uint256 amountWei) internal {
        Tank memory tank = _tanks[account];
        uint256 roomWei = type(uint128).max - tank.balanceWei;
        if (amountWei > roomWei) amountWei = roomWei;
        unchecked {
            _tanks[account] = Tank(uint128(tank.balanceWei + amountWei), uint128(tank.spentWei - amountWei));
        }
    }
}
