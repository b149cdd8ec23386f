// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ILeaderTips} from "../../src/paymaster/ILeaderTips.sol";

/// @notice Answers a paymaster as a registry of bundlers does, by what it was told; or as none should.
contract OddRegistry {
    enum Manner {
        Honest,
        Reverts,
        BurnsGas,
        Wasteful,
        LongAnswer,
        ShortAnswer,
        NoBundler,
        NoTurn,
        ComesBack
    }

    mapping(address executor => uint32) public bundlerOf;
    mapping(uint32 bundlerId => address) public operatorOf;
    mapping(uint32 bundlerId => bool) public isOutOfTurn;
    mapping(uint32 bundlerId => uint256) public strikes;
    Manner public manner;

    error Moody();

    function add(uint32 bundlerId, address operator, address executor) external {
        bundlerOf[executor] = bundlerId;
        operatorOf[bundlerId] = operator;
    }

    function setOutOfTurn(uint32 bundlerId, bool isOut) external {
        isOutOfTurn[bundlerId] = isOut;
    }

    function setManner(Manner manner_) external {
        manner = manner_;
    }

    function noteTurn() external returns (uint256, uint256) {
        uint32 bundlerId = bundlerOf[tx.origin];
        Manner manner_ = manner;
        if (manner_ == Manner.Reverts) revert Moody();
        if (manner_ == Manner.BurnsGas) while (true) {}
        if (manner_ == Manner.Wasteful) while (gasleft() > 3_000) {}
        if (manner_ == Manner.NoBundler) return (uint256(bundlerId) + (1 << 32), 1);
        if (manner_ == Manner.NoTurn) return (bundlerId, 2);
        if (manner_ == Manner.ComesBack) {
            try ILeaderTips(msg.sender).claimTips(address(this), bundlerId) {} catch {}
        }
        if (manner_ == Manner.LongAnswer || manner_ == Manner.ShortAnswer) {
            uint256 length = manner_ == Manner.LongAnswer ? 30_000 : 63;
            assembly {
                mstore(0, bundlerId)
                mstore(0x20, 1)
                return(0, length)
            }
        }
        if (bundlerId == 0) return (0, 0);
        if (!isOutOfTurn[bundlerId]) return (bundlerId, 1);
        ++strikes[bundlerId];
        return (bundlerId, 0);
    }
}

/// @notice An operator that claims again while it is paid.
contract GreedyOperator {
    address private immutable _registry;
    uint32 private immutable _bundlerId;
    uint256 public timesPaid;

    constructor(address registry, uint32 bundlerId) {
        (_registry, _bundlerId) = (registry, bundlerId);
    }

    ILeaderTips public paymaster;

    function claim(ILeaderTips paymaster_) external {
        paymaster = paymaster_;
        paymaster_.claimTips(_registry, _bundlerId);
    }

    receive() external payable {
        ++timesPaid;
        try paymaster.claimTips(_registry, _bundlerId) {} catch {}
    }
}
