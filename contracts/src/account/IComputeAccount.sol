// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IComputeToken} from "../token/IComputeToken.sol";
import {Call} from "./Call.sol";
import {IGuardianRecovery} from "./IGuardianRecovery.sol";
import {ISessionKeys} from "./ISessionKeys.sol";
import {IAccount} from "@account-abstraction/interfaces/IAccount.sol";
import {IAccountExecute} from "@account-abstraction/interfaces/IAccountExecute.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title A smart account with one owner, session keys and guardians.
/// @notice The owner is a secp256k1 address or a P-256 passkey; all it does comes by user operation, whose
/// signature is
///
/// | owner | signature |
/// |---|---|
/// | 20 bytes: address | r, s, v (65 bytes) over the EIP-191 personal message of the userOpHash |
/// | 64 bytes: x, y | abi.encode of one WebAuthn `Assertion`, whose challenge is the userOpHash |
///
/// A passkey is verified in Solidity, for the London EVM has no precompile for it: some 290,000 gas of
/// validation against some 10,000 for an address.
/// @dev Threat model. Nobody but the owner can spend, upgrade or change the account, except as its sessions
/// and its guardians were told to; there is no operator, no fallback and no delegatecall but the upgrade. The
/// EntryPoint is trusted to call only what `validateUserOp` let in. Validation obeys ERC-7562 for an unstaked
/// account: it reads and writes no storage but its own, executes no banned opcode, and calls nobody but
/// precompiles and, to pay, the EntryPoint.
interface IComputeAccount is IAccount, IAccountExecute, IERC1271, ISessionKeys, IGuardianRecovery {
    /// @notice `previousOwner` is empty at creation.
    event OwnerChanged(bytes previousOwner, bytes owner);

    error NotEntryPoint(address caller);
    /// @notice Only the owner can do this, by user operation (or a batch in one).
    error NotOwner(address caller);
    error AlreadyInitialized();
    /// @notice Neither 20 bytes of a non-zero address nor 64 bytes of a point on P-256.
    error InvalidOwner(bytes owner);

    /// @notice Sets the first owner; the factory's proxies call it while they are constructed.
    function initialize(bytes calldata owner) external;

    /// @notice Owner: calls `target`; reverts with its revert data. @param value Native wei sent along.
    function execute(address target, uint256 value, bytes calldata data) external;

    /// @notice Owner: makes all the calls in order, or none.
    function executeBatch(Call[] calldata calls) external;

    /// @notice Owner: hands the account to another key. Sessions end; a recovery under way is void.
    function setOwner(bytes calldata owner) external;

    /// @notice 20 bytes of address, or 64 of P-256 key.
    function owner() external view returns (bytes memory);

    function entryPoint() external view returns (IEntryPoint);

    /// @notice The token that session budgets count.
    function token() external view returns (IComputeToken);

    /// @notice What the owner signs so that `isValidSignature(hash, …)` accepts: EIP-712, domain
    /// ("ComputeAccount", "1", chain id, this account), `ComputeAccountMessage(bytes32 hash)`. An address signs
    /// it as typed data; for a passkey it is the challenge. Bound to account and chain, it cannot be replayed
    /// on another account of the same owner.
    function replaySafeHash(bytes32 hash) external view returns (bytes32);
}
