// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {BundlerBook} from "./BundlerBook.sol";
import {IBundlerRegistry} from "./IBundlerRegistry.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice Which accounts send a bundler's bundles.
abstract contract Executors is BundlerBook {
    bytes32 private constant CONSENT_TYPEHASH =
        keccak256("ExecutorConsent(uint32 bundlerId,address operator)");

    /// @inheritdoc IBundlerRegistry
    mapping(address executor => uint32) public bundlerOf;

    /// @dev Or an operator could take back by an old consent whoever has left it, again and again.
    mapping(address executor => mapping(uint32 bundlerId => bool)) private _hasLeft;

    /// @inheritdoc IBundlerRegistry
    function addExecutor(uint32 bundlerId, bytes calldata consent) external returns (address executor) {
        _ownedByCaller(bundlerId);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(CONSENT_TYPEHASH, bundlerId, msg.sender)));
        (executor,,) = ECDSA.tryRecover(digest, consent);
        if (executor == address(0)) revert InvalidConsent();
        if (_hasLeft[executor][bundlerId]) revert ConsentWithdrawn(executor, bundlerId);
        uint32 holder = bundlerOf[executor];
        if (holder != 0) revert ExecutorTaken(executor, holder);
        bundlerOf[executor] = bundlerId;
        emit ExecutorAdded(bundlerId, executor);
    }

    /// @inheritdoc IBundlerRegistry
    function removeExecutor(address executor) external {
        uint32 bundlerId = bundlerOf[executor];
        if (bundlerId == 0) revert NotExecutor(executor);
        if (msg.sender == executor) _hasLeft[executor][bundlerId] = true;
        else _ownedByCaller(bundlerId);
        delete bundlerOf[executor];
        emit ExecutorRemoved(bundlerId, executor);
    }
}
