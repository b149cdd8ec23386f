// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {IGuardianRecovery} from "../../src/account/IGuardianRecovery.sol";
import {ISessionKeys} from "../../src/account/ISessionKeys.sol";
import {GuardianTest} from "../support/GuardianTest.sol";

/// @notice Anyone makes the new owner the owner, when it is time.
contract ExecuteRecoveryTest is GuardianTest {
    function test_RevertWhen_NothingIsScheduled() public {
        vm.expectRevert(IGuardianRecovery.NoRecoveryScheduled.selector);
        account.executeRecovery();
    }

    function testFuzz_RevertWhen_TheDelayIsNotOver(uint256 blocks) public {
        _schedule();
        (, uint64 executableBlock) = account.scheduledRecovery();
        vm.roll(block.number + bound(blocks, 0, DELAY_BLOCKS - 1));
        vm.expectRevert(
            abi.encodeWithSelector(IGuardianRecovery.RecoveryDelayNotOver.selector, executableBlock)
        );
        account.executeRecovery();
    }

    function testFuzz_MakesTheNewOwnerTheOwner(address caller, uint256 blocks) public {
        _schedule();
        vm.roll(block.number + DELAY_BLOCKS + bound(blocks, 0, 1_000_000));
        vm.expectEmit(address(account));
        emit IGuardianRecovery.RecoveryExecuted(abi.encodePacked(newOwner));
        vm.expectEmit(address(account));
        emit IComputeAccount.OwnerChanged(abi.encodePacked(owner), abi.encodePacked(newOwner));
        vm.prank(caller);
        account.executeRecovery();
        vm.assertEq(account.owner(), abi.encodePacked(newOwner));
        assertNothingScheduled();

        assertSignatureRefused(ownerOperation(""));
        ownerKey = newOwnerKey;
        asOwner(executing(stranger, 1 ether, ""));
    }

    function test_RevertWhen_ItIsExecutedTwice() public {
        _schedule();
        vm.roll(block.number + DELAY_BLOCKS);
        account.executeRecovery();
        vm.expectRevert(IGuardianRecovery.NoRecoveryScheduled.selector);
        account.executeRecovery();
    }

    /// @dev Who had the old key may have granted itself one.
    function test_EndsEverySession() public {
        ISessionKeys.SessionTerms memory terms;
        (terms.key, terms.validUntil) = (stranger, type(uint48).max);
        asOwner(abi.encodeCall(account.grantSession, (terms)));
        _schedule();
        vm.roll(block.number + DELAY_BLOCKS);
        account.executeRecovery();
        vm.assertEq(account.sessionOf(1).key, address(0));
    }

    /// @dev The guardians stay, but what they said about the last owner is used up.
    function test_Attack_OldSupportIsUsedAgain() public {
        support(0, stranger);
        _schedule();
        vm.roll(block.number + DELAY_BLOCKS);
        account.executeRecovery();
        support(1, stranger);
        assertNothingScheduled();
        support(0, stranger);
        (bytes memory scheduled,) = account.scheduledRecovery();
        vm.assertEq(scheduled, abi.encodePacked(stranger));
    }

    function _schedule() private {
        support(1, newOwner);
        support(2, newOwner);
    }
}
