// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IBundleGuard} from "../../src/bundling/IBundleGuard.sol";
import {EntryPointTest} from "./EntryPointTest.sol";
import {Vm} from "./Vm.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice A guard before the real EntryPoint, and funded accounts of one owner whose operations it is handed.
abstract contract BundleGuardTest is EntryPointTest {
    uint256 internal constant ACCOUNTS = 10;
    uint256 internal constant ANY_BLOCK = type(uint256).max;

    IBundleGuard internal guard;
    address internal owner;
    uint256 internal ownerKey;
    address[] internal accounts;
    address internal target = makeAddr("target");

    function setUp() public virtual {
        deployEntryPoint();
        guard = IBundleGuard(deploy("BundleGuard", abi.encode(entryPoint)));
        (owner, ownerKey) = makeAddrAndKey("owner");
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            accounts.push(factory.createAccount(owner, i));
            vm.deal(accounts[i], 10 ether);
            // The first operation writes slots that are dearer than ever after.
            land(signedOperation(accounts[i], 0));
        }
        vm.deal(beneficiary, 1);
        vm.deal(target, 1);
    }

    // ─── Operations ──────────────────────────────────────────────────────────

    /// @notice Of `sender`, `ahead` places after the nonce that it has now of key 0.
    function signedOperation(address sender, uint256 ahead)
        internal
        view
        returns (PackedUserOperation memory)
    {
        return signedOperation(sender, entryPoint.getNonce(sender, 0) + ahead, calling(target, ""));
    }

    function signedOperation(address sender, uint256 nonce, bytes memory callData)
        internal
        view
        returns (PackedUserOperation memory operation)
    {
        operation = operationOf(sender, callData, ampleGas());
        operation.nonce = nonce;
        signByOwner(operation, ownerKey);
    }

    /// @notice One of each of the first `count` accounts.
    function oneOfEach(uint256 count) internal view returns (PackedUserOperation[] memory operations) {
        operations = new PackedUserOperation[](count);
        for (uint256 i = 0; i < count; ++i) {
            operations[i] = signedOperation(accounts[i], 0);
        }
    }

    function bundleOf(PackedUserOperation memory one)
        internal
        pure
        returns (PackedUserOperation[] memory operations)
    {
        operations = new PackedUserOperation[](1);
        operations[0] = one;
    }

    function bundleOf(PackedUserOperation memory one, PackedUserOperation memory other)
        internal
        pure
        returns (PackedUserOperation[] memory operations)
    {
        operations = new PackedUserOperation[](2);
        (operations[0], operations[1]) = (one, other);
    }

    // ─── Handing them to the guard ───────────────────────────────────────────

    function guarded(PackedUserOperation[] memory operations) internal returns (uint256 passedOn) {
        vm.prank(bundler, bundler);
        return guard.handleOps(operations, beneficiary, ANY_BLOCK);
    }

    /// @notice The hashes of what landed, in order, of the logs recorded since `vm.recordLogs`.
    function landedHashes() internal returns (bytes32[] memory hashes, bool[] memory successes) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 count;
        hashes = new bytes32[](logs.length);
        successes = new bool[](logs.length);
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != IEntryPoint.UserOperationEvent.selector) continue;
            hashes[count] = logs[i].topics[1];
            (, successes[count],,) = abi.decode(logs[i].data, (uint256, bool, uint256, uint256));
            ++count;
        }
        assembly {
            mstore(hashes, count)
            mstore(successes, count)
        }
    }
}
