// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC4907} from "./IERC4907.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

// What a right may do; a right's `acts` is any sum of these.

/// @dev Reach the machine or endpoint, and sign vouchers that pay for it out of the right's budget.
uint8 constant ACT_USE = 1;
/// @dev End the agreement. Its money goes back to the payer.
uint8 constant ACT_STOP = 2;
/// @dev Buy more time.
uint8 constant ACT_EXTEND = 4;
/// @dev Ask whether the provider is alive.
uint8 constant ACT_PING = 8;
/// @dev Grant parts of the right to others.
uint8 constant ACT_GRANT = 16;
uint8 constant ACT_ALL = 31;

/// @title Who may use a lease or session, for what, for how much and until when.
/// @notice A market mints one root right per agreement, to the payer. From it grows a tree: a right's owner
/// grants parts of it, never more than it has, and takes them back, with all that grew from them. Rights are
/// ERC-721 tokens that may be sold or lent (ERC-4907); the tree stays as it is. No money lies here: a market
/// that takes a payment through a right debits the right and all above it, and refunds its payer, never a
/// right's holder. The contract has no owner, and whoever calls `mintRoot` is the market of its own ids only.
/// @dev A right's *holders* are its owner and its ERC-4907 user. A user may do what the right may do, but not
/// grant, revoke or lend: who wants to lend less lends a child with fewer acts. Amounts are token wei.
///
/// A budget is a limit and no sum set aside: whatever a right spends is spent by all above it too, and in each of them
/// spent <= budget. Children may together be allowed more than their parent has; whoever comes first spends it. So
/// granting takes nothing away from a payment that was signed before, and a payee that adds up, along the line from
/// each right to the root, what it has taken and not yet drawn (`lineOf`) can draw all of it.
///
/// A right is *in force* until it or one above it is revoked or expires, or the market ends the root. What was
/// signed for before then stays *honoured* a while longer (`HONOUR_BLOCKS`, `HONOUR_SECONDS`), so that nobody
/// can use a service and then revoke, expire or give away what should have paid for it. A root's user to its very end
/// is honoured, as its owner is, as long as its market takes payments.
interface IUsageRights is IERC721, IERC4907 {
    /// @param spentWei Spent through this right and all below it. @param budgetWei All that may ever be spent through it,
    /// if those above it have as much. @param expires Last second (since 1970) in which it is in force.
    /// @param acts Sum of `ACT_…`. @param depth 0: root.
    /// @param revokedAtBlock Block in which it was revoked, or (root) ended; 0 if it was not.
    /// @param childCount How many children it ever had.
    /// @param parentId The right it was granted from; 0: root.
    /// @param endpointHash The one endpoint it reaches; zero: all of the agreement.
    struct Right {
        uint96 spentWei;
        uint48 expires;
        uint8 acts;
        uint8 depth;
        uint64 revokedAtBlock;
        uint32 childCount;
        uint96 budgetWei;
        uint256 parentId;
        bytes32 endpointHash;
    }

    /// @param to Who receives the child. @param budgetWei Most token wei it may spend, at most what the parent has left.
    /// @param expires Seconds since 1970, at most the parent's. @param acts Not zero, all among the parent's.
    /// @param endpointHash The parent's, or any if the parent's is zero.
    struct Grant {
        uint256 parentId;
        address to;
        uint96 budgetWei;
        uint48 expires;
        uint8 acts;
        bytes32 endpointHash;
    }

    event RootMinted(
        uint256 indexed rightId,
        address indexed market,
        uint96 indexed agreementId,
        address payer,
        uint96 budgetWei,
        uint48 expires
    );
    event RootRaised(uint256 indexed rightId, uint96 amountWei, uint96 budgetWei);
    event RootEnded(uint256 indexed rightId);
    event RightGranted(
        uint256 indexed rightId,
        uint256 indexed parentId,
        address indexed to,
        uint96 budgetWei,
        uint48 expires,
        uint8 acts,
        bytes32 endpointHash
    );
    /// @param honouredUntilBlock Last block in which a payment signed for before is taken from it.
    event RightRevoked(uint256 indexed rightId, address indexed revokedBy, uint64 honouredUntilBlock);
    /// @notice `holder` spent `amountWei` through the right; all above it were debited as much.
    event RightConsumed(uint256 indexed rightId, address indexed holder, uint96 amountWei, uint96 spentWei);
    /// @notice `isAuthorized` looks at `rightId` for `account` from now on.
    event RightChosen(uint256 indexed rootId, address indexed account, uint256 rightId);

