// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {BundleGuardTest} from "../support/BundleGuardTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice Whole bundles of small operations, sent to the EntryPoint and sent by the guard; kept in
/// contracts/snapshots/Bundling.json.
contract GuardGasTest is BundleGuardTest {
    uint256[4] private _sizes = [1, 2, 5, 10];

    function test_WhatTheGuardCosts() public {
        for (uint256 i = 0; i < _sizes.length; ++i) {
            uint256 direct = _measure(_sizes[i], 0, false, "direct");
            uint256 throughGuard = _measure(_sizes[i], 0, true, "guard");
            uint256 each = (throughGuard - direct) / _sizes[i];
            vm.snapshotValue("Bundling", _named(_sizes[i], "guard, more for each"), each);
            vm.assertLe(each, _sizes[i] == 1 ? 7_000 : 5_000);
        }
    }

    function test_WhatAStaleOperationCosts() public {
        for (uint256 i = 0; i < _sizes.length; ++i) {
            _measure(_sizes[i], 1, true, "guard, last stale");
            _measure(_sizes[i], _sizes[i], true, "guard, all stale");
        }
    }

    function test_WhatComingTooLateCosts() public {
        PackedUserOperation[] memory operations = oneOfEach(10);
        vm.roll(100);
        vm.prank(bundler, bundler);
        guard.handleOps(operations, beneficiary, 99);
        vm.snapshotGasLastCall("Bundling", "10: guard, too late");
    }

    /// @notice Operations of one sender, whose nonces the guard counts up itself.
    function test_WhatManyOfOneSenderCost() public {
        PackedUserOperation[] memory operations = new PackedUserOperation[](10);
        for (uint256 i = 0; i < 10; ++i) {
            operations[i] = signedOperation(accounts[0], i);
        }
        guarded(operations);
        vm.snapshotGasLastCall("Bundling", "10 of one sender: guard");
    }

    function _measure(uint256 size, uint256 stale, bool isGuarded, string memory name)
        private
        returns (uint256 gasUsed)
    {
        uint256 state = vm.snapshotState();
        PackedUserOperation[] memory operations = oneOfEach(size);
        for (uint256 i = size - stale; i < size; ++i) {
            land(operations[i]);
        }
        if (isGuarded) guarded(operations);
        else landAll(operations);
        gasUsed = vm.snapshotGasLastCall("Bundling", _named(size, name));
        vm.revertToState(state);
    }

    function _named(uint256 size, string memory name) private pure returns (string memory) {
        return string.concat(vm.toString(size), ": ", name);
    }
}
