// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Call} from "../../src/account/Call.sol";
import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {IComputeAccountFactory} from "../../src/account/IComputeAccountFactory.sol";
import {IComputeToken} from "../../src/token/IComputeToken.sol";
import {EntryPointTest} from "./EntryPointTest.sol";
import {Vm} from "./Vm.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice A funded ComputeAccount of a secp256k1 owner, whose operations land through the real EntryPoint.
abstract contract ComputeAccountTest is EntryPointTest {
    /// @dev What became of an operation. @param reason Revert data of the execution.
    struct Landing {
        bool success;
        bytes reason;
        uint256 gasUsed;
        uint256 costWei;
    }

    IComputeToken internal token;
    address internal implementation;
    IComputeAccountFactory internal accountFactory;
    IComputeAccount internal account;
    address internal owner;
    uint256 internal ownerKey;
    address internal stranger = makeAddr("stranger");

    function setUp() public virtual {
        (owner, ownerKey) = makeAddrAndKey("owner");
        deployEntryPoint();
        token = IComputeToken(deploy("ComputeToken", ""));
        implementation = deploy("ComputeAccount", abi.encode(entryPoint, token));
        accountFactory = IComputeAccountFactory(deploy("ComputeAccountFactory", abi.encode(implementation)));
        account = createAccount(abi.encodePacked(owner), 0);
        fund(address(account));
    }

    function createAccount(bytes memory owner_, uint256 salt) internal returns (IComputeAccount) {
        return IComputeAccount(accountFactory.createAccount(owner_, salt));
    }

    /// @notice 10 coins and 100 tokens.
    function fund(address holder) internal {
        vm.deal(holder, 10 ether);
        vm.deal(address(this), 100 ether);
        token.depositTo{value: 100 ether}(holder);
    }

    // ─── Calls ───────────────────────────────────────────────────────────────

    function executing(address target, uint256 value, bytes memory data)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodeCall(IComputeAccount.execute, (target, value, data));
    }

    function executing(address target, bytes memory data) internal pure returns (bytes memory) {
        return executing(target, 0, data);
    }

    function batching(Call[] memory calls) internal pure returns (bytes memory) {
        return abi.encodeCall(IComputeAccount.executeBatch, (calls));
    }

    function callsOf(address target, bytes memory data) internal pure returns (Call[] memory calls) {
        calls = new Call[](1);
        calls[0] = Call(target, 0, data);
    }

    function callsOf(address first, bytes memory firstData, address second, bytes memory secondData)
        internal
        pure
        returns (Call[] memory calls)
    {
        calls = new Call[](2);
        calls[0] = Call(first, 0, firstData);
        calls[1] = Call(second, 0, secondData);
    }

    // ─── The owner's operations ──────────────────────────────────────────────

    function accountGas() internal pure virtual returns (Gas memory gas) {
        gas = ampleGas();
        gas.callGasLimit = 1_000_000;
    }

    function ownerOperation(bytes memory callData)
        internal
        view
        returns (PackedUserOperation memory operation)
    {
        operation = operationOf(address(account), callData, accountGas());
        signByOwner(operation, ownerKey);
    }

    /// @notice Lands an owner's operation, which must succeed.
    function asOwner(bytes memory callData) internal {
        Landing memory landing = landAndRead(ownerOperation(callData));
        vm.assertTrue(landing.success, "the owner's operation succeeds");
    }

    /// @notice Lands an owner's operation, whose execution must revert with exactly this.
    function asOwnerReverting(bytes memory callData, bytes memory reason) internal {
        assertExecutionReverts(ownerOperation(callData), reason);
    }

    // ─── What landing did ────────────────────────────────────────────────────

    function landAndRead(PackedUserOperation memory operation) internal returns (Landing memory) {
        vm.recordLogs();
        land(operation);
        return readLanding(vm.getRecordedLogs(), entryPoint.getUserOpHash(operation));
    }

    function readLanding(Vm.Log[] memory logs, bytes32 userOpHash)
        internal
        pure
        returns (Landing memory landing)
    {
        bool seen;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics.length < 2 || logs[i].topics[1] != userOpHash) continue;
            if (logs[i].topics[0] == IEntryPoint.UserOperationEvent.selector) {
                seen = true;
                (, landing.success, landing.costWei, landing.gasUsed) =
                    abi.decode(logs[i].data, (uint256, bool, uint256, uint256));
            } else if (logs[i].topics[0] == IEntryPoint.UserOperationRevertReason.selector) {
                (, landing.reason) = abi.decode(logs[i].data, (uint256, bytes));
            }
        }
        require(seen, "the operation did not land");
    }

    function assertExecutionReverts(PackedUserOperation memory operation, bytes memory reason) internal {
        Landing memory landing = landAndRead(operation);
        vm.assertFalse(landing.success);
        vm.assertEq(landing.reason, reason);
    }

    /// @notice Asserts that validation itself reverts with exactly this, so that no bundler lets it in.
    function assertRefused(PackedUserOperation memory operation, bytes memory reason) internal {
        assertHandleOpsReverts(
            operation,
            abi.encodeWithSelector(IEntryPoint.FailedOpWithRevert.selector, 0, "AA23 reverted", reason)
        );
    }

    function assertSignatureRefused(PackedUserOperation memory operation) internal {
        assertHandleOpsReverts(
            operation, abi.encodeWithSelector(IEntryPoint.FailedOp.selector, 0, "AA24 signature error")
        );
    }

    function assertHandleOpsReverts(PackedUserOperation memory operation, bytes memory reason) internal {
        PackedUserOperation[] memory operations = new PackedUserOperation[](1);
        operations[0] = operation;
        vm.prank(bundler, bundler);
        vm.expectRevert(reason);
        entryPoint.handleOps(operations, beneficiary);
    }
}
