// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Charge} from "./Charge.sol";
import {Erc20Terms} from "./Erc20Terms.sol";
import {IErc20Payments} from "./IErc20Payments.sol";
import {OperatorTreasury} from "./OperatorTreasury.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Gas paid in any plain ERC-20; what it promises stands on `IErc20Payments`.
abstract contract Erc20Payments is OperatorTreasury {
    using SafeERC20 for IERC20;

    // The most gas that postOp spends on keeping a refund that the token refused, and on saying what was charged. It is
    // set aside before the token is called, so that no token can use it up. Erc20Mode.t.sol holds it to that.
    uint256 internal constant KEEP_REFUND_GAS = 51_000;
    /// @dev What EntryPoint spends around postOp, and postOp where its own gas is not counted: the token's call ends, and
    /// the charge is told.
    uint256 private constant AROUND_ERC20_POST_OP_GAS = 4_060;

    /// @inheritdoc IErc20Payments
    mapping(address token => mapping(address account => uint256)) public refundKeptFor;
    /// @inheritdoc IErc20Payments
    mapping(address token => uint256) public refundsKept;

    modifier notComputeToken(address erc20) {
        if (erc20 == address(token)) revert NotForComputeToken();
        _;
    }

    // ─── Claims and revenue ──────────────────────────────────────────────────

    /// @inheritdoc IErc20Payments
    function claimRefund(address erc20, address recipient) external {
        uint256 amount = refundKeptFor[erc20][msg.sender];
        if (amount == 0) revert NoRefundKept(erc20, msg.sender);
        refundKeptFor[erc20][msg.sender] = 0;
        refundsKept[erc20] -= amount;
        emit RefundClaimed(erc20, msg.sender, recipient, amount);
        IERC20(erc20).safeTransfer(recipient, amount);
    }

    /// @inheritdoc IErc20Payments
    function withdrawErc20Revenue(address erc20, address recipient, uint256 amount)
        external
        onlyOwner
        notDuringBundle
    {
        uint256 revenue = erc20Revenue(erc20);
        if (amount > revenue) revert InsufficientErc20Revenue(erc20, amount, revenue);
        emit Erc20RevenueWithdrawn(erc20, recipient, amount);
        IERC20(erc20).safeTransfer(recipient, amount);
    }

    /// @inheritdoc IErc20Payments
    function erc20Revenue(address erc20) public view notComputeToken(erc20) returns (uint256) {
        uint256 balance = IERC20(erc20).balanceOf(address(this));
        uint256 kept = refundsKept[erc20];
        // A token that shrinks balances may leave less than was kept.
        return balance > kept ? balance - kept : 0;
    }

    // ─── For the paymaster ───────────────────────────────────────────────────

    /// @dev In validation: all of it arrives, or the operation is refused.
    function _pullErc20(address erc20, address sender, uint256 amount) internal notComputeToken(erc20) {
        if (amount == 0) return;
        uint256 before = IERC20(erc20).balanceOf(address(this));
        IERC20(erc20).safeTransferFrom(sender, address(this), amount);
        uint256 received = IERC20(erc20).balanceOf(address(this)) - before;
        if (received < amount) revert TokenNotPlain(erc20, amount, received);
    }

    /// @dev In postOp. Nothing here reverts: `unitsOf` grows with the cost, so what was held covers every charge.
    function _settleErc20(
        Charge memory charge,
        address erc20,
        uint256 rate,
        uint256 actualGasCost,
        uint256 feePerGas,
        uint256 gasAtStart
    ) internal {
        uint256 held = Erc20Terms.unitsOf(charge.heldWei, rate);
        uint256 refundableGas = gasAtStart > KEEP_REFUND_GAS ? gasAtStart - KEEP_REFUND_GAS : 0;
        uint256 postOpGas = refundableGas + AROUND_ERC20_POST_OP_GAS;
        uint256 due = Erc20Terms.unitsOf(charge.priceWei(postOpGas, actualGasCost, feePerGas), rate);
        uint256 refund = held - due;
        if (refund != 0 && !_tryTransfer(erc20, charge.sender, refund)) {
            postOpGas += KEEP_REFUND_GAS;
            due = Erc20Terms.unitsOf(charge.priceWei(postOpGas, actualGasCost, feePerGas), rate);
            refund = held - due;
            _keepRefund(erc20, charge.sender, refund);
        }
        emit Erc20Charged(charge.userOpHash, charge.sender, erc20, charge.policyId, due, refund);
    }

    function _keepRefund(address erc20, address account, uint256 amount) private {
        if (amount == 0) return;
        refundKeptFor[erc20][account] += amount;
        refundsKept[erc20] += amount;
        emit RefundKept(erc20, account, amount);
    }

    /// @dev With all gas but what keeping the refund would take. At most a word of the answer is copied, so that a long
    /// one costs the token's gas and not ours.
    function _tryTransfer(address erc20, address recipient, uint256 amount) private returns (bool done) {
        bytes memory data = abi.encodeCall(IERC20.transfer, (recipient, amount));
        uint256 gasLeft = gasleft();
        uint256 gasForToken = gasLeft > KEEP_REFUND_GAS ? gasLeft - KEEP_REFUND_GAS : 0;
        assembly ("memory-safe") {
            mstore(0, 0)
            done := call(gasForToken, erc20, 0, add(data, 0x20), mload(data), 0, 0x20)
            // No answer at all, or true; that there is code was seen when the tokens were pulled.
            done := and(done, or(iszero(returndatasize()), and(gt(returndatasize(), 0x1f), eq(mload(0), 1))))
        }
    }
}
