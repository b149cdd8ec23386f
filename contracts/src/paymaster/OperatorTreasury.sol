// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {GasTank} from "./GasTank.sol";
import {IComputePaymaster} from "./IComputePaymaster.sol";
import {LeaderTips} from "./LeaderTips.sol";

/// @title The operator's side of a paymaster: its signers, its stake, its gas deposit and its revenue.
/// @dev Between bundles every token held here is revenue, but for those of the tanks; during one, part of it is
/// owed back to senders.
abstract contract OperatorTreasury is GasTank, LeaderTips {
    /// @inheritdoc IComputePaymaster
    mapping(address signer => bool) public isSigner;

    /// @dev Tokens in tanks are never the operator's to take.
    modifier outOfRevenue(uint256 amountWei) {
        uint256 availableWei = revenueWei();
        if (amountWei > availableWei) revert InsufficientRevenue(amountWei, availableWei);
        _;
    }

    /// @inheritdoc IComputePaymaster
    function setSigner(address signer, bool allowed) external onlyOwner {
        if (signer == address(0)) revert InvalidSigner(signer);
        isSigner[signer] = allowed;
        emit SignerChanged(signer, allowed);
    }

    /// @inheritdoc IComputePaymaster
    function addStake(uint32 unstakeDelaySeconds) external payable onlyOwner {
        entryPoint.addStake{value: msg.value}(unstakeDelaySeconds);
    }

    /// @inheritdoc IComputePaymaster
    function unlockStake() external onlyOwner {
        entryPoint.unlockStake();
    }

    /// @inheritdoc IComputePaymaster
    function withdrawStake(address payable recipient) external onlyOwner {
        entryPoint.withdrawStake(recipient);
    }

    /// @inheritdoc IComputePaymaster
    function deposit() external payable {
        entryPoint.depositTo{value: msg.value}(address(this));
    }

    /// @inheritdoc IComputePaymaster
    function withdrawDepositTo(address payable recipient, uint256 amountWei) external onlyOwner {
        (uint256 depositWei, uint256 owedWei) = (getDeposit(), tipsOwedWei());
        uint256 availableWei = depositWei > owedWei ? depositWei - owedWei : 0;
        if (amountWei > availableWei) revert InsufficientDeposit(amountWei, availableWei);
        entryPoint.withdrawTo(recipient, amountWei);
    }

    /// @inheritdoc IComputePaymaster
    function refillDeposit(uint256 amountWei) external notDuringBundle outOfRevenue(amountWei) {
        if (msg.sender != owner() && !isSigner[msg.sender]) revert NotOwnerOrSigner(msg.sender);
        emit DepositRefilled(amountWei);
        token.withdraw(amountWei);
        entryPoint.depositTo{value: amountWei}(address(this));
    }

    /// @inheritdoc IComputePaymaster
    function withdrawRevenue(address recipient, uint256 amountWei)
        external
        onlyOwner
        notDuringBundle
        outOfRevenue(amountWei)
    {
        emit RevenueWithdrawn(recipient, amountWei);
        token.transfer(recipient, amountWei);
    }

    /// @notice Always reverts: deposit, stake and revenue would be lost with the owner.
    function renounceOwnership() public pure override {
        revert OwnershipNotRenounceable();
    }

    /// @dev The coin of refillDeposit; anybody else is told to use deposit().
    receive() external payable {
        if (msg.sender != address(token)) revert NativeOnlyFromToken(msg.sender);
    }

    /// @inheritdoc IComputePaymaster
    function getDeposit() public view returns (uint256) {
        return entryPoint.balanceOf(address(this));
    }

    /// @inheritdoc IComputePaymaster
    function revenueWei() public view returns (uint256) {
        return token.balanceOf(address(this)) - tanksWei;
    }
}
