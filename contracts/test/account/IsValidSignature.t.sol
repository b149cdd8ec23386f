// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {PasskeyTest} from "../support/PasskeyTest.sol";

/// @notice ERC-1271: what the account is taken to have signed.
contract IsValidSignatureTest is PasskeyTest {
    bytes4 private constant VALID = 0x1626ba7e;
    bytes4 private constant INVALID = 0xffffffff;

    function testFuzz_RefusesAnotherKey(uint256 key, bytes32 hash) public view {
        key = bound(key, 1, 2 ** 250);
        vm.assume(key != ownerKey);
        vm.assertEq(account.isValidSignature(hash, _sign(key, account.replaySafeHash(hash))), INVALID);
    }

    function testFuzz_RefusesBytesThatAreNoSignature(bytes32 hash, bytes calldata signature) public view {
        vm.assertEq(account.isValidSignature(hash, signature), INVALID);
        vm.assertEq(passkeyAccount.isValidSignature(hash, signature), INVALID);
    }

    /// @dev Else a signature for one account would be good for all of the same owner.
    function testFuzz_RefusesASignatureOverTheBareHash(bytes32 hash) public view {
        vm.assertEq(account.isValidSignature(hash, _sign(ownerKey, hash)), INVALID);
        vm.assertEq(passkeyAccount.isValidSignature(hash, abi.encode(assertionOf(hash))), INVALID);
    }

    function testFuzz_RefusesWhatAnotherAccountOfTheSameOwnerSigned(bytes32 hash) public {
        IComputeAccount other = createAccount(abi.encodePacked(owner), 1);
        bytes memory signature = _sign(ownerKey, other.replaySafeHash(hash));
        vm.assertEq(other.isValidSignature(hash, signature), VALID);
        vm.assertEq(account.isValidSignature(hash, signature), INVALID);
    }

    function testFuzz_RefusesWhatWasSignedForAnotherChain(bytes32 hash) public {
        bytes memory signature = _sign(ownerKey, account.replaySafeHash(hash));
        vm.chainId(10395);
        vm.assertEq(account.isValidSignature(hash, signature), INVALID);
    }

    function testFuzz_AcceptsTheOwner(bytes32 hash) public view {
        bytes memory signature = _sign(ownerKey, account.replaySafeHash(hash));
        vm.assertEq(account.isValidSignature(hash, signature), VALID);
    }

    function testFuzz_AcceptsThePasskey(bytes32 hash) public view {
        bytes memory signature = abi.encode(assertionOf(passkeyAccount.replaySafeHash(hash)));
        vm.assertEq(passkeyAccount.isValidSignature(hash, signature), VALID);
    }

    /// @dev As wallets and the SDK compute it.
    function testFuzz_TheReplaySafeHashIsTypedData(bytes32 hash) public view {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("ComputeAccount"),
                keccak256("1"),
                block.chainid,
                account
            )
        );
        bytes32 message = keccak256(abi.encode(keccak256("ComputeAccountMessage(bytes32 hash)"), hash));
        bytes32 expected = keccak256(abi.encodePacked("\x19\x01", domain, message));
        vm.assertEq(account.replaySafeHash(hash), expected);
    }

    /// @dev The use that matters here: the token's permit, signed once by a passkey.
    function test_ThePasskeySignsAPermit() public {
        bytes32 permit = keccak256(
            abi.encode(
                keccak256(
                    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
                ),
                passkeyAccount,
                stranger,
                7 ether,
                0,
                type(uint256).max
            )
        );
        bytes32 hash = keccak256(abi.encodePacked("\x19\x01", token.DOMAIN_SEPARATOR(), permit));
        bytes memory signature = abi.encode(assertionOf(passkeyAccount.replaySafeHash(hash)));
        token.permit(address(passkeyAccount), stranger, 7 ether, type(uint256).max, signature);
        vm.assertEq(token.allowance(address(passkeyAccount), stranger), 7 ether);
    }

    function _sign(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }
}
