// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Gas paid beforehand: for every account a tank of compute tokens, kept by the paymaster.
/// @notice A tank pays for gas of its account's operations in tank mode, and for nothing else. Only the account
/// itself takes tokens out of it: no signer and no owner of the paymaster can, and whatever empties the
/// account's wallet (a transfer, an allowance, a session key) does not reach it. An operation in tank mode needs
/// neither balance nor allowance.
///
/// So a tank is also a rental's exit-gas reserve: `[approve, fillTank(account, exit gas), open]` in one batch sets
/// aside what stopping and settling will cost, and these can be paid for although the wallet is empty by then.
/// What is set aside is not earmarked on chain for some of the account's operations: tank mode is used only by
/// operations that ask for it, so an account that keeps its tank for the exit pays for the rest in another mode.
///
/// In validation the greatest possible charge moves from the balance to what is spent, in postOp the rest moves
/// back; both stand in one storage slot, keyed by the account (ERC-7562: associated storage). Nothing that several
/// accounts share is written: what tanks spent becomes revenue by `collectFromTanks`, between bundles. Whatever
/// undoes postOp therefore leaves the whole reservation spent, and the deposit's loss covered.
interface IGasTank {
    /// @notice `payer` put `amountWei` token wei into the tank of `account`.
    event TankFilled(address indexed account, address indexed payer, uint256 amountWei);
    /// @notice `account` took `amountWei` out of its tank.
    event TankWithdrawn(address indexed account, address indexed recipient, uint256 amountWei);
    /// @notice A tank paid for an operation. @param chargeWei Its price, markup included. An operation that landed
    /// in tank mode without this event had its postOp undone: it was charged all that was reserved for it.
    event TankCharged(
        bytes32 indexed userOpHash, address indexed sender, bytes16 policyId, uint256 chargeWei
    );
    /// @notice What the tank of `account` spent on operations became the paymaster's revenue.
    event TankCollected(address indexed account, uint256 amountWei);

    error InvalidTankAccount(address account);
    /// @notice The tank of `account` holds `balanceWei`, less than the `requiredWei` that is to leave it.
    error InsufficientTank(address account, uint256 requiredWei, uint256 balanceWei);
    /// @notice A tank holds no more than 2^128 - 1 wei.
    error TankOverflow(address account, uint256 amountWei);

    /// @notice Anyone: moves `amountWei` of the caller's tokens into the tank of `account`. The account may then
    /// spend them on gas or take them out.
    function fillTank(address account, uint256 amountWei) external;

    /// @notice The account itself: takes `amountWei` out of its tank. What is reserved for operations of the
    /// running bundle cannot be taken.
    function withdrawTank(address recipient, uint256 amountWei) external;

    /// @notice Anyone: turns what these tanks spent on operations into the paymaster's revenue. Not during a
    /// bundle, when part of it may be given back.
    function collectFromTanks(address[] calldata accounts) external;

    /// @notice Token wei in the tank of `account`, without what is reserved for operations of a running bundle.
    function tankOf(address account) external view returns (uint256);

    /// @notice Token wei that operations of `account` spent and nobody has collected yet; during a bundle with
    /// what is reserved.
    function tankSpentOf(address account) external view returns (uint256);

    /// @notice Token wei of all tanks, spent and not collected ones included: no part of them is revenue.
    function tanksWei() external view returns (uint256);
}
