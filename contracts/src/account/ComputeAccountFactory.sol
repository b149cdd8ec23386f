// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "./IComputeAccount.sol";
import {IComputeAccountFactory} from "./IComputeAccountFactory.sol";
import {OwnerKeys} from "./OwnerKeys.sol";
import {IERC1822Proxiable} from "@openzeppelin/contracts/interfaces/draft-IERC1822.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";

/// @title Creates accounts; what it promises stands on `IComputeAccountFactory`.
contract ComputeAccountFactory is IComputeAccountFactory {
    using OwnerKeys for bytes;

    /// @inheritdoc IComputeAccountFactory
    address public immutable implementation;

    constructor(address implementation_) {
        // A call to an address without code would revert here instead of being caught.
        if (implementation_.code.length == 0) revert InvalidImplementation(implementation_);
        try IERC1822Proxiable(implementation_).proxiableUUID() returns (bytes32 slot) {
            if (slot != ERC1967Utils.IMPLEMENTATION_SLOT) revert InvalidImplementation(implementation_);
        } catch {
            revert InvalidImplementation(implementation_);
        }
        implementation = implementation_;
    }

    /// @inheritdoc IComputeAccountFactory
    function createAccount(bytes calldata owner, uint256 salt) external returns (address account) {
        account = getAddress(owner, salt);
        if (account.code.length != 0) return account;
        new ERC1967Proxy{salt: bytes32(salt)}(implementation, _initialization(owner));
        emit AccountCreated(account, owner, salt);
    }

    /// @inheritdoc IComputeAccountFactory
    function getAddress(bytes calldata owner, uint256 salt) public view returns (address) {
        // Nobody shall send money to an address at which no account can come to be.
        owner.parse();
        bytes memory arguments = abi.encode(implementation, _initialization(owner));
        return Create2.computeAddress(
            bytes32(salt), keccak256(bytes.concat(type(ERC1967Proxy).creationCode, arguments))
        );
    }

    function _initialization(bytes calldata owner) private pure returns (bytes memory) {
        return abi.encodeCall(IComputeAccount.initialize, (owner));
    }
}
