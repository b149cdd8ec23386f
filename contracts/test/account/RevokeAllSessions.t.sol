// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {ISessionKeys} from "../../src/account/ISessionKeys.sol";
import {SessionTest} from "../support/SessionTest.sol";

/// @notice The owner ends every session.
contract RevokeAllSessionsTest is SessionTest {
    function testFuzz_RevertWhen_AnyoneButTheOwnerCalls(address caller) public {
        vm.assume(caller != address(entryPoint) && caller != address(account));
        vm.expectRevert(abi.encodeWithSelector(IComputeAccount.NotOwner.selector, caller));
        vm.prank(caller);
        account.revokeAllSessions();
    }

    function test_EndsAllThatWereGranted() public {
        grant(termsFor(permissionsFor(address(token), tokenSelectors())));
        vm.expectEmit(address(account));
        emit ISessionKeys.SessionsRevoked(2);
        land(ownerOperation(abi.encodeCall(account.revokeAllSessions, ())));
        _assertOver(1);
        _assertOver(2);
    }

    function test_LetsNewOnesBeGranted() public {
        asOwner(abi.encodeCall(account.revokeAllSessions, ()));
        sessionId = grant(termsFor(permissionsFor(address(token), tokenSelectors())));
        vm.assertTrue(landAndRead(transferring(stranger, 1 ether)).success);
    }

    /// @dev Whoever had the account before has no say in it afterwards.
    function test_AChangeOfOwnerDoesTheSame() public {
        asOwner(abi.encodeCall(account.setOwner, (abi.encodePacked(stranger))));
        _assertOver(sessionId);
    }

    function _assertOver(uint128 id) private {
        vm.assertEq(account.sessionOf(id).key, address(0));
        bytes memory transfer = sessionCallData(address(token), abi.encodeCall(token.transfer, (stranger, 1)));
        assertRefused(
            rawSessionOperation(id, 0, transfer),
            abi.encodeWithSelector(ISessionKeys.UnknownSession.selector, id)
        );
    }
}
