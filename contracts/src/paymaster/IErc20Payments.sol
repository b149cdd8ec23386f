// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Gas paid in any plain ERC-20, at a signed rate.
/// @notice Prepaid only: the greatest possible charge is pulled in validation, and postOp gives the rest back. A refund
/// that the token refuses (it reverts, answers false, has blacklisted the sender, or asks for more gas than the operation
/// allowed) is kept for the sender, who takes it by `claimRefund`; it is never the operator's. postOp therefore does not
/// revert, whatever the token does.
///
/// All the gas that the refund may use (`paymasterPostOpGasLimit` less what keeping a refund takes) is billed, used or
/// not: what a token's own code will use is known to nobody. So the limit is part of the price, and a signer sets it by
/// token. A refund that is kept is billed for being kept.
///
/// The compute token itself is refused: it has modes of its own, and no part of its balance is counted here.
interface IErc20Payments {
    /// @notice An operation was paid in `token`. @param charge Units of it, markup included.
    /// @param refund Units given back, or kept to be claimed, out of what had been pulled.
    event Erc20Charged(
        bytes32 indexed userOpHash,
        address indexed sender,
        address indexed token,
        bytes16 policyId,
        uint256 charge,
        uint256 refund
    );
    /// @notice `token` refused a refund: `account` may claim `amount` units.
    event RefundKept(address indexed token, address indexed account, uint256 amount);
    event RefundClaimed(
        address indexed token, address indexed account, address indexed recipient, uint256 amount
    );
    event Erc20RevenueWithdrawn(address indexed token, address indexed recipient, uint256 amount);

    /// @notice Terms whose rate is zero would give the gas away.
    error InvalidRate();
    /// @notice The compute token is no matter of this mode's.
    error NotForComputeToken();
    /// @notice Of `required` units only `received` arrived: the token keeps a fee, or moves nothing.
    error TokenNotPlain(address token, uint256 required, uint256 received);
    error NoRefundKept(address token, address account);
    /// @notice Only `revenue` units are the operator's: the rest is kept for senders.
    error InsufficientErc20Revenue(address token, uint256 required, uint256 revenue);

    /// @notice Sends to `recipient` what `token` refused to refund to the caller.
    function claimRefund(address token, address recipient) external;

    /// @notice Owner: takes `amount` units of collected `token`, never those kept for senders. Not during a bundle, when
    /// part of the balance may be owed back.
    function withdrawErc20Revenue(address token, address recipient, uint256 amount) external;

    /// @notice Units of `token` that `account` may claim.
    function refundKeptFor(address token, address account) external view returns (uint256);

    /// @notice Units of `token` that senders may claim, all together.
    function refundsKept(address token) external view returns (uint256);

    /// @notice Units of `token` that are the operator's, between bundles; of the compute token see `revenueWei`.
    function erc20Revenue(address token) external view returns (uint256);
}
