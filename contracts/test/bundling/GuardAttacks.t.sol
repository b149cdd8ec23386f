// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundleGuard} from "../../src/bundling/IBundleGuard.sol";
import {IComputePaymaster} from "../../src/paymaster/IComputePaymaster.sol";
import {BundleGuardTest} from "../support/BundleGuardTest.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice When it is paid, brings the guard another bundle, or refuses.
contract BundlingBeneficiary {
    IBundleGuard private immutable _guard;
    PackedUserOperation[] private _operations;
    bool public wasRefused;
    bool private _refuses;

    constructor(IBundleGuard guard_, bool refuses) {
        (_guard, _refuses) = (guard_, refuses);
    }

    function bring(PackedUserOperation calldata operation) external {
        _operations.push(operation);
    }

    receive() external payable {
        require(!_refuses);
        if (_operations.length == 0) return;
        try _guard.handleOps(_operations, payable(address(this)), type(uint256).max) {}
        catch {
            wasRefused = true;
        }
    }
}

/// @notice What may be tried against a bundler, or by it, through the guard.
contract GuardAttacksTest is BundleGuardTest {
    function test_Attack_AnOperationBringsABundleOfItsOwn() public {
        PackedUserOperation memory inner = signedOperation(accounts[1], 0);
        bytes memory bringing = calling(
            address(guard), abi.encodeCall(guard.handleOps, (bundleOf(inner), beneficiary, ANY_BLOCK))
        );
        PackedUserOperation memory outer =
            signedOperation(accounts[0], entryPoint.getNonce(accounts[0], 0), bringing);
        vm.recordLogs();
        vm.assertEq(guarded(bundleOf(outer, signedOperation(accounts[2], 0))), 2);
        (, bool[] memory successes) = landedHashes();
        vm.assertEq(successes.length, 2);
        vm.assertFalse(successes[0]);
        vm.assertTrue(successes[1]);
        vm.assertEq(entryPoint.getNonce(accounts[1], 0), inner.nonce);
    }

    function test_Attack_TheBeneficiaryBringsABundleOfItsOwn() public {
        BundlingBeneficiary greedy = new BundlingBeneficiary(guard, false);
        PackedUserOperation memory inner = signedOperation(accounts[1], 0);
        greedy.bring(inner);
        vm.prank(bundler, bundler);
        guard.handleOps(oneOfEach(1), payable(address(greedy)), ANY_BLOCK);
        vm.assertTrue(greedy.wasRefused());
        vm.assertEq(entryPoint.getNonce(accounts[1], 0), inner.nonce);
        vm.assertGt(address(greedy).balance, 0);
    }

    function test_Attack_TheBeneficiaryRefuses() public {
        address payable refusing = payable(address(new BundlingBeneficiary(guard, true)));
        PackedUserOperation[] memory operations = oneOfEach(2);
        vm.expectRevert(abi.encodeWithSignature("Error(string)", "AA91 failed send to beneficiary"));
        vm.prank(bundler, bundler);
        guard.handleOps(operations, refusing, ANY_BLOCK);
        // Nothing is caught in the guard either: it takes no coins.
        vm.expectRevert(abi.encodeWithSignature("Error(string)", "AA91 failed send to beneficiary"));
        vm.prank(bundler, bundler);
        guard.handleOps(operations, payable(address(guard)), ANY_BLOCK);
    }

    /// @dev Too little gas undoes the bundle (AA95), as without the guard; it never makes an operation fail.
    function testFuzz_Attack_ABundlerStarvesAnOperationThroughTheGuard(uint256 gasLimit) public {
        PackedUserOperation[] memory operations = oneOfEach(2);
        gasLimit = bound(gasLimit, 50_000, 1_200_000);
        vm.recordLogs();
        vm.prank(bundler, bundler);
        try guard.handleOps{gas: gasLimit}(operations, beneficiary, ANY_BLOCK) {
            (, bool[] memory successes) = landedHashes();
            vm.assertEq(successes.length, 2);
            vm.assertTrue(successes[0] && successes[1]);
        } catch {
            vm.assertEq(entryPoint.getNonce(accounts[0], 0), operations[0].nonce);
        }
    }

    /// @dev Any word of the call replaced by any value: what the guard lets through, the EntryPoint has validated; so it
    /// lands what the EntryPoint lands of the same bytes, or nothing.
    function testFuzz_Attack_MalformedCalldataLandsNothingThatWasNotSigned(
        uint256 at,
        uint256 word,
        bool isStale
    ) public {
        PackedUserOperation[] memory operations = oneOfEach(3);
        if (isStale) land(operations[0]);
        bytes memory data = abi.encodeCall(guard.handleOps, (operations, beneficiary, ANY_BLOCK));
        at = bound(at, 0, (data.length - 36) / 32) * 32 + 36;
        // As likely as not an offset that leads somewhere.
        if (word & 1 == 0) word = word >> 1 & 0xfff;
        assembly {
            mstore(add(data, at), word)
        }
        bytes32[3] memory signed;
        for (uint256 i = 0; i < 3; ++i) {
            signed[i] = entryPoint.getUserOpHash(operations[i]);
        }
        vm.recordLogs();
        vm.prank(bundler, bundler);
        (bool accepted,) = address(guard).call(data);
        (bytes32[] memory landed,) = landedHashes();
        for (uint256 i = isStale ? 1 : 0; i < 3 && !accepted; ++i) {
            vm.assertEq(entryPoint.getNonce(accounts[i], 0), operations[i].nonce);
        }
        for (uint256 i = 0; i < landed.length; ++i) {
            vm.assertTrue(landed[i] == signed[0] || landed[i] == signed[1] || landed[i] == signed[2]);
        }
    }

    function testFuzz_Attack_TruncatedCalldataLandsNothing(uint256 length) public {
        bytes memory data = abi.encodeCall(guard.handleOps, (oneOfEach(2), beneficiary, ANY_BLOCK));
        // Without its last word, which is the signature's padding, it may still be whole.
        length = bound(length, 0, data.length - 64);
        assembly {
            mstore(data, length)
        }
        vm.prank(bundler, bundler);
        (bool accepted,) = address(guard).call(data);
        vm.assertFalse(accepted);
    }

    function test_Attack_AGuardBehindAGuard() public {
        bytes memory code = vm.getCode("BundleGuard.sol:BundleGuard");
        bytes memory creation = bytes.concat(code, abi.encode(address(guard)));
        vm.expectRevert(abi.encodeWithSelector(IBundleGuard.InvalidEntryPoint.selector, address(guard)));
        assembly {
            pop(create(0, add(creation, 32), mload(creation)))
        }
        IBundleGuard second = IBundleGuard(deploy("BundleGuard", abi.encode(entryPoint)));
        bytes memory bringing = calling(
            address(second),
            abi.encodeCall(
                guard.handleOps, (bundleOf(signedOperation(accounts[1], 0)), beneficiary, ANY_BLOCK)
            )
        );
        vm.recordLogs();
        guarded(bundleOf(signedOperation(accounts[0], entryPoint.getNonce(accounts[0], 0), bringing)));
        (, bool[] memory successes) = landedHashes();
        vm.assertEq(successes.length, 1);
        vm.assertFalse(successes[0]);
    }

    /// @dev What our paymaster holds back during a bundle it also holds back when the guard brought it.
    function test_Attack_TanksAreCollectedOutOfABundleBehindTheGuard() public {
        address token = deploy("ComputeToken", "");
        IComputePaymaster paymaster =
            IComputePaymaster(deploy("ComputePaymaster", abi.encode(entryPoint, token, owner)));
        paymaster.collectFromTanks(accounts);
        bytes memory collecting =
            calling(address(paymaster), abi.encodeCall(paymaster.collectFromTanks, (accounts)));
        vm.recordLogs();
        guarded(bundleOf(signedOperation(accounts[0], entryPoint.getNonce(accounts[0], 0), collecting)));
        (, bool[] memory successes) = landedHashes();
        vm.assertFalse(successes[0]);
    }

    /// @dev An operation whose execution uses up the nonce of the next: validated before, it lands all the same.
    function test_AnOperationWhoseExecutionUsesTheNextNonceUndoesNothing() public {
        bytes memory bumping = calling(address(entryPoint), abi.encodeCall(entryPoint.incrementNonce, (0)));
        uint256 nonce = entryPoint.getNonce(accounts[0], 0);
        PackedUserOperation memory first = signedOperation(accounts[0], nonce, bumping);
        PackedUserOperation memory next = signedOperation(accounts[0], nonce + 1, calling(target, ""));
        vm.assertEq(guarded(bundleOf(first, next)), 2);
        vm.assertEq(entryPoint.getNonce(accounts[0], 0), nonce + 3);
    }

    function test_TheIndexCountsWhatWasLeftOutToo() public {
        PackedUserOperation[] memory operations = oneOfEach(3);
        land(operations[0]);
        signByOwner(operations[2], ownerKey + 1);
        vm.expectRevert(abi.encodeWithSelector(IEntryPoint.FailedOp.selector, 2, "AA24 signature error"));
        guarded(operations);
    }
}
