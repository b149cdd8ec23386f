// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {Keys} from "./Keys.sol";
import {Test} from "./Test.sol";

/// @notice A registry with the terms of the deployment, and bundlers by name.
abstract contract BundlerRegistryTest is Test {
    struct Joined {
        uint32 id;
        address operator;
        address executor;
        uint256 executorKey;
        address nodeKey;
        uint256 nodeSecret;
    }

    uint256 internal constant EPOCH_BLOCKS = 256;
    uint256 internal constant MINIMUM_STAKE = 100 ether;
    uint256 internal constant STRIKE = 0.05 ether;
    string internal constant ADDRESSES = "/ip4/192.0.2.7/tcp/4337";

    IBundlerRegistry internal registry;

    function setUp() public virtual {
        registry = IBundlerRegistry(deploy("BundlerRegistry", abi.encode(address(this), _terms())));
        // Not at the chain's beginning, where epoch 0 has no table; in the first block of an epoch.
        vm.roll(40 * EPOCH_BLOCKS);
    }

    function _terms() internal pure returns (IBundlerRegistry.Terms memory) {
        return IBundlerRegistry.Terms({
            minimumStakeWei: uint128(MINIMUM_STAKE),
            strikeWei: uint128(STRIKE),
            promiseFineWei: 1 ether,
            equivocationFineWei: 50 ether,
            challengeDepositWei: 0.1 ether,
            exitDelayBlocks: 8640,
            challengeBlocks: 360,
            answerBlocks: 60
        });
    }

    // ─── Bundlers ────────────────────────────────────────────────────────────

    /// @notice Registers `name` with an operator, a node's key and an executor of its own.
    function join(string memory name, uint256 stakeWei) internal returns (Joined memory joined) {
        joined = registered(name, stakeWei);
        (joined.executor, joined.executorKey) = makeAddrAndKey(string.concat(name, "'s executor"));
        bytes memory consent = consentOf(joined.executorKey, joined.id, joined.operator);
        vm.prank(joined.operator);
        registry.addExecutor(joined.id, consent);
    }

    function registered(string memory name, uint256 stakeWei) internal returns (Joined memory joined) {
        joined.operator = makeAddr(name);
        (joined.nodeKey, joined.nodeSecret) = makeAddrAndKey(string.concat(name, "'s node"));
        bytes memory publicKey = publicKeyOf(joined.nodeSecret);
        bytes memory possession = possessionOf(joined.nodeSecret, joined.operator);
        vm.deal(joined.operator, joined.operator.balance + stakeWei);
        vm.prank(joined.operator);
        joined.id = registry.register{value: stakeWei}(publicKey, possession, ADDRESSES);
    }

    function publicKeyOf(uint256 secret) internal returns (bytes memory) {
        Keys.Wallet memory wallet = Keys(address(vm)).createWallet(secret);
        return abi.encode(wallet.publicKeyX, wallet.publicKeyY);
    }

    function possessionOf(uint256 secret, address operator) internal view returns (bytes memory) {
        return
            signed(
                secret, keccak256(abi.encode(keccak256("BundlerRegistration(address operator)"), operator))
            );
    }

    function consentOf(uint256 key, uint32 bundlerId, address operator) internal view returns (bytes memory) {
        return signed(
            key,
            keccak256(
                abi.encode(
                    keccak256("ExecutorConsent(uint32 bundlerId,address operator)"), bundlerId, operator
                )
            )
        );
    }

    function signed(uint256 key, bytes32 structHash) internal view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("WorldlandBundling"),
                keccak256("1"),
                block.chainid,
                address(registry)
            )
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        return abi.encodePacked(r, s, v);
    }

    // ─── Blocks ──────────────────────────────────────────────────────────────

    function epochOf(uint256 blockNumber) internal pure returns (uint64) {
        return uint64(blockNumber / EPOCH_BLOCKS);
    }

    /// @notice The first epoch in which a change made now counts.
    function nextEpoch() internal view returns (uint64) {
        return uint64((block.number + 96) / EPOCH_BLOCKS + 1);
    }

    /// @notice Goes to where `epoch` can first be rolled, rolls it, and goes on to its first block.
    function rollTo(uint64 epoch) internal {
        vm.roll(epoch * EPOCH_BLOCKS - 32);
        vm.assertEq(registry.rollEpoch(), epoch);
        vm.roll(epoch * EPOCH_BLOCKS);
    }

    /// @notice The same, with a seed of choice.
    function rollTo(uint64 epoch, bytes32 seed) internal {
        vm.roll(epoch * EPOCH_BLOCKS - 32);
        setSeed(epoch, seed);
        rollTo(epoch);
    }

    /// @notice From the seed's block on.
    function setSeed(uint256 epoch, bytes32 seed) internal {
        vm.setBlockhash(epoch * EPOCH_BLOCKS - 64, seed);
    }

    /// @notice A transaction by `executor` whose innermost call is `noteTurn`, as a paymaster's postOp would be.
    function note(address executor) internal returns (uint32 bundlerId, bool inTurn) {
        vm.prank(makeAddr("paymaster"), executor);
        return registry.noteTurn();
    }

    function stakeOf(uint32 bundlerId) internal view returns (uint256) {
        return registry.bundler(bundlerId).stakeWei;
    }
}
