// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PackedFields} from "./PackedFields.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @title What a signer of the paymaster signs: an operation with its paymaster's terms.
library PaymasterTerms {
    using PackedFields for bytes;

    bytes32 private constant OPERATION_TYPEHASH = keccak256(
        "SponsoredUserOperation(address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes paymasterTerms)"
    );

    /// @dev Above it s has a twin that signs the same (EIP-2).
    uint256 private constant GREATEST_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// @notice The operation's paymasterAndData.
    /// @dev Where it and the other byte strings stand is not checked again: EntryPoint encoded them.
    function paymasterDataOf(PackedUserOperation calldata userOp)
        internal
        pure
        returns (bytes calldata data)
    {
        assembly {
            let at := add(userOp, calldataload(add(userOp, 0xe0)))
            data.offset := add(at, 0x20)
            data.length := calldataload(at)
        }
    }

    /// @notice The EIP-712 struct hash of `userOp`, of whose paymasterAndData `termsLength` bytes are signed.
    /// @dev By hand, since abi.encode and slices cost as much again as the hashing itself.
    function structHashOf(PackedUserOperation calldata userOp, uint256 termsLength)
        internal
        pure
        returns (bytes32 hash)
    {
        bytes32 typeHash = OPERATION_TYPEHASH;
        assembly ("memory-safe") {
            // Scratch beyond the free memory pointer: nothing is kept.
            let at := mload(0x40)
            function hashed(to, from, length) -> digest {
                calldatacopy(to, from, length)
                digest := keccak256(to, length)
            }
            let initCode := add(userOp, calldataload(add(userOp, 0x40)))
            let initCodeHash := hashed(at, add(initCode, 0x20), calldataload(initCode))
            let callData := add(userOp, calldataload(add(userOp, 0x60)))
            let callDataHash := hashed(at, add(callData, 0x20), calldataload(callData))
            let terms := add(userOp, calldataload(add(userOp, 0xe0)))
            let termsHash := hashed(at, add(terms, 0x20), termsLength)
            mstore(at, typeHash)
            calldatacopy(add(at, 0x20), userOp, 0x40) // sender, nonce
            mstore(add(at, 0x60), initCodeHash)
            mstore(add(at, 0x80), callDataHash)
            // accountGasLimits, preVerificationGas and gasFees stand together.
            calldatacopy(add(at, 0xa0), add(userOp, 0x80), 0x60)
            mstore(add(at, 0x100), termsHash)
            hash := keccak256(at, 0x120)
        }
    }

    /// @notice Whose signature (r, s, v) of `digest` stands at `signatureAt` of `data`.
    /// @return signer Zero, which is never a signer, if it is none.
    function signerOf(bytes calldata data, uint256 signatureAt, bytes32 digest)
        internal
        pure
        returns (address signer)
    {
        unchecked {
            uint256 s = data.field(signatureAt + 32, 32);
            if (s > GREATEST_S) return address(0);
            bytes32 r = bytes32(data.field(signatureAt, 32));
            return ecrecover(digest, uint8(data.field(signatureAt + 64, 1)), r, bytes32(s));
        }
    }
}
