// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "./IBundlerRegistry.sol";
import {LeaderSchedule} from "./LeaderSchedule.sol";

/// @notice What the court takes away, and where that goes.
abstract contract Fines is LeaderSchedule {
    /// @inheritdoc IBundlerRegistry
    mapping(address reporter => uint256) public rewardOf;

    /// @inheritdoc IBundlerRegistry
    /// @dev Half is burnt, so that who reports itself first by another name still loses. The reporter's half waits to be
    /// fetched: were it sent, a reporter that refuses coins could hold up the judgement.
    function slash(uint32 bundlerId, uint256 amountWei, address reporter)
        external
        returns (uint256 takenWei)
    {
        if (msg.sender != court()) revert NotCourt(msg.sender);
        Entry storage entry = _known(bundlerId);
        _settle(bundlerId, entry);
        uint256 stakeWei = entry.stakeWei;
        takenWei = amountWei < stakeWei ? amountWei : stakeWei;
        stakeWei -= takenWei;
        entry.stakeWei = uint104(stakeWei);
        uint256 reporterWei = takenWei / 2;
        rewardOf[reporter] += reporterWei;
        unburntWei += takenWei - reporterWei;
        emit Slashed(bundlerId, reporter, reporterWei, takenWei - reporterWei, stakeWei);
        _reweigh(bundlerId, entry);
    }

    /// @inheritdoc IBundlerRegistry
    function claimReward(address payable to) external returns (uint256 amountWei) {
        amountWei = rewardOf[msg.sender];
        if (amountWei == 0) revert NothingToClaim(msg.sender);
        delete rewardOf[msg.sender];
        emit RewardClaimed(msg.sender, to, amountWei);
        _send(to, amountWei);
    }

    /// @inheritdoc IBundlerRegistry
    /// @dev Gathered and sent in one, since sending with every strike would cost an operation 9,000 gas more.
    function burn() external returns (uint256 amountWei) {
        amountWei = unburntWei;
        if (amountWei == 0) revert NothingToBurn();
        unburntWei = 0;
        emit Burnt(amountWei);
        _send(payable(address(0)), amountWei);
    }

    /// @inheritdoc IBundlerRegistry
    function court() public view virtual returns (address);
}
