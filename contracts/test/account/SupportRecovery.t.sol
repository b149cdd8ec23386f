// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {IGuardianRecovery} from "../../src/account/IGuardianRecovery.sol";
import {GuardianTest} from "../support/GuardianTest.sol";

/// @notice Guardians agree on a new owner.
contract SupportRecoveryTest is GuardianTest {
    function testFuzz_RevertWhen_ItIsNoGuardian(address caller) public {
        vm.assume(caller != guardians[0] && caller != guardians[1] && caller != guardians[2]);
        vm.expectRevert(abi.encodeWithSelector(IGuardianRecovery.NotGuardian.selector, caller));
        vm.prank(caller);
        account.supportRecovery(abi.encodePacked(newOwner));
    }

    function testFuzz_RevertWhen_TheNewOwnerCannotSign(bytes calldata wanted) public {
        vm.assume(wanted.length != 20);
        vm.expectRevert(abi.encodeWithSelector(IComputeAccount.InvalidOwner.selector, wanted));
        vm.prank(guardians[0]);
        account.supportRecovery(wanted);
    }

    function test_RevertWhen_AGuardianSupportsTwice() public {
        support(2, newOwner);
        vm.expectRevert(abi.encodeWithSelector(IGuardianRecovery.AlreadySupported.selector, guardians[2]));
        support(2, newOwner);
    }

    function test_SchedulesNothingBelowTheThreshold() public {
        vm.expectEmit(address(account));
        emit IGuardianRecovery.RecoverySupported(guardians[0], abi.encodePacked(newOwner), 1);
        support(0, newOwner);
        assertNothingScheduled();
    }

    function test_SchedulesAtTheThreshold() public {
        support(0, newOwner);
        vm.roll(block.number + 5);
        uint64 executableBlock = uint64(block.number) + DELAY_BLOCKS;
        vm.expectEmit(address(account));
        emit IGuardianRecovery.RecoverySupported(guardians[2], abi.encodePacked(newOwner), 2);
        vm.expectEmit(address(account));
        emit IGuardianRecovery.RecoveryScheduled(abi.encodePacked(newOwner), executableBlock);
        support(2, newOwner);
        (bytes memory scheduled, uint64 itsBlock) = account.scheduledRecovery();
        vm.assertEq(scheduled, abi.encodePacked(newOwner));
        vm.assertEq(itsBlock, executableBlock);
    }

    function test_CountsSupportForEachOwnerApart() public {
        support(0, newOwner);
        support(1, stranger);
        assertNothingScheduled();
        support(2, stranger);
        (bytes memory scheduled,) = account.scheduledRecovery();
        vm.assertEq(scheduled, abi.encodePacked(stranger));
    }

    /// @dev One guardian more, or one against, must not be able to put it off.
    function test_Attack_AGuardianDelaysTheRecoveryBySupportingIt() public {
        support(0, newOwner);
        support(1, newOwner);
        (, uint64 before) = account.scheduledRecovery();
        vm.roll(block.number + 100);
        support(2, newOwner);
        (, uint64 executableBlock) = account.scheduledRecovery();
        vm.assertEq(executableBlock, before);
    }

    /// @dev If the first choice turns out wrong, no owner is left who could cancel it.
    function test_LetsGuardiansAgreeOnAnother() public {
        support(0, stranger);
        support(1, stranger);
        vm.roll(block.number + 100);
        support(0, newOwner);
        support(1, newOwner);
        (bytes memory scheduled, uint64 executableBlock) = account.scheduledRecovery();
        vm.assertEq(scheduled, abi.encodePacked(newOwner));
        vm.assertEq(executableBlock, block.number + DELAY_BLOCKS);
    }

    /// @dev A vote of long ago, for whom nobody wants any more.
    function test_Attack_AnEarlierVoteOfAGuardianWhoVotedAnewStillCounts() public {
        support(0, stranger);
        vm.roll(block.number + 100_000);
        support(0, newOwner);
        support(1, newOwner);
        support(2, stranger);
        (bytes memory scheduled, uint64 executableBlock) = account.scheduledRecovery();
        vm.assertEq(scheduled, abi.encodePacked(newOwner));
        vm.assertEq(executableBlock, block.number + DELAY_BLOCKS);
    }

    function test_AChangeOfMindThatLeavesTooFewTakesItOffAgain() public {
        support(0, newOwner);
        support(1, newOwner);
        vm.expectEmit(address(account));
        emit IGuardianRecovery.RecoveryUnscheduled(abi.encodePacked(newOwner));
        vm.expectEmit(address(account));
        emit IGuardianRecovery.RecoverySupported(guardians[1], abi.encodePacked(stranger), 1);
        support(1, stranger);
        assertNothingScheduled();
        vm.roll(block.number + DELAY_BLOCKS);
        vm.expectRevert(IGuardianRecovery.NoRecoveryScheduled.selector);
        account.executeRecovery();
    }

    function test_AChangeOfMindThatLeavesEnoughLeavesItScheduled() public {
        for (uint256 i = 0; i < 3; ++i) {
            support(i, newOwner);
        }
        (, uint64 before) = account.scheduledRecovery();
        vm.roll(block.number + 100);
        support(2, stranger);
        support(2, newOwner);
        (bytes memory scheduled, uint64 executableBlock) = account.scheduledRecovery();
        vm.assertEq(scheduled, abi.encodePacked(newOwner));
        vm.assertEq(executableBlock, before);
    }

    function test_AQuorumCanComeBackToItsFirstChoice() public {
        address[3] memory choices = [newOwner, stranger, newOwner];
        for (uint256 i = 0; i < 3; ++i) {
            vm.roll(block.number + 10);
            support(0, choices[i]);
            support(1, choices[i]);
            (bytes memory scheduled, uint64 executableBlock) = account.scheduledRecovery();
            vm.assertEq(scheduled, abi.encodePacked(choices[i]));
            vm.assertEq(executableBlock, block.number + DELAY_BLOCKS);
        }
    }

    function test_SixteenGuardiansAreToldApart() public {
        guardians = ascending(16);
        asOwner(abi.encodeCall(account.setGuardians, (guardians, 16, DELAY_BLOCKS)));
        for (uint256 i = 0; i < 15; ++i) {
            support(i, newOwner);
        }
        assertNothingScheduled();
        support(15, newOwner);
        (bytes memory scheduled,) = account.scheduledRecovery();
        vm.assertEq(scheduled, abi.encodePacked(newOwner));
    }
}
