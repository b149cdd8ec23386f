// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";

/// @title Verifies what a browser returns when a passkey signs (W3C Web Authentication, section 7.2).
/// @dev The relying party's id is not checked: a passkey signs for one only, and it is the one it was created
/// for. Nor is the origin, which the browser holds against that id, nor the counter, which passkeys that
/// are synchronised between devices do not keep.
library WebAuthn {
    /// @param authenticatorData As returned. @param clientDataJSON As returned.
    /// @param challengeIndex Where `"challenge":"…"` begins in it. @param typeIndex Where `"type":"…"` begins.
    /// @param r Of the signature. @param s Of the signature, in the lower half (n - s otherwise).
    struct Assertion {
        bytes authenticatorData;
        string clientDataJSON;
        uint256 challengeIndex;
        uint256 typeIndex;
        bytes32 r;
        bytes32 s;
    }

    bytes private constant TYPE = '"type":"webauthn.get"';

    /// @dev Hash of the relying party's id (32), flags (1), counter (4).
    uint256 private constant AUTHENTICATOR_DATA_MIN_LENGTH = 37;
    uint256 private constant FLAGS_AT = 32;
    bytes1 private constant USER_PRESENT = 0x01;
    bytes1 private constant USER_VERIFIED = 0x04;
    bytes1 private constant BACKUP_ELIGIBLE = 0x08;
    bytes1 private constant BACKED_UP = 0x10;

    /// @notice Whether `encoded`, an abi-encoded Assertion, is the key's over `challenge`. Never reverts.
    /// @dev What can be decoded gets all the work that a right signature costs, so that gas can be estimated
    /// with another one.
    /// @param x Of a public key that is a point of the curve. @param y Of it.
    function verify(bytes32 challenge, bytes calldata encoded, bytes32 x, bytes32 y)
        internal
        view
        returns (bool)
    {
        (bool decoded, Assertion calldata assertion) = _tryDecode(encoded);
        if (!decoded) return false;
        bytes calldata json = bytes(assertion.clientDataJSON);
        // Browsers escape quotes inside of values: neither member can be forged by an origin.
        bool valid = _standsAt(json, assertion.typeIndex, TYPE);
        valid = _standsAt(json, assertion.challengeIndex, _challengeMember(challenge)) && valid;
        valid = _isVerified(assertion.authenticatorData) && valid;
        bytes32 signed = sha256(bytes.concat(assertion.authenticatorData, sha256(json)));
        return P256.verifySolidity(signed, assertion.r, assertion.s, x, y) && valid;
    }

    function _challengeMember(bytes32 challenge) private pure returns (bytes memory) {
        return bytes.concat('"challenge":"', bytes(Base64.encodeURL(abi.encodePacked(challenge))), '"');
    }

    function _standsAt(bytes calldata text, uint256 at, bytes memory part) private pure returns (bool) {
        if (at > text.length || part.length > text.length - at) return false;
        return keccak256(text[at:at + part.length]) == keccak256(part);
    }

    /// @dev The user was there and proved to be the user; a key that cannot be backed up has not been.
    function _isVerified(bytes calldata authenticatorData) private pure returns (bool) {
        if (authenticatorData.length < AUTHENTICATOR_DATA_MIN_LENGTH) return false;
        bytes1 flags = authenticatorData[FLAGS_AT];
        return flags & (USER_PRESENT | USER_VERIFIED) == USER_PRESENT | USER_VERIFIED
            && flags & (BACKUP_ELIGIBLE | BACKED_UP) != BACKED_UP;
    }

    /// @dev `abi.decode` would revert, and copy. Everything the encoding points to must lie within it.
    function _tryDecode(bytes calldata encoded) private pure returns (bool, Assertion calldata assertion) {
        assembly ("memory-safe") {
            assertion := add(encoded.offset, 32)
        }
        // The offset of the struct, its six words, and the lengths of its two byte strings.
        if (encoded.length < 32 * 9 || uint256(bytes32(encoded)) != 32) return (false, assertion);
        bytes calldata body = encoded[32:];
        return (_isWithin(body, 0) && _isWithin(body, 32), assertion);
    }

    /// @dev Whether the byte string to which the word at `at` points lies within `body`.
    function _isWithin(bytes calldata body, uint256 at) private pure returns (bool) {
        uint256 offset = uint256(bytes32(body[at:]));
        if (offset > body.length - 32) return false;
        return uint256(bytes32(body[offset:])) <= body.length - 32 - offset;
    }
}
