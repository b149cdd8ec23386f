// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PaymasterData} from "../paymaster/PaymasterData.sol";
import {IComputeToken} from "../token/IComputeToken.sol";
import {Authority} from "./Authority.sol";
import {Call} from "./Call.sol";
import {CallRunner} from "./CallRunner.sol";
import {GasCharge} from "./GasCharge.sol";
import {ISessionKeys} from "./ISessionKeys.sol";
import {SelectorSet, SelectorSets} from "./SelectorSet.sol";
import {SessionCalls} from "./SessionCalls.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title The sessions of an account; what they promise stands on `ISessionKeys`.
abstract contract SessionKeys is ISessionKeys, Authority {
    using GasCharge for PackedUserOperation;
    using PaymasterData for bytes;
    using SessionCalls for Call;

    /// @custom:storage-location erc7201:worldland-aa.account.sessions
    /// @param revokedUpTo Sessions up to this one are over.
    struct SessionStorage {
        uint128 count;
        uint128 revokedUpTo;
        mapping(uint256 sessionId => Session) sessions;
        mapping(uint256 sessionId => mapping(address target => SelectorSet)) allowed;
    }

    bytes32 private constant STORAGE_SLOT = keccak256(
        abi.encode(uint256(keccak256("worldland-aa.account.sessions")) - 1)
    ) & ~bytes32(uint256(0xff));

    IComputeToken internal immutable TOKEN;

    constructor(IComputeToken token_) {
        TOKEN = token_;
    }

    // ─── Owner ───────────────────────────────────────────────────────────────

    /// @inheritdoc ISessionKeys
    function grantSession(SessionTerms calldata terms) external onlyOwner returns (uint128 sessionId) {
        if (terms.key == address(0)) revert InvalidSessionKey(terms.key);
        if (terms.validUntil <= terms.validAfter || terms.validUntil <= block.timestamp) {
            revert InvalidValidity(terms.validAfter, terms.validUntil);
        }
        SessionStorage storage store = _sessionStore();
        sessionId = ++store.count;
        store.sessions[sessionId] = Session({
            key: terms.key,
            validAfter: terms.validAfter,
            validUntil: terms.validUntil,
            tokenLeftWei: terms.tokenBudgetWei,
            gasLeftWei: terms.gasBudgetWei,
            paymaster: terms.paymaster
        });
        mapping(address target => SelectorSet) storage allowed = store.allowed[sessionId];
        for (uint256 i = 0; i < terms.permissions.length; ++i) {
            _allow(allowed, terms.permissions[i]);
        }
        emit SessionGranted(sessionId, terms.key, terms);
    }

    /// @inheritdoc ISessionKeys
    function revokeSession(uint128 sessionId) external onlyOwner {
        _live(sessionId).key = address(0);
        emit SessionRevoked(sessionId);
    }

    /// @inheritdoc ISessionKeys
    function revokeAllSessions() external onlyOwner {
        _revokeAllSessions();
    }

    function _revokeAllSessions() internal {
        SessionStorage storage store = _sessionStore();
        store.revokedUpTo = store.count;
        emit SessionsRevoked(store.count);
    }

    /// @dev The account itself and the EntryPoint do what the owner says: a session must never speak to them.
    function _allow(mapping(address target => SelectorSet) storage allowed, Permission calldata permission)
        private
    {
        address target = permission.target;
        if (
            target == address(0) || target == address(this) || target == address(ENTRY_POINT)
                || !allowed[target].isEmpty()
        ) revert InvalidTarget(target);
        bytes4[] calldata selectors = permission.selectors;
        if (selectors.length == 0 || selectors.length > SelectorSets.CAPACITY) {
            revert InvalidSelectorCount(target, selectors.length);
        }
        for (uint256 i = 0; i < selectors.length; ++i) {
            bool bounded = target != address(TOKEN) || SessionCalls.isBounded(selectors[i]);
            if (!bounded || selectors[i] == bytes4(0)) revert InvalidSelector(target, selectors[i]);
        }
        allowed[target] = SelectorSets.pack(selectors);
    }

    // ─── Validation ──────────────────────────────────────────────────────────

    /// @dev A wrong signature is reported, not thrown, after all the work that a right one costs, so that gas
    /// can be estimated with any signature.
    function _validateSession(uint256 sessionId, PackedUserOperation calldata userOp, bytes32 digest)
        internal
        returns (uint256 validationData)
    {
        Session storage session = _live(sessionId);
        _checkCalls(sessionId, session.tokenLeftWei, SessionCalls.decode(userOp.callData));
        (address signer,,) = ECDSA.tryRecover(digest, userOp.signature);
        bool signed = signer == session.key;
        _reserveGas(sessionId, session, userOp, signed);
        validationData =
            (signed ? 0 : 1) | uint256(session.validUntil) << 160 | uint256(session.validAfter) << 208;
    }

    /// @dev The amounts are checked as far as calls name them, only so that what must fail is refused at the
    /// door; the budget itself is held by `_executeSession`.
    function _checkCalls(uint256 sessionId, uint256 tokenLeftWei, Call[] memory calls) private view {
        mapping(address target => SelectorSet) storage allowed = _sessionStore().allowed[sessionId];
        uint256 namedWei = 0;
        for (uint256 i = 0; i < calls.length; ++i) {
            Call memory call = calls[i];
            if (call.value != 0) revert CoinNotAllowed(call.target, call.value);
            if (!allowed[call.target].contains(call.selectorOf())) {
                revert CallNotAllowed(call.target, call.selectorOf());
            }
            if (call.target != address(TOKEN)) continue;
            if (call.isApproval() && allowed[call.spenderOf()].isEmpty()) {
                revert SpenderNotAllowed(call.spenderOf());
            }
            namedWei += call.amountOf();
        }
        if (namedWei > tokenLeftWei) revert TokenBudgetExceeded(sessionId, namedWei, tokenLeftWei);
    }

    /// @dev Written in validation, so that it stays however the execution ends.
    function _reserveGas(
        uint256 sessionId,
        Session storage session,
        PackedUserOperation calldata userOp,
        bool signed
    ) private {
        if (userOp.paymasterAndData.length != 0) {
            address paymaster = userOp.paymasterAndData.paymasterOf();
            // Data that names nobody is of no use but to be taken for somebody's.
            if (paymaster == address(0) || paymaster != session.paymaster) {
                revert PaymasterNotAllowed(paymaster);
            }
        }
        uint256 gasWei = userOp.worstCaseWei();
        uint256 leftWei = session.gasLeftWei;
        if (gasWei > leftWei) {
            if (signed) revert GasBudgetExceeded(sessionId, gasWei, leftWei);
            gasWei = leftWei; // An estimate, whose limits and fees are not yet those of the operation.
        }
        if (gasWei == 0) return;
        session.gasLeftWei = uint128(leftWei - gasWei);
        emit SessionGasReserved(uint128(sessionId), gasWei, leftWei - gasWei);
    }

    // ─── Execution ───────────────────────────────────────────────────────────

    /// @dev An operation that stood before this one in the bundle may have ended the session or spent its budget.
    function _executeSession(uint256 sessionId, bytes calldata callData) internal {
        Session storage session = _live(sessionId);
        uint256 spentWei = CallRunner.runMetered(TOKEN, SessionCalls.decode(callData));
        uint256 leftWei = session.tokenLeftWei;
        if (spentWei > leftWei) revert TokenBudgetExceeded(sessionId, spentWei, leftWei);
        if (spentWei == 0) return;
        session.tokenLeftWei = uint128(leftWei - spentWei);
        emit SessionSpent(uint128(sessionId), spentWei, leftWei - spentWei);
    }

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @inheritdoc ISessionKeys
    function sessionCount() external view returns (uint128) {
        return _sessionStore().count;
    }

    /// @inheritdoc ISessionKeys
    function sessionOf(uint128 sessionId) external view returns (Session memory session) {
        SessionStorage storage store = _sessionStore();
        if (sessionId > store.revokedUpTo) session = store.sessions[sessionId];
    }

    /// @inheritdoc ISessionKeys
    function isCallAllowed(uint128 sessionId, address target, bytes4 selector) external view returns (bool) {
        return _sessionStore().allowed[sessionId][target].contains(selector);
    }

    /// @inheritdoc ISessionKeys
    function nonceKeyOf(uint128 sessionId, uint64 lane) external pure returns (uint192) {
        return uint192(sessionId) << 64 | lane;
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _live(uint256 sessionId) private view returns (Session storage session) {
        SessionStorage storage store = _sessionStore();
        session = store.sessions[sessionId];
        if (sessionId <= store.revokedUpTo || session.key == address(0)) revert UnknownSession(sessionId);
    }

    function _sessionStore() private pure returns (SessionStorage storage store) {
        bytes32 slot = STORAGE_SLOT;
        assembly ("memory-safe") {
            store.slot := slot
        }
    }
}
