// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPromiseCourt} from "./IPromiseCourt.sol";

/// @notice EIP-712 struct hashes of what bundlers sign; sdk/src/protocol/bundling.ts has the same types.
library BundlingMessages {
    bytes32 private constant PROMISE_TYPEHASH = keccak256(
        "InclusionPromise(uint32 bundlerId,bytes32 userOpHash,address sender,uint256 nonce,uint64 latestBlock,uint128 maxBaseFeePerGas)"
    );
    bytes32 private constant COMMIT_TYPEHASH = keccak256(
        "BundleCommit(uint32 bundlerId,uint64 window,uint32 sequence,bytes32 operationsHash,bytes32 transactionHash)"
    );

    function structHashOf(IPromiseCourt.InclusionPromise calldata promise_) internal pure returns (bytes32) {
        return keccak256(abi.encode(PROMISE_TYPEHASH, promise_));
    }

    function structHashOf(IPromiseCourt.BundleCommit calldata commit) internal pure returns (bytes32) {
        return keccak256(abi.encode(COMMIT_TYPEHASH, commit));
    }
}
