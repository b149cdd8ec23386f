// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {IGuardianRecovery} from "../../src/account/IGuardianRecovery.sol";
import {GuardianTest} from "../support/GuardianTest.sol";

/// @notice The owner, who is still there after all, says no.
contract CancelRecoveryTest is GuardianTest {
    function testFuzz_RevertWhen_AnyoneButTheOwnerCalls(address caller) public {
        vm.assume(caller != address(entryPoint) && caller != address(account));
        vm.expectRevert(abi.encodeWithSelector(IComputeAccount.NotOwner.selector, caller));
        vm.prank(caller);
        account.cancelRecovery();
    }

    function test_VoidsWhatIsScheduled() public {
        support(0, newOwner);
        support(1, newOwner);
        vm.expectEmit(address(account));
        emit IGuardianRecovery.RecoveryCancelled();
        land(ownerOperation(abi.encodeCall(account.cancelRecovery, ())));
        assertNothingScheduled();
        vm.roll(block.number + DELAY_BLOCKS);
        vm.expectRevert(IGuardianRecovery.NoRecoveryScheduled.selector);
        account.executeRecovery();
    }

    /// @dev Even when the delay is over, as long as nobody has executed it.
    function test_VoidsItAfterTheDelay() public {
        support(0, newOwner);
        support(1, newOwner);
        vm.roll(block.number + DELAY_BLOCKS);
        asOwner(abi.encodeCall(account.cancelRecovery, ()));
        assertNothingScheduled();
    }

    function test_VoidsEarlierSupport() public {
        support(0, newOwner);
        asOwner(abi.encodeCall(account.cancelRecovery, ()));
        support(1, newOwner);
        assertNothingScheduled();
        support(0, newOwner);
        (bytes memory scheduled,) = account.scheduledRecovery();
        vm.assertEq(scheduled, abi.encodePacked(newOwner));
    }
}
