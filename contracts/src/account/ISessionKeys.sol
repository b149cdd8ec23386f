// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Session keys: what an account lets another key do without asking its owner.
/// @notice A session is a secp256k1 key with a list of functions it may call, a validity, and two budgets: of
/// compute tokens and of gas. Its user operations name it in the nonce, so that sessions never wait for each
/// other nor for the owner:
///
/// | bits of the nonce | field |
/// |---|---|
/// | 255 to 128 | session id; 0 is the owner |
/// | 127 to 64 | lane: operations in different lanes may land in any order |
/// | 63 to 0 | sequence, counted by the EntryPoint |
///
/// Its callData is the selector of `executeUserOp` followed by a call to `execute` or `executeBatch`; its
/// signature is the key's, over the EIP-191 personal message of the userOpHash.
///
/// Whatever is granted, a session key cannot call the account itself or the EntryPoint, send coin, turn tokens
/// into coin, sign for the account (ERC-1271), or leave an allowance greater than it was. So it can never
/// withdraw, upgrade, recover, change the owner, nor grant or widen a session.
///
/// The token budget holds by measurement, not by knowledge of who pulls: each call counts by what the account's
/// balance lost in it, or by what a transfer says, whichever is more; what comes in is never counted back.
/// The gas budget holds in validation, for the dearest outcome, so that operations that fail count too.
///
/// What it cannot hold: money that had left the account before (escrows, prepaid balances, NFTs), which obeys
/// the listed functions of the contract that has it, and other tokens, which have no budget. And within a
/// single call losses are netted: list no function that hands control to strangers while it pulls.
interface ISessionKeys {
    /// @param selectors 1 to 8 functions of `target`. Of the compute token only transfer, transferFrom and
    /// approve can be had, the last for spenders that are targets themselves.
    struct Permission {
        address target;
        bytes4[] selectors;
    }

    /// @param validAfter First second (since 1970) of validity. @param validUntil The last.
    /// @param paymaster The ComputePaymaster that may pay for operations; zero for none.
    /// @param tokenBudgetWei Most compute tokens that may leave.
    /// @param gasBudgetWei Most that gas may cost the account, in coin or, through the paymaster, in tokens.
    struct SessionTerms {
        address key;
        uint48 validAfter;
        uint48 validUntil;
        address paymaster;
        uint128 tokenBudgetWei;
        uint128 gasBudgetWei;
        Permission[] permissions;
    }

    /// @param key Zero if there is no such session or it is over by revocation.
    struct Session {
        address key;
        uint48 validAfter;
        uint48 validUntil;
        uint128 tokenLeftWei;
        uint128 gasLeftWei;
        address paymaster;
    }

    event SessionGranted(uint128 indexed sessionId, address indexed key, SessionTerms terms);
    event SessionRevoked(uint128 indexed sessionId);
    /// @notice Every session up to this one is over.
    event SessionsRevoked(uint128 indexed lastSessionId);
    /// @notice An operation was let in that may cost the account `gasWei`.
    event SessionGasReserved(uint128 indexed sessionId, uint256 gasWei, uint256 gasLeftWei);
    /// @notice An operation let `spentWei` tokens leave.
    event SessionSpent(uint128 indexed sessionId, uint256 spentWei, uint256 tokenLeftWei);

    /// @notice No such session, or it is over by revocation.
    error UnknownSession(uint256 sessionId);
    error InvalidSessionKey(address key);
    /// @notice A session must end later than now and than it begins (seconds since 1970).
    error InvalidValidity(uint48 validAfter, uint48 validUntil);
    /// @notice The account, the EntryPoint, nobody, or a target listed twice.
    error InvalidTarget(address target);
    /// @notice 1 to 8 functions may be listed for a target.
    error InvalidSelectorCount(address target, uint256 count);
    /// @notice The empty selector, or a function of the token that no budget could bound.
    error InvalidSelector(address target, bytes4 selector);
    /// @notice A session's callData begins with the selector of `executeUserOp`, then of execute or executeBatch.
    error InvalidSessionCall(bytes4 selector);
    error CallNotAllowed(address target, bytes4 selector);
    /// @notice A session sends no coin.
    error CoinNotAllowed(address target, uint256 valueWei);
    /// @notice Only a session's own targets may be approved.
    error SpenderNotAllowed(address spender);
    /// @notice Not the session's paymaster; or data for a paymaster that names the zero address.
    error PaymasterNotAllowed(address paymaster);
    error TokenBudgetExceeded(uint256 sessionId, uint256 requiredWei, uint256 leftWei);
    error GasBudgetExceeded(uint256 sessionId, uint256 requiredWei, uint256 leftWei);
    /// @notice An operation must leave no allowance greater than it found it.
    error AllowanceLeft(address spender, uint256 allowanceWei, uint256 allowanceBeforeWei);

    /// @notice Owner: opens a session. Its id is one more than the last.
    function grantSession(SessionTerms calldata terms) external returns (uint128 sessionId);

    /// @notice Owner: ends a session; operations that wait in a mempool fail.
    function revokeSession(uint128 sessionId) external;

    /// @notice Owner: ends every session there is. A change of owner does the same.
    function revokeAllSessions() external;

    /// @notice How many sessions were ever granted: their ids are 1 to this.
    function sessionCount() external view returns (uint128);

    function sessionOf(uint128 sessionId) external view returns (Session memory);

    /// @notice Whether the session, if it is not over, may call this function.
    function isCallAllowed(uint128 sessionId, address target, bytes4 selector) external view returns (bool);

    /// @notice The nonce key of a lane of a session, as the EntryPoint's getNonce takes it.
    function nonceKeyOf(uint128 sessionId, uint64 lane) external pure returns (uint192);
}
