// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeToken} from "../token/IComputeToken.sol";
import {IComputePaymaster} from "./IComputePaymaster.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";
import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";

/// @title The operator's side of a paymaster: its signers, its stake, its gas deposit and its revenue.
/// @dev Between bundles every token held here is revenue; during one, part of it is owed back to senders.
abstract contract OperatorTreasury is IComputePaymaster, Ownable2Step {
    /// @dev Sends and receives nothing: the beneficiary of the empty bundle that asks whether one is running.
    address payable private constant NOBODY = payable(0x000000000000000000000000000000000000dEaD);

    /// @inheritdoc IComputePaymaster
    IEntryPoint public immutable entryPoint;
    /// @inheritdoc IComputePaymaster
    IComputeToken public immutable token;

    /// @inheritdoc IComputePaymaster
    mapping(address signer => bool) public isSigner;

    constructor(IEntryPoint entryPoint_, IComputeToken token_, address owner_) Ownable(owner_) {
        if (!ERC165Checker.supportsInterface(address(entryPoint_), type(IEntryPoint).interfaceId)) {
            revert InvalidEntryPoint(address(entryPoint_));
        }
        if (address(token_).code.length == 0) revert InvalidToken(address(token_));
        entryPoint = entryPoint_;
        token = token_;
    }

    /// @dev An empty bundle reverts on EntryPoint's reentrancy guard exactly while another one runs.
    modifier notDuringBundle() {
        try entryPoint.handleOps(new PackedUserOperation[](0), NOBODY) {}
        catch {
            revert BundleInProgress();
        }
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
        entryPoint.withdrawTo(recipient, amountWei);
    }

    /// @inheritdoc IComputePaymaster
    function refillDeposit(uint256 amountWei) external notDuringBundle {
        if (msg.sender != owner() && !isSigner[msg.sender]) revert NotOwnerOrSigner(msg.sender);
        emit DepositRefilled(amountWei);
        token.withdraw(amountWei);
        entryPoint.depositTo{value: amountWei}(address(this));
    }

    /// @inheritdoc IComputePaymaster
    function withdrawRevenue(address recipient, uint256 amountWei) external onlyOwner notDuringBundle {
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
    function getDeposit() external view returns (uint256) {
        return entryPoint.balanceOf(address(this));
    }
}
