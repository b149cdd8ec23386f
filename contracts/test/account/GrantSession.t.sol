// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {ISessionKeys} from "../../src/account/ISessionKeys.sol";
import {SessionTest} from "../support/SessionTest.sol";

/// @notice What the owner may grant, and how it is kept.
contract GrantSessionTest is SessionTest {
    function testFuzz_RevertWhen_AnyoneButTheOwnerCalls(address caller) public {
        vm.assume(caller != address(entryPoint) && caller != address(account));
        ISessionKeys.SessionTerms memory terms = termsFor(new ISessionKeys.Permission[](0));
        vm.expectRevert(abi.encodeWithSelector(IComputeAccount.NotOwner.selector, caller));
        vm.prank(caller);
        account.grantSession(terms);
    }

    function test_RevertWhen_TheKeyIsNobodys() public {
        ISessionKeys.SessionTerms memory terms = termsFor(new ISessionKeys.Permission[](0));
        terms.key = address(0);
        _assertNotGranted(terms, abi.encodeWithSelector(ISessionKeys.InvalidSessionKey.selector, address(0)));
    }

    function testFuzz_RevertWhen_ItIsNeverValid(uint48 validAfter, uint48 validUntil) public {
        vm.warp(1_750_000_000);
        if (validUntil > block.timestamp) {
            validAfter = uint48(bound(validAfter, validUntil, type(uint48).max));
        }
        ISessionKeys.SessionTerms memory terms = termsFor(new ISessionKeys.Permission[](0));
        (terms.validAfter, terms.validUntil) = (validAfter, validUntil);
        _assertNotGranted(
            terms, abi.encodeWithSelector(ISessionKeys.InvalidValidity.selector, validAfter, validUntil)
        );
    }

    /// @dev In an account abstraction, a validUntil of zero would mean for ever.
    function test_RevertWhen_ItWouldNeverEnd() public {
        ISessionKeys.SessionTerms memory terms = termsFor(new ISessionKeys.Permission[](0));
        terms.validUntil = 0;
        _assertNotGranted(terms, abi.encodeWithSelector(ISessionKeys.InvalidValidity.selector, 0, 0));
    }

    function test_RevertWhen_ATargetWouldBeTheOwnersVoice() public {
        address[3] memory targets = [address(0), address(account), address(entryPoint)];
        for (uint256 i = 0; i < targets.length; ++i) {
            _assertNotGranted(
                termsFor(permissionsFor(targets[i], selectorsOf(account.execute.selector))),
                abi.encodeWithSelector(ISessionKeys.InvalidTarget.selector, targets[i])
            );
        }
    }

    function test_RevertWhen_ATargetIsListedTwice() public {
        _assertNotGranted(
            termsFor(tokenAnd(address(token), token.transfer.selector)),
            abi.encodeWithSelector(ISessionKeys.InvalidTarget.selector, token)
        );
    }

    function test_RevertWhen_ATargetHasNoFunctionOrTooMany() public {
        uint256[3] memory counts = [uint256(0), 9, 300];
        for (uint256 i = 0; i < counts.length; ++i) {
            _assertNotGranted(
                termsFor(permissionsFor(stranger, new bytes4[](counts[i]))),
                abi.encodeWithSelector(ISessionKeys.InvalidSelectorCount.selector, stranger, counts[i])
            );
        }
    }

    function test_RevertWhen_AFunctionIsEmpty() public {
        _assertNotGranted(
            termsFor(permissionsFor(stranger, selectorsOf(bytes4(0)))),
            abi.encodeWithSelector(ISessionKeys.InvalidSelector.selector, stranger, bytes4(0))
        );
    }

    function testFuzz_RevertWhen_NoBudgetWouldBoundAFunctionOfTheToken(bytes4 selector) public {
        vm.assume(
            selector != token.transfer.selector && selector != token.transferFrom.selector
                && selector != token.approve.selector
        );
        _assertNotGranted(
            termsFor(permissionsFor(address(token), selectorsOf(selector))),
            abi.encodeWithSelector(ISessionKeys.InvalidSelector.selector, token, selector)
        );
    }

    function test_RevertWhen_ItWouldTurnTokensIntoCoinOrPermit() public {
        bytes4[4] memory selectors = [
            token.withdraw.selector,
            token.withdrawTo.selector,
            bytes4(keccak256("permit(address,address,uint256,uint256,bytes)")),
            bytes4(keccak256("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)"))
        ];
        for (uint256 i = 0; i < selectors.length; ++i) {
            _assertNotGranted(
                termsFor(permissionsFor(address(token), selectorsOf(selectors[i]))),
                abi.encodeWithSelector(ISessionKeys.InvalidSelector.selector, token, selectors[i])
            );
        }
    }

    // ─── Granted ─────────────────────────────────────────────────────────────

    function testFuzz_KeepsTheTerms(
        address key,
        address paying,
        uint48 validAfter,
        uint48 validUntil,
        uint128 tokenBudgetWei,
        uint128 gasBudgetWei
    ) public {
        vm.assume(key != address(0));
        ISessionKeys.SessionTerms memory terms;
        (terms.key, terms.paymaster) = (key, paying);
        (terms.tokenBudgetWei, terms.gasBudgetWei) = (tokenBudgetWei, gasBudgetWei);
        terms.validUntil = uint48(bound(validUntil, block.timestamp + 1, type(uint48).max));
        terms.validAfter = uint48(bound(validAfter, 0, terms.validUntil - 1));
        terms.permissions = tokenAnd(stranger, 0x12345678);
        vm.expectEmit(address(account));
        emit ISessionKeys.SessionGranted(2, terms.key, terms);
        land(ownerOperation(abi.encodeCall(account.grantSession, (terms))));

        ISessionKeys.Session memory session = account.sessionOf(2);
        vm.assertEq(session.key, terms.key);
        vm.assertEq(session.validAfter, terms.validAfter);
        vm.assertEq(session.validUntil, terms.validUntil);
        vm.assertEq(session.paymaster, terms.paymaster);
        vm.assertEq(session.tokenLeftWei, terms.tokenBudgetWei);
        vm.assertEq(session.gasLeftWei, terms.gasBudgetWei);
        vm.assertTrue(account.isCallAllowed(2, stranger, 0x12345678));
    }

    function testFuzz_AllowsExactlyTheFunctionsListed(bytes4[8] memory listed, uint256 count, bytes4 other)
        public
    {
        count = bound(count, 1, 8);
        bytes4[] memory selectors = new bytes4[](count);
        bool otherIsListed;
        for (uint256 i = 0; i < count; ++i) {
            vm.assume(listed[i] != bytes4(0));
            selectors[i] = listed[i];
            otherIsListed = otherIsListed || listed[i] == other;
        }
        uint128 id = grant(termsFor(permissionsFor(stranger, selectors)));
        for (uint256 i = 0; i < count; ++i) {
            vm.assertTrue(account.isCallAllowed(id, stranger, selectors[i]));
        }
        vm.assertEq(account.isCallAllowed(id, stranger, other) ? 1 : 0, otherIsListed ? 1 : 0);
        vm.assertFalse(account.isCallAllowed(id, stranger, bytes4(0)));
        vm.assertFalse(account.isCallAllowed(id, owner, selectors[0]));
        vm.assertFalse(account.isCallAllowed(id + 1, stranger, selectors[0]));
    }

    function test_NumbersSessionsFromOne() public {
        vm.assertEq(account.sessionCount(), 1);
        vm.assertEq(account.sessionOf(0).key, address(0));
        vm.assertEq(account.sessionOf(1).key, sessionKeyAddress);
        vm.assertEq(account.sessionOf(2).key, address(0));
        vm.assertEq(grant(termsFor(new ISessionKeys.Permission[](0))), 2);
    }

    function testFuzz_TheNonceNamesSessionAndLane(uint128 id, uint64 lane) public view {
        // No session is named 0, whose lanes are the owner's.
        id = uint128(bound(id, 1, type(uint128).max));
        uint256 nonce = entryPoint.getNonce(address(account), account.nonceKeyOf(id, lane));
        vm.assertEq(nonce >> 128, id);
        vm.assertEq(uint64(nonce >> 64), lane);
        vm.assertEq(uint64(nonce), 0);
    }

    function _assertNotGranted(ISessionKeys.SessionTerms memory terms, bytes memory reason) private {
        asOwnerReverting(abi.encodeCall(account.grantSession, (terms)), reason);
    }
}
