// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";

contract RegisterTest is BundlerRegistryTest {
    address private operator = makeAddr("operator");
    uint256 private secret = uint256(keccak256("node"));

    function _register(uint256 stakeWei, bytes memory key, bytes memory possession, string memory addresses)
        private
        returns (uint32)
    {
        vm.deal(operator, stakeWei);
        vm.prank(operator);
        return registry.register{value: stakeWei}(key, possession, addresses);
    }

    // ─── Refused ─────────────────────────────────────────────────────────────

    function testFuzz_RevertWhen_TheStakeIsTooSmall(uint256 stakeWei) public {
        stakeWei = bound(stakeWei, 0, MINIMUM_STAKE - 1);
        bytes memory key = publicKeyOf(secret);
        bytes memory possession = possessionOf(secret, operator);
        vm.expectRevert(
            abi.encodeWithSelector(IBundlerRegistry.StakeTooSmall.selector, stakeWei, MINIMUM_STAKE)
        );
        _register(stakeWei, key, possession, ADDRESSES);
    }

    function test_RevertWhen_ThePublicKeyHasAnotherLength() public {
        bytes memory prefixed = bytes.concat(hex"04", publicKeyOf(secret));
        bytes memory possession = possessionOf(secret, operator);
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.InvalidPublicKey.selector, 65));
        _register(MINIMUM_STAKE, prefixed, possession, ADDRESSES);
    }

    function test_RevertWhen_TheKeyIsAnothers() public {
        bytes memory key = publicKeyOf(secret);
        bytes memory byAnother = possessionOf(secret + 1, operator);
        bytes memory forAnother = possessionOf(secret, makeAddr("another"));
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.NotPossessed.selector, vm.addr(secret)));
        _register(MINIMUM_STAKE, key, byAnother, ADDRESSES);
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.NotPossessed.selector, vm.addr(secret)));
        _register(MINIMUM_STAKE, key, forAnother, ADDRESSES);
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.NotPossessed.selector, vm.addr(secret)));
        _register(MINIMUM_STAKE, key, "", ADDRESSES);
    }

    function testFuzz_RevertWhen_ThePublicKeyIsNoKeyAtAll(uint256 x, uint256 y) public {
        bytes memory key = abi.encode(x, y);
        address nodeKey = address(uint160(uint256(keccak256(key))));
        bytes memory possession = possessionOf(secret, operator);
        vm.assume(nodeKey != vm.addr(secret));
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.NotPossessed.selector, nodeKey));
        _register(MINIMUM_STAKE, key, possession, ADDRESSES);
    }

    function test_RevertWhen_TheKeyIsRegisteredAlready() public {
        bytes memory key = publicKeyOf(secret);
        bytes memory possession = possessionOf(secret, operator);
        uint32 id = _register(MINIMUM_STAKE, key, possession, ADDRESSES);
        vm.expectRevert(
            abi.encodeWithSelector(IBundlerRegistry.KeyAlreadyRegistered.selector, vm.addr(secret), id)
        );
        _register(MINIMUM_STAKE, key, possession, ADDRESSES);
    }

    function test_RevertWhen_TheAddressesAreTooLong() public {
        bytes memory key = publicKeyOf(secret);
        bytes memory possession = possessionOf(secret, operator);
        vm.expectRevert(abi.encodeWithSelector(IBundlerRegistry.AddressesTooLong.selector, 513, 512));
        _register(MINIMUM_STAKE, key, possession, string(new bytes(513)));
        _register(MINIMUM_STAKE, key, possession, string(new bytes(512)));
    }

    // ─── Works ───────────────────────────────────────────────────────────────

    function testFuzz_ABundlerIsWhatItRegistered(uint256 stakeWei) public {
        stakeWei = bound(stakeWei, MINIMUM_STAKE, 1e9 ether);
        bytes memory key = publicKeyOf(secret);
        uint64 epoch = nextEpoch();
        uint32 id = _register(stakeWei, key, possessionOf(secret, operator), ADDRESSES);
        vm.assertEq(id, 1);
        IBundlerRegistry.Bundler memory entry = registry.bundler(id);
        vm.assertEq(entry.operator, operator);
        vm.assertEq(entry.nodeKey, vm.addr(secret));
        vm.assertEq(entry.publicKey, key);
        vm.assertEq(entry.addresses, ADDRESSES);
        vm.assertEq(entry.stakeWei, stakeWei);
        vm.assertEq(entry.weightWei, 0, "counts in no epoch that is frozen");
        vm.assertEq(entry.nextWeightWei, stakeWei);
        vm.assertEq(entry.exitBlock, 0);
        vm.assertEq(entry.strikes, 0);
        vm.assertEq(registry.bundlerOfKey(entry.nodeKey), id);
        vm.assertEq(registry.operatorOf(id), operator);
        vm.assertEq(registry.nodeKeyOf(id), entry.nodeKey);
        vm.assertEq(registry.totalWeightWei(epoch - 1), 0);
        vm.assertEq(registry.totalWeightWei(epoch), stakeWei);
        vm.assertEq(address(registry).balance, stakeWei);
    }

    function test_IdsGoUpFromOneAndPagesEndWithTheLast() public {
        for (uint256 i = 1; i <= 5; ++i) {
            vm.assertEq(registered(string.concat("bundler ", vm.toString(i)), MINIMUM_STAKE * i).id, i);
        }
        vm.assertEq(registry.bundlerCount(), 5);
        IBundlerRegistry.Bundler[] memory page = registry.bundlers(4, 10);
        vm.assertEq(page.length, 2);
        vm.assertEq(page[1].stakeWei, 5 * MINIMUM_STAKE);
        vm.assertEq(registry.bundlers(0, 3).length, 3);
        vm.assertEq(registry.bundlers(0, 1)[0].stakeWei, MINIMUM_STAKE);
        vm.assertEq(registry.bundlers(6, 1).length, 0);
        vm.assertEq(registry.bundlers(type(uint32).max, type(uint32).max).length, 0);
    }

    function test_AnUnknownBundlerIsEmpty() public view {
        vm.assertEq(registry.bundler(0).operator, address(0));
        vm.assertEq(registry.bundler(7).operator, address(0));
    }

    function test_OneOperatorMayHaveSeveralNodes() public {
        bytes memory first = publicKeyOf(secret);
        bytes memory second = publicKeyOf(secret + 1);
        uint32 id = _register(MINIMUM_STAKE, first, possessionOf(secret, operator), ADDRESSES);
        uint32 other = _register(MINIMUM_STAKE, second, possessionOf(secret + 1, operator), ADDRESSES);
        vm.assertEq(registry.operatorOf(id), registry.operatorOf(other));
    }

    function test_TheEventTellsAll() public {
        bytes memory key = publicKeyOf(secret);
        bytes memory possession = possessionOf(secret, operator);
        vm.expectEmit(address(registry));
        emit IBundlerRegistry.BundlerRegistered(1, operator, vm.addr(secret), key, ADDRESSES, MINIMUM_STAKE);
        vm.expectEmit(address(registry));
        emit IBundlerRegistry.WeightChanged(1, MINIMUM_STAKE, nextEpoch());
        _register(MINIMUM_STAKE, key, possession, ADDRESSES);
    }
}
