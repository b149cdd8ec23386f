// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice An account of whoever likes: its operations are valid, or fail in the way it was told last.
contract FickleAccount {
    enum Mood {
        Valid,
        Refuses,
        Reverts,
        RevertsWithoutReason,
        ReturnsNothing,
        BurnsGas,
        ForOthers,
        // The two by time come last.
        Expires,
        IsNotDue
    }

    Mood public mood;
    address public other;
    uint256 public validationGas;

    function become(Mood mood_) external {
        mood = mood_;
    }

    /// @notice Validation spends so much gas from now on.
    function spend(uint256 gas_) external {
        validationGas = gas_;
    }

    /// @notice `ForOthers`: valid in transactions of this account alone.
    function prefer(address other_) external {
        other = other_;
    }

    function validateUserOp(PackedUserOperation calldata, bytes32, uint256 missingWei)
        external
        returns (uint256 validationData)
    {
        uint256 gasAtStart = gasleft();
        while (gasAtStart - gasleft() < validationGas) {}
        if (missingWei != 0) {
            (bool paid,) = msg.sender.call{value: missingWei}("");
            require(paid, "cannot pay");
        }
        if (mood == Mood.Refuses) return 1;
        if (mood == Mood.Reverts) revert("spoilt");
        if (mood == Mood.ForOthers) require(tx.origin == other, "not for you");
        if (mood == Mood.Expires) return uint256(1) << 160;
        if (mood == Mood.IsNotDue) return uint256(type(uint48).max) << 208;
        if (mood == Mood.BurnsGas) {
            assembly {
                invalid()
            }
        }
        bool withoutReason = mood == Mood.RevertsWithoutReason;
        bool nothing = mood == Mood.ReturnsNothing;
        assembly {
            if withoutReason { revert(0, 0) }
            if nothing { return(0, 0) }
        }
    }

    function execute(address target, uint256 amountWei, bytes calldata data) external {
        (bool success, bytes memory thrown) = target.call{value: amountWei}(data);
        if (!success) {
            assembly {
                revert(add(thrown, 32), mload(thrown))
            }
        }
    }

    receive() external payable {}
}
