// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ComputeAccountTest} from "./ComputeAccountTest.sol";

/// @notice An account with three guardians of whom two suffice, after two days.
abstract contract GuardianTest is ComputeAccountTest {
    uint32 internal constant DELAY_BLOCKS = 17_280;

    address[] internal guardians;
    address internal newOwner;
    uint256 internal newOwnerKey;

    function setUp() public virtual override {
        super.setUp();
        vm.roll(1_000_000);
        (newOwner, newOwnerKey) = makeAddrAndKey("new owner");
        guardians = ascending(3);
        asOwner(abi.encodeCall(account.setGuardians, (guardians, 2, DELAY_BLOCKS)));
    }

    function ascending(uint256 count) internal pure returns (address[] memory list) {
        list = new address[](count);
        for (uint256 i = 0; i < count; ++i) {
            list[i] = address(uint160(0x1000 + i));
        }
    }

    function support(uint256 guardian, address wanted) internal {
        vm.prank(guardians[guardian]);
        account.supportRecovery(abi.encodePacked(wanted));
    }

    function assertNothingScheduled() internal view {
        (bytes memory scheduled, uint64 executableBlock) = account.scheduledRecovery();
        vm.assertEq(scheduled, "");
        vm.assertEq(executableBlock, 0);
    }
}
