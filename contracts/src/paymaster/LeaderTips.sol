// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../bundling/IBundlerRegistry.sol";
import {ILeaderTips} from "./ILeaderTips.sol";
import {PaymasterBase} from "./PaymasterBase.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

/// @title Tips for bundlers in turn; what it promises stands on `ILeaderTips`.
/// @dev Nothing here reverts in postOp, nor calls anything there but the registry.
abstract contract LeaderTips is PaymasterBase, Ownable2Step {
    /// @dev What the registry may use. Its dearest answer, the first strike of a bundler, needs less.
    uint256 private constant REGISTRY_GAS = 30_000;
    /// @dev The registry's, of which a call gets 63 parts in 64, and what postOp needs beside it: two slots, the first tip
    /// that a bundler is owed, and telling it.
    uint256 private constant TIP_POST_OP_GAS_LIMIT = 70_000;

    address private _registry;
    /// @dev One slot, so that crediting costs one write beside the bundler's own.
    uint128 private _tipWei;
    uint128 private _owedWei;

    /// @inheritdoc ILeaderTips
    mapping(address registry => mapping(uint32 bundlerId => uint256)) public tipsOf;

    // ─── Setting and claiming ────────────────────────────────────────────────

    /// @inheritdoc ILeaderTips
    function setLeaderTip(address registry, uint128 tipWei) external onlyOwner {
        if (tipWei != 0 && registry.code.length == 0) revert InvalidRegistry(registry);
        (_registry, _tipWei) = (registry, tipWei);
        emit LeaderTipChanged(registry, tipWei);
    }

    /// @inheritdoc ILeaderTips
    /// @dev Whom to pay is the word of the registry by which it was owed, not of the one that is set now: no owner can send
    /// for others' tips by naming a registry of its own.
    function claimTips(address registry, uint32 bundlerId) external {
        uint256 owedWei = tipsOf[registry][bundlerId];
        uint256 depositWei = entryPoint.balanceOf(address(this));
        uint256 amountWei = owedWei < depositWei ? owedWei : depositWei;
        if (amountWei == 0) revert NoTipsToClaim(registry, bundlerId);
        address operator = IBundlerRegistry(registry).operatorOf(bundlerId);
        if (operator == address(0)) revert NobodyToPay(registry, bundlerId);
        tipsOf[registry][bundlerId] = owedWei - amountWei;
        _owedWei -= uint128(amountWei);
        emit TipsClaimed(registry, bundlerId, operator, amountWei);
        entryPoint.withdrawTo(payable(operator), amountWei);
    }

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @inheritdoc ILeaderTips
    function leaderTip() external view returns (address, uint128) {
        return (_registry, _tipWei);
    }

    /// @inheritdoc ILeaderTips
    function tipsOwedWei() public view returns (uint256) {
        return _owedWei;
    }

    /// @inheritdoc ILeaderTips
    function leaderTipPostOpGasLimit() public pure returns (uint256) {
        return TIP_POST_OP_GAS_LIMIT;
    }

    // ─── For the paymaster ───────────────────────────────────────────────────

    /// @dev In postOp. `costWei`: what the operation has cost so far, above which no tip goes; EntryPoint has it from the
    /// deposit, so no sum of tips outgrows 128 bits.
    function _tipLeader(bytes32 userOpHash, uint256 costWei) internal {
        if (_tipWei == 0) return; // Set to none since the operation was signed.
        address registry = _registry;
        (uint32 bundlerId, bool isInTurn) = _noteTurn(registry);
        if (!isInTurn || bundlerId == 0) return;
        // Read again: the registry may have come back here.
        uint256 tipWei = _tipWei < costWei ? _tipWei : costWei;
        if (tipWei == 0) return;
        unchecked {
            _owedWei += uint128(tipWei);
            tipsOf[registry][bundlerId] += tipWei;
        }
        emit LeaderTipped(userOpHash, bundlerId, tipWei);
    }

    /// @dev Two words of the answer are copied, however long it is. What is no bundler and no turn is zero.
    function _noteTurn(address registry) private returns (uint32 bundlerId, bool isInTurn) {
        bytes32 selector = IBundlerRegistry.noteTurn.selector;
        assembly ("memory-safe") {
            mstore(0, selector)
            let done := call(REGISTRY_GAS, registry, 0, 0, 4, 0, 0x40)
            if and(done, gt(returndatasize(), 0x3f)) {
                let id := mload(0)
                if lt(id, 0x100000000) {
                    bundlerId := id
                    isInTurn := eq(mload(0x20), 1)
                }
            }
        }
    }
}
