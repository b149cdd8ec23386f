// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {ACT_USE, IUsageRights} from "../../src/rights/IUsageRights.sol";
import {WholeMarketTest} from "../support/WholeMarketTest.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

/// @notice What can be done to the session keys of the rental vaults that existed before, tried on ours.
contract ExistingSessionKeyAttacksTest is WholeMarketTest {
    /// @dev There: a stranger, without any signature, drained a deposit in a session key's name.
    function test_Attack_AStrangerSpendsWithoutASignature() public {
        uint256 sessionId = openSession();
        IServerlessSession.SignedVoucher memory signed;
        signed.voucher = voucherOf(sessionId, 9 ether, 1);
        signed.signer = signer;
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.InvalidVoucherSignature.selector, signer));
        redeem(signed);
        signed.signer = address(0);
        vm.expectRevert(
            abi.encodeWithSelector(IServerlessSession.InvalidVoucherSignature.selector, address(0))
        );
        redeem(signed);
    }

    /// @dev There: 902 were taken with a limit of 10, and what was spent stayed at zero.
    function test_Attack_AKeySpendsBeyondItsLimitInSmallSteps() public {
        (uint256 sessionId, uint256 rightId) = grantedSession();
        for (uint64 i = 1; i <= 4; ++i) {
            redeem(studentVoucher(sessionId, rightId, uint96(i) * 1 ether, i));
            vm.assertEq(rights.rightOf(rightId).spentWei, i * 1 ether);
        }
        IServerlessSession.SignedVoucher memory signed = studentVoucher(sessionId, rightId, 4 ether + 1, 5);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.BudgetExceeded.selector, rightId, 1, 0));
        redeem(signed);
    }

    /// @dev There: anyone registered another's key as its own.
    function test_Attack_AStrangerTakesOverAKey() public {
        uint256 rootId = rootOf(openSession());
        vm.expectRevert(
            abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, stranger, rootId)
        );
        vm.prank(stranger);
        rights.setUser(rootId, stranger, type(uint64).max);
        vm.expectRevert(
            abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, stranger, rootId)
        );
        vm.prank(stranger);
        rights.transferFrom(payer, stranger, rootId);
    }

    /// @dev There: a key outlived what it was given for.
    function test_Attack_AnExpiredKeySpends() public {
        (uint256 sessionId, uint256 rightId) = grantedSession();
        IServerlessSession.SignedVoucher memory signed = studentVoucher(sessionId, rightId, 1 ether, 1);
        vm.warp(block.timestamp + HOUR + rights.HONOUR_SECONDS() + 1);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.NoLongerHonoured.selector, rightId, rightId));
        redeem(signed);
    }

    /// @dev There: the deposit was withdrawn in mid-rental, and the settlement reverted for ever.
    function test_Attack_ThePayerEmptiesItsPocketsInMidSession() public {
        uint256 sessionId = openSession();
        uint256 restWei = token.balanceOf(payer);
        vm.startPrank(payer);
        token.approve(address(session), 0);
        token.transfer(stranger, restWei);
        vm.stopPrank();
        vm.assertEq(redeem(signedVoucher(sessionId, BUDGET, 1)), BUDGET);
    }

    /// @dev There: a voucher for one place was good in another.
    function test_Attack_AVoucherIsReplayedOnAnotherChainOrContract() public {
        uint256 sessionId = openSession();
        IServerlessSession.SignedVoucher memory signed = signedVoucher(sessionId, 1 ether, 1);
        uint256 id = vm.snapshotState();
        vm.chainId(10395);
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.InvalidVoucherSignature.selector, signer));
        redeem(signed);
        vm.revertToState(id);
        IServerlessSession first = session;
        deployWholeMarket();
        vm.assertNotEq(first.hashOf(signed.voucher), session.hashOf(signed.voucher));
    }

    /// @dev There: what had cost nothing ended without an event.
    function test_Attack_ASessionOfNoCostEndsUnseen() public {
        uint256 sessionId = openSession();
        vm.expectEmit(address(session));
        emit IServerlessSession.SessionFinalized(sessionId, payer, provider, 0, BUDGET);
        vm.prank(provider);
        session.close(sessionId);
    }

    /// @dev There: a key that came with a signature had no latest end. Here none outlives what it is part of.
    function test_Attack_AKeyIsGivenForLongerThanItsSession() public {
        IUsageRights.Grant memory terms = grantTo(rootOf(openSession()), student, 1 ether);
        uint48 expires = uint48(block.timestamp) + DAY;
        terms.expires = expires + 1;
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.ExpiryOutOfRange.selector, expires + 1, expires));
        grant(payer, terms);
    }

    /// @dev There: no delegation, so that a key was lent as a whole. Here a part of it gives no hold on the rest.
    function test_Attack_ADelegateTakesTheRest() public {
        (uint256 sessionId,) = grantedSession();
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.NotClosableBy.selector, sessionId, student));
        vm.prank(student);
        session.close(sessionId);
        vm.prank(provider);
        session.close(sessionId);
        vm.assertEq(token.balanceOf(student), 0);
        vm.assertEq(token.balanceOf(payer), 1000 ether);
    }

    /// @dev There: anyone could end what another had paid for.
    function test_Attack_AStrangerEndsASession() public {
        uint256 sessionId = openSession();
        vm.expectRevert(
            abi.encodeWithSelector(IServerlessSession.NotClosableBy.selector, sessionId, stranger)
        );
        vm.prank(stranger);
        session.close(sessionId);
    }

    /// @dev There: a server believed whoever named a user in a header. Here the chain says who may use what.
    function test_Attack_AStrangerClaimsToBeTheUser() public {
        uint96 sessionId = uint96(openSession());
        vm.assertTrue(rights.isAuthorized(address(session), sessionId, payer, ACT_USE, 0));
        vm.assertFalse(rights.isAuthorized(address(session), sessionId, stranger, ACT_USE, 0));
    }
}
