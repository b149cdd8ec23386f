// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Test} from "./Test.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

interface ISimpleAccountFactory {
    function createAccount(address owner, uint256 salt) external returns (address);
    function getAddress(address owner, uint256 salt) external view returns (address);
}

interface ISimpleAccount {
    function execute(address target, uint256 value, bytes calldata data) external;
    function executeBatch(address[] calldata targets, uint256[] calldata values, bytes[] calldata data)
        external;
}

/// @notice The real EntryPoint v0.7 and SimpleAccount, from the byte codes that are deployed everywhere.
abstract contract EntryPointTest is Test {
    struct Gas {
        uint128 verificationGasLimit;
        uint128 callGasLimit;
        uint256 preVerificationGas;
        uint128 maxFeePerGasWei;
        uint128 maxPriorityFeePerGasWei;
    }

    IEntryPoint internal entryPoint;
    ISimpleAccountFactory internal factory;
    address internal bundler = makeAddr("bundler");
    address payable internal beneficiary = payable(makeAddr("beneficiary"));

    function deployEntryPoint() internal {
        entryPoint = IEntryPoint(_deployArtifact("EntryPoint", ""));
        factory = ISimpleAccountFactory(_deployArtifact("SimpleAccountFactory", abi.encode(entryPoint)));
    }

    function _deployArtifact(string memory name, bytes memory arguments) private returns (address deployed) {
        string memory path =
            string.concat("node_modules/@account-abstraction/contracts/artifacts/", name, ".json");
        bytes memory code = bytes.concat(vm.parseJsonBytes(vm.readFile(path), ".bytecode"), arguments);
        assembly {
            deployed := create(0, add(code, 32), mload(code))
        }
        require(deployed != address(0), "artifact does not deploy");
    }

    // ─── Building operations ─────────────────────────────────────────────────

    function ampleGas() internal pure returns (Gas memory) {
        return Gas({
            verificationGasLimit: 100_000,
            callGasLimit: 200_000,
            preVerificationGas: 50_000,
            // forge runs isolated calls at a base fee of zero, so the price paid is the tip.
            maxFeePerGasWei: 2 gwei,
            maxPriorityFeePerGasWei: 1 gwei
        });
    }

    function operationOf(address sender, bytes memory callData, Gas memory gas)
        internal
        view
        returns (PackedUserOperation memory operation)
    {
        operation.sender = sender;
        operation.nonce = entryPoint.getNonce(sender, 0);
        operation.callData = callData;
        operation.accountGasLimits = bytes32(abi.encodePacked(gas.verificationGasLimit, gas.callGasLimit));
        operation.preVerificationGas = gas.preVerificationGas;
        operation.gasFees = bytes32(abi.encodePacked(gas.maxPriorityFeePerGasWei, gas.maxFeePerGasWei));
    }

    function signByOwner(PackedUserOperation memory operation, uint256 ownerKey) internal view {
        bytes32 hash = entryPoint.getUserOpHash(operation);
        bytes32 digest = keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", hash));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ownerKey, digest);
        operation.signature = abi.encodePacked(r, s, v);
    }

    function calling(address target, bytes memory data) internal pure returns (bytes memory) {
        return abi.encodeCall(ISimpleAccount.execute, (target, 0, data));
    }

    function callingBoth(address first, bytes memory firstData, address second, bytes memory secondData)
        internal
        pure
        returns (bytes memory)
    {
        address[] memory targets = new address[](2);
        bytes[] memory data = new bytes[](2);
        (targets[0], targets[1]) = (first, second);
        (data[0], data[1]) = (firstData, secondData);
        return abi.encodeCall(ISimpleAccount.executeBatch, (targets, new uint256[](0), data));
    }

    // ─── Landing them ────────────────────────────────────────────────────────

    function land(PackedUserOperation memory operation) internal {
        PackedUserOperation[] memory operations = new PackedUserOperation[](1);
        operations[0] = operation;
        landAll(operations);
    }

    function landBoth(PackedUserOperation memory first, PackedUserOperation memory second) internal {
        PackedUserOperation[] memory operations = new PackedUserOperation[](2);
        (operations[0], operations[1]) = (first, second);
        landAll(operations);
    }

    function landAll(PackedUserOperation[] memory operations) internal {
        vm.prank(bundler, bundler);
        entryPoint.handleOps(operations, beneficiary);
    }

    /// @notice Whether the operation would land now; changes nothing.
    function lands(PackedUserOperation memory operation) internal returns (bool landed) {
        PackedUserOperation[] memory operations = new PackedUserOperation[](1);
        operations[0] = operation;
        uint256 state = vm.snapshotState();
        vm.prank(bundler, bundler);
        try entryPoint.handleOps(operations, beneficiary) {
            landed = true;
        } catch {}
        vm.revertToState(state);
    }
}
