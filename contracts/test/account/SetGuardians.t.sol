// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {IGuardianRecovery} from "../../src/account/IGuardianRecovery.sol";
import {GuardianTest} from "../support/GuardianTest.sol";

/// @notice The owner names guardians.
contract SetGuardiansTest is GuardianTest {
    function testFuzz_RevertWhen_AnyoneButTheOwnerCalls(address caller) public {
        vm.assume(caller != address(entryPoint) && caller != address(account));
        vm.expectRevert(abi.encodeWithSelector(IComputeAccount.NotOwner.selector, caller));
        vm.prank(caller);
        account.setGuardians(guardians, 1, DELAY_BLOCKS);
    }

    function testFuzz_RevertWhen_TheThresholdCannotBeMet(uint256 count, uint8 threshold) public {
        count = bound(count, 0, 18);
        vm.assume(count > 16 || threshold > count || (threshold == 0) != (count == 0));
        _assertRefused(
            ascending(count),
            threshold,
            DELAY_BLOCKS,
            abi.encodeWithSelector(IGuardianRecovery.InvalidThreshold.selector, threshold, count)
        );
    }

    function testFuzz_RevertWhen_TheDelayIsShorterThanADayOrLongerThanThirty(uint32 delayBlocks) public {
        vm.assume(delayBlocks < 8_640 || delayBlocks > 259_200);
        _assertRefused(
            guardians,
            2,
            delayBlocks,
            abi.encodeWithSelector(
                IGuardianRecovery.InvalidRecoveryDelay.selector, delayBlocks, 8_640, 259_200
            )
        );
    }

    function test_RevertWhen_GuardiansDoNotAscend() public {
        (guardians[1], guardians[2]) = (guardians[2], guardians[1]);
        _assertInvalidGuardian(guardians[2]);
    }

    function test_RevertWhen_OneIsListedTwice() public {
        guardians[2] = guardians[1];
        _assertInvalidGuardian(guardians[2]);
    }

    function test_RevertWhen_OneIsNobody() public {
        guardians[0] = address(0);
        _assertInvalidGuardian(address(0));
    }

    function test_RevertWhen_TheAccountWouldGuardItself() public {
        guardians[2] = address(account);
        _assertInvalidGuardian(address(account));
    }

    function testFuzz_SetsThem(uint256 count, uint8 threshold, uint32 delayBlocks) public {
        count = bound(count, 1, 16);
        threshold = uint8(bound(threshold, 1, count));
        delayBlocks = uint32(bound(delayBlocks, 8_640, 259_200));
        address[] memory list = ascending(count);
        vm.expectEmit(address(account));
        emit IGuardianRecovery.GuardiansChanged(list, threshold, delayBlocks);
        land(ownerOperation(abi.encodeCall(account.setGuardians, (list, threshold, delayBlocks))));
        (address[] memory its, uint8 itsThreshold, uint32 itsDelay) = account.guardianConfig();
        vm.assertEq(abi.encode(its), abi.encode(list));
        vm.assertEq(itsThreshold, threshold);
        vm.assertEq(itsDelay, delayBlocks);
    }

    function test_MayHaveNone() public {
        asOwner(abi.encodeCall(account.setGuardians, (new address[](0), 0, DELAY_BLOCKS)));
        vm.expectRevert(abi.encodeWithSelector(IGuardianRecovery.NotGuardian.selector, guardians[0]));
        support(0, newOwner);
    }

    function test_VoidsARecoveryUnderWay() public {
        support(0, newOwner);
        support(1, newOwner);
        asOwner(abi.encodeCall(account.setGuardians, (guardians, 2, DELAY_BLOCKS)));
        assertNothingScheduled();
        support(1, newOwner);
        assertNothingScheduled();
    }

    function _assertInvalidGuardian(address guardian) private {
        _assertRefused(
            guardians,
            2,
            DELAY_BLOCKS,
            abi.encodeWithSelector(IGuardianRecovery.InvalidGuardian.selector, guardian)
        );
    }

    function _assertRefused(address[] memory list, uint8 threshold, uint32 delayBlocks, bytes memory reason)
        private
    {
        asOwnerReverting(abi.encodeCall(account.setGuardians, (list, threshold, delayBlocks)), reason);
    }
}