    error UnknownRight(uint256 rightId);
    /// @notice `rightId` or one above it is revoked, ended or expired.
    error RightNotInForce(uint256 rightId);
    /// @notice The right may not do all of `acts`.
    error ActNotAllowed(uint256 rightId, uint8 acts);
    error NoActs();
    error EndpointNotAllowed(uint256 rightId, bytes32 endpointHash);
    /// @notice `expires` lies in the past or beyond the parent's.
    error ExpiryOutOfRange(uint48 expires, uint48 parentExpires);
    /// @notice Only `restWei` is left of the budget of `rightId`: the right itself, or one above it.
    error BudgetExceeded(uint256 rightId, uint256 requestedWei, uint256 restWei);
    error TooDeep(uint8 maxDepth);
    /// @notice Neither owner nor approved of the right or of one above it.
    error NotRevokableBy(uint256 rightId, address caller);
    /// @notice A root lives as long as its market's agreement.
    error RootNotRevokable(uint256 rightId);
    /// @notice Revoked, or (root) ended, before.
    error AlreadyRevoked(uint256 rightId);
    /// @notice Payments out of the right are no longer honoured, because of `deadRightId` (itself or above it).
    error NoLongerHonoured(uint256 rightId, uint256 deadRightId);
    /// @notice `account` does not hold the right, or (for payments) stopped holding it too long ago.
    error NotHolder(uint256 rightId, address account);
    /// @notice The right does not stem from this agreement of the calling market.
    error NotRightOf(uint256 rightId, uint96 agreementId);

    // ─── Markets ─────────────────────────────────────────────────────────────

    /// @notice Mints the root right of the calling market's agreement, with every act.
    /// @param user Its first ERC-4907 user, until `expires`, or zero.
    function mintRoot(uint96 agreementId, address payer, address user, uint96 budgetWei, uint48 expires)
        external
        returns (uint256 rightId);

    /// @notice Adds to the budget of the root of the calling market's agreement.
    function raiseRoot(uint96 agreementId, uint96 amountWei) external;

    /// @notice Takes the root, and all below it, out of force. Payments go on as long as the market takes them.
    function endRoot(uint96 agreementId) external;

    /// @notice Debits the right and all above it. Needs `holder` to hold the right (or to have held it, while that
    /// is honoured), the right to have `act`, each of them to have as much left, and to stem from the calling market's
    /// agreement.
    function consume(uint96 agreementId, uint256 rightId, address holder, uint8 act, uint96 amountWei)
        external;

    // ─── Owners and holders ──────────────────────────────────────────────────

    /// @notice Grants part of a right that is in force and has `ACT_GRANT`: of a root, or (a sub-grant) of a child.
    /// Its owner, or whom it approved.
    /// @return rightId `childIdOf(parentId, childCount)`.
    function grant(Grant calldata grant_) external returns (uint256 rightId);

    /// @notice Takes a right, and all that grew from it, out of force at once. Its owner, or the owner of any right
    /// above it, or whom they approved.
    function revoke(uint256 rightId) external;

    /// @notice A holder of several rights of one agreement says which of them `isAuthorized` is to look at.
    /// The first one received is looked at by itself.
    function chooseRight(uint256 rightId) external;

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @notice How many generations a tree may have below its root.
    function MAX_DEPTH() external view returns (uint8);

    /// @notice For how many blocks after a revocation, or after a holder lost the right, payments are honoured.
    function HONOUR_BLOCKS() external view returns (uint64);

    /// @notice For how many seconds after its expiry payments out of a right are honoured.
    function HONOUR_SECONDS() external view returns (uint64);

    function rightOf(uint256 rightId) external view returns (Right memory);

    /// @notice Most token wei that may now be spent through it: the least that it or a right above it has left. Whether
    /// it may be spent is another question.
    function restOf(uint256 rightId) external view returns (uint256 restWei);

    /// @notice The right and all above it, the root last. @return restsWei What each has left of its own budget.
    function lineOf(uint256 rightId)
        external
        view
        returns (uint256[] memory rightIds, uint256[] memory restsWei);

    /// @notice Whether the right and all above it are neither revoked, ended nor expired.
    function isInForce(uint256 rightId) external view returns (bool);

    /// @notice What a provider's gateway asks: may `account` do all of `acts` in this agreement, at this endpoint
    /// (zero: in all of it)? Looks at the root and at the right that `account` chose.
    function isAuthorized(
        address market,
        uint96 agreementId,
        address account,
        uint8 acts,
        bytes32 endpointHash
    ) external view returns (bool);

    /// @notice The same of one right.
    function isRightAuthorized(uint256 rightId, address account, uint8 acts, bytes32 endpointHash)
        external
        view
        returns (bool);

    function chosenRightOf(uint256 rootId, address account) external view returns (uint256 rightId);

    /// @notice The last block in which `account` held the right, if it lost it to a transfer or to another user.
    function heldUntilBlockOf(uint256 rightId, address account) external view returns (uint256);

    /// @notice The root's id: the market's address in the upper 160 bits, the agreement's id in the lower 96.
    function rootIdOf(address market, uint96 agreementId) external pure returns (uint256 rightId);

    /// @notice The agreement that the right stems from.
    function agreementOf(uint256 rightId) external view returns (address market, uint96 agreementId);

    /// @notice The id of the child granted as number `index`, from 0: `keccak256(abi.encode(parentId, index))`.
    function childIdOf(uint256 parentId, uint32 index) external pure returns (uint256 rightId);
}
