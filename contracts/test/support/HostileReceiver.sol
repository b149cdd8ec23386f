// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice Refuses coins until it is told what to call when they come; then takes them and calls that.
contract HostileReceiver {
    address private target;
    bytes private data;
    /// @notice Whether what it called went through.
    bool public succeeded;

    function callBack(address target_, bytes calldata data_) external {
        target = target_;
        data = data_;
    }

    receive() external payable {
        require(target != address(0), "no coins");
        (succeeded,) = target.call(data);
    }
}
