// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundleGuard} from "../../src/bundling/IBundleGuard.sol";
import {BundleGuardTest} from "../support/BundleGuardTest.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

contract GuardHandleOpsTest is BundleGuardTest {
    // ─── Refused ─────────────────────────────────────────────────────────────

    function test_RevertWhen_TheEntryPointIsNone() public {
        bytes memory code = vm.getCode("BundleGuard.sol:BundleGuard");
        for (uint256 i = 0; i < 2; ++i) {
            address none = i == 0 ? address(guard) : target;
            bytes memory creation = bytes.concat(code, abi.encode(none));
            vm.expectRevert(abi.encodeWithSelector(IBundleGuard.InvalidEntryPoint.selector, none));
            assembly {
                pop(create(0, add(creation, 32), mload(creation)))
            }
        }
    }

    function test_RevertWhen_CoinsComeWithIt() public {
        vm.deal(bundler, 1 ether);
        bytes memory call = abi.encodeCall(IBundleGuard.handleOps, (oneOfEach(1), beneficiary, block.number));
        vm.prank(bundler);
        (bool accepted,) = address(guard).call{value: 1}(call);
        vm.assertFalse(accepted);
        vm.prank(bundler);
        (accepted,) = address(guard).call{value: 1}("");
        vm.assertFalse(accepted);
    }

    function testFuzz_TheEntryPointsErrorComesThroughWithTheIndexOfTheOperationGiven(
        uint256 staleMask,
        uint256 at,
        bool reverts
    ) public {
        PackedUserOperation[] memory operations = oneOfEach(5);
        at = bound(at, 0, 4);
        for (uint256 i = 0; i < 5; ++i) {
            if (staleMask >> i & 1 == 1 && i != at) land(operations[i]);
        }
        // A signature of the wrong length reverts in the account (AA23), another key's is a failed one (AA24).
        if (reverts) operations[at].signature = hex"01";
        else signByOwner(operations[at], ownerKey + 1);
        bytes memory direct = _directError(operations[at], at);
        vm.expectRevert(direct);
        guarded(operations);
    }

    function test_OtherErrorsOfTheEntryPointComeThroughByteForByte() public {
        PackedUserOperation[] memory operations = oneOfEach(2);
        vm.expectRevert(abi.encodeWithSignature("Error(string)", "AA90 invalid beneficiary"));
        guard.handleOps(operations, payable(0), ANY_BLOCK);
        operations[1].preVerificationGas = type(uint128).max;
        vm.expectRevert(abi.encodeWithSignature("Error(string)", "AA94 gas values overflow"));
        guarded(operations);
    }

    // ─── Too late ────────────────────────────────────────────────────────────

    function testFuzz_AfterTheLastBlockNothingLands(uint256 lastBlock, uint256 now_) public {
        lastBlock = bound(lastBlock, 0, type(uint64).max - 1);
        now_ = bound(now_, lastBlock + 1, type(uint64).max);
        PackedUserOperation[] memory operations = oneOfEach(3);
        vm.roll(now_);
        vm.recordLogs();
        vm.prank(bundler, bundler);
        vm.assertEq(guard.handleOps(operations, beneficiary, lastBlock), 0);
        vm.assertEq(vm.getRecordedLogs().length, 0);
        vm.assertEq(guarded(operations), 3);
    }

    function testFuzz_InTheLastBlockAndBeforeItLands(uint256 lastBlock, uint256 now_) public {
        lastBlock = bound(lastBlock, 1, type(uint64).max);
        now_ = bound(now_, 1, lastBlock);
        PackedUserOperation[] memory operations = oneOfEach(1);
        vm.roll(now_);
        vm.prank(bundler, bundler);
        vm.assertEq(guard.handleOps(operations, beneficiary, lastBlock), 1);
        vm.assertEq(entryPoint.getNonce(accounts[0], 0), operations[0].nonce + 1);
    }

    // ─── What is stale is left out ───────────────────────────────────────────

    function testFuzz_WhatSomebodyElseLandedIsLeftOutAndTheRestLands(uint256 staleMask) public {
        uint256 count = 8;
        PackedUserOperation[] memory operations = oneOfEach(count);
        bytes32[] memory fresh = new bytes32[](count);
        uint256 left;
        for (uint256 i = 0; i < count; ++i) {
            if (staleMask >> i & 1 == 1) land(operations[i]);
            else fresh[left++] = entryPoint.getUserOpHash(operations[i]);
        }
        vm.recordLogs();
        vm.assertEq(guarded(operations), left);
        (bytes32[] memory landed, bool[] memory successes) = landedHashes();
        vm.assertEq(landed.length, left);
        for (uint256 i = 0; i < left; ++i) {
            vm.assertEq(landed[i], fresh[i]);
            vm.assertTrue(successes[i]);
        }
    }

    function test_NothingLeftDoesNothing() public {
        PackedUserOperation[] memory operations = oneOfEach(4);
        landAll(operations);
        vm.recordLogs();
        vm.assertEq(guarded(operations), 0);
        vm.assertEq(guarded(new PackedUserOperation[](0)), 0);
        vm.assertEq(vm.getRecordedLogs().length, 0);
    }

    /// @dev Against a model: of each sender and key the nonces count up from the chain's; all else is left out.
    function testFuzz_OperationsOfOneSenderAndKeyCountUp(uint256 seed) public {
        uint256 count = 9;
        PackedUserOperation[] memory operations = new PackedUserOperation[](count);
        bytes32[] memory expected = new bytes32[](count);
        uint256[4] memory next;
        uint256 left;
        for (uint256 i = 0; i < count; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            (uint256 whose, uint256 key) = (random & 1, random >> 1 & 1);
            address sender = accounts[whose];
            uint256 ahead = random >> 8 & 3;
            uint256 nonce = entryPoint.getNonce(sender, uint192(key)) + ahead;
            operations[i] = signedOperation(sender, nonce, calling(target, abi.encode(i)));
            if (ahead != next[whose * 2 + key]) continue;
            ++next[whose * 2 + key];
            expected[left++] = entryPoint.getUserOpHash(operations[i]);
        }
        vm.recordLogs();
        vm.assertEq(guarded(operations), left);
        (bytes32[] memory landed,) = landedHashes();
        vm.assertEq(landed.length, left);
        for (uint256 i = 0; i < left; ++i) {
            vm.assertEq(landed[i], expected[i]);
        }
    }

    /// @dev The guard has read each nonce before the EntryPoint does, which finds it warm (EIP-2929: 100 gas for
    /// 2,100) and bills the sender so much less: the bundler's preVerificationGas has to ask for it.
    function test_TheBeneficiaryIsPaidAsWithoutTheGuardButForTheNoncesRead() public {
        PackedUserOperation[] memory operations = oneOfEach(3);
        uint256 state = vm.snapshotState();
        landAll(operations);
        uint256 directWei = beneficiary.balance;
        vm.revertToState(state);
        guarded(operations);
        vm.assertEq(beneficiary.balance, directWei - 3 * 2_000 * 1 gwei);
        vm.assertEq(address(guard).balance, 0);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    /// @dev What the EntryPoint says of the operation alone, with `index` in place of 0.
    function _directError(PackedUserOperation memory operation, uint256 index)
        private
        returns (bytes memory thrown)
    {
        vm.prank(bundler, bundler);
        try entryPoint.handleOps(bundleOf(operation), beneficiary) {
            vm.assertTrue(false, "it lands");
        } catch (bytes memory data) {
            thrown = data;
        }
        vm.assertTrue(
            bytes4(thrown) == IEntryPoint.FailedOp.selector
                || bytes4(thrown) == IEntryPoint.FailedOpWithRevert.selector
        );
        assembly {
            mstore(add(thrown, 36), index)
        }
    }
}
