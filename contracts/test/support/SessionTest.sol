// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Call} from "../../src/account/Call.sol";
import {ISessionKeys} from "../../src/account/ISessionKeys.sol";
import {ComputeAccountTest} from "./ComputeAccountTest.sol";
import {IAccountExecute} from "@account-abstraction/interfaces/IAccountExecute.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice An account with a session that may move tokens: 10 of them, and a tenth of a coin for gas.
abstract contract SessionTest is ComputeAccountTest {
    uint128 internal constant TOKEN_BUDGET = 10 ether;
    uint128 internal constant GAS_BUDGET = 0.1 ether;

    address internal sessionKeyAddress;
    uint256 internal sessionKey;
    uint128 internal sessionId;

    function setUp() public virtual override {
        super.setUp();
        (sessionKeyAddress, sessionKey) = makeAddrAndKey("session key");
        sessionId = grant(termsFor(permissionsFor(address(token), tokenSelectors())));
    }

    // ─── Granting ────────────────────────────────────────────────────────────

    function tokenSelectors() internal view returns (bytes4[] memory selectors) {
        selectors = new bytes4[](3);
        selectors[0] = token.transfer.selector;
        selectors[1] = token.transferFrom.selector;
        selectors[2] = token.approve.selector;
    }

    function selectorsOf(bytes4 selector) internal pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](1);
        selectors[0] = selector;
    }

    function permissionsFor(address target, bytes4[] memory selectors)
        internal
        pure
        returns (ISessionKeys.Permission[] memory permissions)
    {
        permissions = new ISessionKeys.Permission[](1);
        permissions[0] = ISessionKeys.Permission(target, selectors);
    }

    /// @notice The token, and one function of another target.
    function tokenAnd(address target, bytes4 selector)
        internal
        view
        returns (ISessionKeys.Permission[] memory permissions)
    {
        permissions = new ISessionKeys.Permission[](2);
        permissions[0] = ISessionKeys.Permission(address(token), tokenSelectors());
        permissions[1] = ISessionKeys.Permission(target, selectorsOf(selector));
    }

    function termsFor(ISessionKeys.Permission[] memory permissions)
        internal
        view
        returns (ISessionKeys.SessionTerms memory)
    {
        return ISessionKeys.SessionTerms({
            key: sessionKeyAddress,
            validAfter: 0,
            validUntil: uint48(block.timestamp + 1 days),
            paymaster: address(0),
            tokenBudgetWei: TOKEN_BUDGET,
            gasBudgetWei: GAS_BUDGET,
            permissions: permissions
        });
    }

    /// @notice By the owner's operation.
    function grant(ISessionKeys.SessionTerms memory terms) internal returns (uint128) {
        asOwner(abi.encodeCall(account.grantSession, (terms)));
        return account.sessionCount();
    }

    // ─── The session's operations ────────────────────────────────────────────

    /// @notice As the session key would send it: callData and all else may be anything.
    function rawSessionOperation(uint128 id, uint64 lane, bytes memory callData)
        internal
        view
        returns (PackedUserOperation memory operation)
    {
        operation = operationOf(address(account), callData, accountGas());
        operation.nonce = entryPoint.getNonce(address(account), account.nonceKeyOf(id, lane));
        signBySession(operation);
    }

    function signBySession(PackedUserOperation memory operation) internal view {
        signByOwner(operation, sessionKey);
    }

    function sessionCallData(Call[] memory calls) internal pure returns (bytes memory) {
        return bytes.concat(IAccountExecute.executeUserOp.selector, batching(calls));
    }

    function sessionCallData(address target, bytes memory data) internal pure returns (bytes memory) {
        return bytes.concat(IAccountExecute.executeUserOp.selector, executing(target, data));
    }

    function sessionOperation(Call[] memory calls) internal view returns (PackedUserOperation memory) {
        return rawSessionOperation(sessionId, 0, sessionCallData(calls));
    }

    function sessionOperation(address target, bytes memory data)
        internal
        view
        returns (PackedUserOperation memory)
    {
        return rawSessionOperation(sessionId, 0, sessionCallData(target, data));
    }

    function transferring(address recipient, uint256 amountWei)
        internal
        view
        returns (PackedUserOperation memory)
    {
        return sessionOperation(address(token), abi.encodeCall(token.transfer, (recipient, amountWei)));
    }

    function assertCallRefused(address target, bytes memory data) internal {
        assertRefused(
            sessionOperation(target, data),
            abi.encodeWithSelector(ISessionKeys.CallNotAllowed.selector, target, bytes4(data))
        );
    }

    function tokenLeftWei() internal view returns (uint256) {
        return account.sessionOf(sessionId).tokenLeftWei;
    }

    function gasLeftWei() internal view returns (uint256) {
        return account.sessionOf(sessionId).gasLeftWei;
    }
}
