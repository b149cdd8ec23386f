// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Epochs} from "./Epochs.sol";
import {IBundlerRegistry} from "./IBundlerRegistry.sol";
import {StakeBook} from "./StakeBook.sol";
import {WeightTree} from "./WeightTree.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice How bundlers come, stake more and leave.
abstract contract BundlerBook is StakeBook, EIP712 {
    using SafeCast for uint256;
    using WeightTree for WeightTree.Tree;

    uint256 private constant PUBLIC_KEY_BYTES = 64;
    uint256 private constant MAX_ADDRESSES_BYTES = 512;
    bytes32 private constant REGISTRATION_TYPEHASH = keccak256("BundlerRegistration(address operator)");

    uint256 internal immutable _exitDelayBlocks;

    /// @inheritdoc IBundlerRegistry
    uint32 public bundlerCount;
    /// @inheritdoc IBundlerRegistry
    mapping(address nodeKey => uint32) public bundlerOfKey;

    /// @dev Who asks to leave in block `b` leads, at the latest, in a block before `b + 96 + 256`. What is left of two
    /// epochs is for the promises of its last window to run out; then they can be challenged and answered.
    constructor(Terms memory terms_) EIP712("WorldlandBundling", "1") {
        _exitDelayBlocks = terms_.exitDelayBlocks;
        uint256 leastBlocks =
            2 * Epochs.EPOCH_BLOCKS + uint256(terms_.challengeBlocks) + uint256(terms_.answerBlocks);
        if (terms_.exitDelayBlocks <= leastBlocks) {
            revert ExitDelayTooShort(terms_.exitDelayBlocks, leastBlocks);
        }
    }

    // ─── Coming ──────────────────────────────────────────────────────────────

    /// @inheritdoc IBundlerRegistry
    function register(bytes calldata publicKey, bytes calldata possession, string calldata addresses)
        external
        payable
        returns (uint32 bundlerId)
    {
        if (msg.value < _minimumStakeWei) revert StakeTooSmall(msg.value, _minimumStakeWei);
        address nodeKey = _checkKey(publicKey, possession);
        _checkAddresses(addresses);
        bundlerId = ++bundlerCount;
        bundlerOfKey[nodeKey] = bundlerId;
        Entry storage entry = _entries[bundlerId];
        entry.operator = msg.sender;
        entry.stakeWei = msg.value.toUint104();
        entry.nodeKey = nodeKey;
        entry.publicKeyX = bytes32(publicKey[:32]);
        entry.publicKeyY = bytes32(publicKey[32:]);
        entry.addresses = addresses;
        emit BundlerRegistered(bundlerId, msg.sender, nodeKey, publicKey, addresses, msg.value);
        _reweigh(bundlerId, entry);
    }

    /// @inheritdoc IBundlerRegistry
    function setAddresses(uint32 bundlerId, string calldata addresses) external {
        Entry storage entry = _ownedByCaller(bundlerId);
        _checkAddresses(addresses);
        entry.addresses = addresses;
        emit AddressesChanged(bundlerId, addresses);
    }

    /// @inheritdoc IBundlerRegistry
    function topUp(uint32 bundlerId) external payable {
        Entry storage entry = _known(bundlerId);
        if (msg.value == 0) revert ZeroAmount();
        if (entry.exitBlock != 0) revert Exiting(bundlerId, entry.exitBlock);
        // Before: or coins would pay for strikes that the old stake could not.
        _settle(bundlerId, entry);
        entry.stakeWei = (entry.stakeWei + msg.value).toUint104();
        emit StakeToppedUp(bundlerId, msg.value, entry.stakeWei);
        _reweigh(bundlerId, entry);
    }

    // ─── Leaving ─────────────────────────────────────────────────────────────

    /// @inheritdoc IBundlerRegistry
    function requestExit(uint32 bundlerId) external {
        Entry storage entry = _ownedByCaller(bundlerId);
        if (entry.exitBlock != 0) revert Exiting(bundlerId, entry.exitBlock);
        _settle(bundlerId, entry);
        entry.exitBlock = (block.number + _exitDelayBlocks).toUint64();
        emit ExitRequested(bundlerId, entry.exitBlock);
        _reweigh(bundlerId, entry);
    }

    /// @inheritdoc IBundlerRegistry
    function withdraw(uint32 bundlerId, address payable to) external returns (uint256 amountWei) {
        Entry storage entry = _ownedByCaller(bundlerId);
        if (entry.exitBlock == 0) revert NotExiting(bundlerId);
        if (block.number < entry.exitBlock) revert ExitDelayNotOver(entry.exitBlock);
        if (bundlerOfKey[entry.nodeKey] != bundlerId) revert AlreadyWithdrawn(bundlerId);
        // This id has answered for all the key signed: the key may come back under another.
        delete bundlerOfKey[entry.nodeKey];
        _settle(bundlerId, entry);
        amountWei = entry.stakeWei;
        entry.stakeWei = 0;
        emit Withdrawn(bundlerId, to, amountWei);
        _send(to, amountWei);
    }

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @inheritdoc IBundlerRegistry
    function bundler(uint32 bundlerId) public view returns (Bundler memory) {
        Entry storage entry = _entries[bundlerId];
        if (entry.operator == address(0)) {
            return Bundler(address(0), address(0), "", "", 0, 0, 0, 0, 0);
        }
        uint256 epoch = Epochs.countsFrom(block.number);
        return Bundler({
            operator: entry.operator,
            nodeKey: entry.nodeKey,
            publicKey: bytes.concat(entry.publicKeyX, entry.publicKeyY),
            addresses: entry.addresses,
            stakeWei: entry.stakeWei - _unsettledWei(entry),
            weightWei: _weights.weightOf(bundlerId - 1, epoch - 1),
            nextWeightWei: _weights.weightOf(bundlerId - 1, epoch),
            exitBlock: entry.exitBlock,
            strikes: entry.strikes
        });
    }

    /// @inheritdoc IBundlerRegistry
    function bundlers(uint32 from, uint32 count) external view returns (Bundler[] memory found) {
        uint256 first = from == 0 ? 1 : from;
        uint256 known = bundlerCount;
        uint256 rest = first > known ? 0 : known - first + 1;
        found = new Bundler[](count < rest ? count : rest);
        for (uint256 index = 0; index < found.length; ++index) {
            found[index] = bundler(uint32(first + index));
        }
    }

    /// @inheritdoc IBundlerRegistry
    function operatorOf(uint32 bundlerId) external view returns (address) {
        return _entries[bundlerId].operator;
    }

    /// @inheritdoc IBundlerRegistry
    function nodeKeyOf(uint32 bundlerId) external view returns (address) {
        return _entries[bundlerId].nodeKey;
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    /// @dev Who signs by a key whose address is the hash of these bytes holds the key that they are.
    function _checkKey(bytes calldata publicKey, bytes calldata possession)
        private
        view
        returns (address nodeKey)
    {
        if (publicKey.length != PUBLIC_KEY_BYTES) revert InvalidPublicKey(publicKey.length);
        nodeKey = address(uint160(uint256(keccak256(publicKey))));
        uint32 holder = bundlerOfKey[nodeKey];
        if (holder != 0) revert KeyAlreadyRegistered(nodeKey, holder);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(REGISTRATION_TYPEHASH, msg.sender)));
        (address signer,,) = ECDSA.tryRecover(digest, possession);
        if (signer != nodeKey) revert NotPossessed(nodeKey);
    }

    function _checkAddresses(string calldata addresses) private pure {
        uint256 length = bytes(addresses).length;
        if (length > MAX_ADDRESSES_BYTES) revert AddressesTooLong(length, MAX_ADDRESSES_BYTES);
    }

    function _send(address payable to, uint256 amountWei) internal {
        (bool taken,) = to.call{value: amountWei}("");
        if (!taken) revert TransferFailed(to, amountWei);
    }
}
