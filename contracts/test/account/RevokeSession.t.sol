// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {ISessionKeys} from "../../src/account/ISessionKeys.sol";
import {SessionTest} from "../support/SessionTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice The owner ends one session.
contract RevokeSessionTest is SessionTest {
    function testFuzz_RevertWhen_AnyoneButTheOwnerCalls(address caller) public {
        vm.assume(caller != address(entryPoint) && caller != address(account));
        vm.expectRevert(abi.encodeWithSelector(IComputeAccount.NotOwner.selector, caller));
        vm.prank(caller);
        account.revokeSession(sessionId);
    }

    function test_RevertWhen_ThereIsNoSuchSession() public {
        uint128[3] memory ids = [0, sessionId + 1, type(uint128).max];
        for (uint256 i = 0; i < ids.length; ++i) {
            asOwnerReverting(abi.encodeCall(account.revokeSession, (ids[i])), _unknown(ids[i]));
        }
    }

    function test_RevertWhen_ItIsOverAlready() public {
        asOwner(abi.encodeCall(account.revokeSession, (sessionId)));
        asOwnerReverting(abi.encodeCall(account.revokeSession, (sessionId)), _unknown(sessionId));
    }

    function test_EndsItAndNoOther() public {
        uint128 other = grant(termsFor(permissionsFor(address(token), tokenSelectors())));
        vm.expectEmit(address(account));
        emit ISessionKeys.SessionRevoked(sessionId);
        land(ownerOperation(abi.encodeCall(account.revokeSession, (sessionId))));
        vm.assertEq(account.sessionOf(sessionId).key, address(0));

        bytes memory transfer = sessionCallData(address(token), abi.encodeCall(token.transfer, (stranger, 1)));
        assertRefused(rawSessionOperation(sessionId, 0, transfer), _unknown(sessionId));
        vm.assertTrue(landAndRead(rawSessionOperation(other, 0, transfer)).success);
    }

    /// @dev Both were validated before the first was executed.
    function test_EndsItForAnOperationLaterInTheSameBundle() public {
        PackedUserOperation[] memory operations = new PackedUserOperation[](2);
        operations[0] = ownerOperation(abi.encodeCall(account.revokeSession, (sessionId)));
        operations[1] = transferring(stranger, 1 ether);
        vm.recordLogs();
        landAll(operations);
        Landing memory landing = readLanding(vm.getRecordedLogs(), entryPoint.getUserOpHash(operations[1]));
        vm.assertFalse(landing.success);
        vm.assertEq(landing.reason, _unknown(sessionId));
        vm.assertEq(token.balanceOf(stranger), 0);
    }

    function _unknown(uint256 id) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISessionKeys.UnknownSession.selector, id);
    }
}
