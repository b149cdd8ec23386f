// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Call} from "../../src/account/Call.sol";
import {ISessionKeys} from "../../src/account/ISessionKeys.sol";
import {SessionTest} from "../support/SessionTest.sol";
import {IAccountExecute} from "@account-abstraction/interfaces/IAccountExecute.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice Which operations of a session are let in.
contract ValidateSessionTest is SessionTest {
    // ─── Who and when ────────────────────────────────────────────────────────

    function testFuzz_RefusesASessionThatWasNeverGranted(uint128 id) public {
        vm.assume(id > sessionId);
        assertRefused(
            rawSessionOperation(id, 0, sessionCallData(new Call[](0))),
            abi.encodeWithSelector(ISessionKeys.UnknownSession.selector, id)
        );
    }

    function testFuzz_RefusesAnotherKey(uint256 key) public {
        sessionKey = bound(key, 1, 2 ** 250);
        vm.assume(vm.addr(sessionKey) != sessionKeyAddress);
        assertSignatureRefused(transferring(stranger, 1));
    }

    function test_RefusesTheOwnersKey() public {
        sessionKey = ownerKey;
        assertSignatureRefused(transferring(stranger, 1));
    }

    function testFuzz_RefusesBytesThatAreNoSignature(bytes calldata signature) public {
        PackedUserOperation memory operation = transferring(stranger, 1);
        operation.signature = signature;
        assertSignatureRefused(operation);
    }

    function test_RefusesTheKeyOfAnotherSession() public {
        ISessionKeys.SessionTerms memory terms = termsFor(permissionsFor(address(token), tokenSelectors()));
        (address other, uint256 otherKey) = makeAddrAndKey("other session key");
        terms.key = other;
        uint128 otherId = grant(terms);
        PackedUserOperation memory operation = transferring(stranger, 1);
        signByOwner(operation, otherKey);
        assertSignatureRefused(operation);
        operation.nonce = entryPoint.getNonce(address(account), account.nonceKeyOf(otherId, 0));
        signByOwner(operation, otherKey);
        land(operation);
    }

    function test_RefusesOutsideOfItsValidity() public {
        vm.warp(1_000_000);
        ISessionKeys.SessionTerms memory terms = termsFor(permissionsFor(address(token), tokenSelectors()));
        (terms.validAfter, terms.validUntil) = (1_000_100, 1_000_200);
        sessionId = grant(terms);
        bytes memory outOfTime =
            abi.encodeWithSelector(IEntryPoint.FailedOp.selector, 0, "AA22 expired or not due");
        PackedUserOperation memory operation = transferring(stranger, 1);
        vm.warp(1_000_099);
        assertHandleOpsReverts(operation, outOfTime);
        vm.warp(1_000_201);
        assertHandleOpsReverts(operation, outOfTime);
        vm.warp(1_000_100);
        vm.assertTrue(lands(operation));
        vm.warp(1_000_200);
        vm.assertTrue(lands(operation));
    }

    // ─── What ────────────────────────────────────────────────────────────────

    function testFuzz_RefusesWhateverDoesNotBeginAsItMust(bytes4 selector) public {
        vm.assume(selector != IAccountExecute.executeUserOp.selector);
        bytes memory inner = batching(new Call[](0));
        assertRefused(rawSessionOperation(sessionId, 0, bytes.concat(selector, inner)), _invalid(selector));
    }

    function testFuzz_RefusesWhateverDoesNotGoOnAsItMust(bytes4 selector, bytes calldata arguments) public {
        vm.assume(selector != account.execute.selector && selector != account.executeBatch.selector);
        bytes memory callData = abi.encodePacked(IAccountExecute.executeUserOp.selector, selector, arguments);
        assertRefused(rawSessionOperation(sessionId, 0, callData), _invalid(selector));
    }

    function test_RefusesCallDataThatIsTooShort() public {
        assertRefused(rawSessionOperation(sessionId, 0, ""), _invalid(bytes4(0)));
        assertRefused(rawSessionOperation(sessionId, 0, hex"8dd771"), _invalid(0x8dd77100));
        assertRefused(rawSessionOperation(sessionId, 0, hex"8dd7712f"), _invalid(bytes4(0)));
        assertRefused(rawSessionOperation(sessionId, 0, hex"8dd7712f12"), _invalid(0x12000000));
    }

    function test_RefusesArgumentsThatAreNoCalls() public {
        bytes memory begun =
            abi.encodePacked(IAccountExecute.executeUserOp.selector, account.execute.selector);
        assertRefused(rawSessionOperation(sessionId, 0, begun), "");
        begun = abi.encodePacked(IAccountExecute.executeUserOp.selector, account.executeBatch.selector);
        assertRefused(rawSessionOperation(sessionId, 0, begun), "");
    }

    function testFuzz_RefusesAnotherTargetOrFunction(address target, bytes4 selector) public {
        vm.assume(!account.isCallAllowed(sessionId, target, selector));
        assertCallRefused(target, abi.encodePacked(selector, new bytes(64)));
    }

    function test_RefusesACallWithoutAFunction() public {
        assertRefused(
            sessionOperation(address(token), hex"a9059c"),
            abi.encodeWithSelector(ISessionKeys.CallNotAllowed.selector, token, bytes4(0))
        );
    }

    function test_RefusesIfOneCallOfManyIsNotAllowed() public {
        bytes memory allowed = abi.encodeCall(token.transfer, (stranger, 1));
        assertRefused(
            sessionOperation(callsOf(address(token), allowed, stranger, allowed)),
            abi.encodeWithSelector(ISessionKeys.CallNotAllowed.selector, stranger, token.transfer.selector)
        );
    }

    function testFuzz_RefusesCoin(uint256 valueWei) public {
        vm.assume(valueWei != 0);
        Call[] memory calls = callsOf(address(token), abi.encodeCall(token.transfer, (stranger, 1)));
        calls[0].value = valueWei;
        assertRefused(
            sessionOperation(calls),
            abi.encodeWithSelector(ISessionKeys.CoinNotAllowed.selector, token, valueWei)
        );
    }

    function testFuzz_RefusesToApproveWhoIsNoTarget(address spender) public {
        vm.assume(spender != address(token));
        assertRefused(
            sessionOperation(address(token), abi.encodeCall(token.approve, (spender, 0))),
            abi.encodeWithSelector(ISessionKeys.SpenderNotAllowed.selector, spender)
        );
    }

    /// @dev What must fail is refused at the door, where it costs nobody anything.
    function test_RefusesToMoveMoreThanIsLeft() public {
        Call[] memory calls = callsOf(
            address(token),
            abi.encodeCall(token.transfer, (stranger, 4 ether)),
            address(token),
            abi.encodeCall(token.transferFrom, (owner, stranger, 6 ether + 1))
        );
        assertRefused(
            sessionOperation(calls),
            abi.encodeWithSelector(
                ISessionKeys.TokenBudgetExceeded.selector, sessionId, TOKEN_BUDGET + 1, TOKEN_BUDGET
            )
        );
    }

    // ─── Gas ─────────────────────────────────────────────────────────────────

    function test_RefusesWhatCouldCostMoreGasThanIsLeft() public {
        uint256 worstWei = _worstCaseWei();
        ISessionKeys.SessionTerms memory terms = termsFor(permissionsFor(address(token), tokenSelectors()));
        terms.gasBudgetWei = uint128(worstWei - 1);
        sessionId = grant(terms);
        assertRefused(
            transferring(stranger, 1),
            abi.encodeWithSelector(ISessionKeys.GasBudgetExceeded.selector, sessionId, worstWei, worstWei - 1)
        );
        terms.gasBudgetWei = uint128(worstWei);
        sessionId = grant(terms);
        vm.assertTrue(landAndRead(transferring(stranger, 1)).success);
        vm.assertEq(gasLeftWei(), 0);
    }

    function test_CountsTheWorstCaseOfGas() public {
        vm.expectEmit(address(account));
        emit ISessionKeys.SessionGasReserved(sessionId, _worstCaseWei(), GAS_BUDGET - _worstCaseWei());
        land(transferring(stranger, 1));
        vm.assertEq(gasLeftWei(), GAS_BUDGET - _worstCaseWei());
    }

    function testFuzz_NeverLosesMoreToGasThanItCounts(uint256 callGasLimit, uint256 feeWei) public {
        PackedUserOperation memory operation = transferring(stranger, 1);
        callGasLimit = bound(callGasLimit, 1_000, 3_000_000);
        feeWei = bound(feeWei, 1, 20 gwei);
        operation.accountGasLimits = bytes32(uint256(150_000) << 128 | callGasLimit);
        operation.gasFees = bytes32(feeWei << 128 | feeWei);
        signBySession(operation);
        uint256 worthWei = address(account).balance + entryPoint.balanceOf(address(account));
        land(operation);
        uint256 lostWei = worthWei - address(account).balance - entryPoint.balanceOf(address(account));
        vm.assertLe(lostWei, GAS_BUDGET - gasLeftWei());
    }

    /// @dev An estimate comes with any signature and the largest limits; it must see the gas of the real thing.
    function test_ReportsAWrongSignatureWhateverTheGas() public {
        PackedUserOperation memory operation = transferring(stranger, 1);
        operation.accountGasLimits = bytes32(uint256(30_000_000) << 128 | 30_000_000);
        operation.signature = new bytes(65);
        vm.prank(address(entryPoint));
        uint256 validationData = account.validateUserOp(operation, bytes32(0), 0);
        vm.assertEq(uint160(validationData), 1);
        vm.assertEq(gasLeftWei(), 0);
    }

    // ─── Lanes ───────────────────────────────────────────────────────────────

    /// @dev Nobody waits for anybody: not lane for lane, not session for owner.
    function testFuzz_LanesLandInAnyOrder(uint64 first, uint64 second) public {
        vm.assume(first != second);
        bytes memory transfer =
            sessionCallData(address(token), abi.encodeCall(token.transfer, (stranger, 1 ether)));
        PackedUserOperation memory inFirst = rawSessionOperation(sessionId, first, transfer);
        PackedUserOperation memory inSecond = rawSessionOperation(sessionId, second, transfer);
        PackedUserOperation memory ofOwner = ownerOperation(executing(stranger, ""));
        vm.assertTrue(landAndRead(inSecond).success);
        vm.assertTrue(landAndRead(ofOwner).success);
        vm.assertTrue(landAndRead(inFirst).success);
        vm.assertEq(token.balanceOf(stranger), 2 ether);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _worstCaseWei() private pure returns (uint256) {
        Gas memory gas = accountGas();
        return (gas.verificationGasLimit + gas.callGasLimit + gas.preVerificationGas) * gas.maxFeePerGasWei;
    }

    function _invalid(bytes4 selector) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISessionKeys.InvalidSessionCall.selector, selector);
    }
}
