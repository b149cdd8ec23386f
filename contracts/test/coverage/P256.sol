// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Takes the place of OpenZeppelin's library where coverage is counted, and nowhere else: that one does not
/// compile without the optimiser ("stack too deep").
/// @dev Asks the precompile of EIP-7951, which the coverage profile's EVM has and WorldLand's has not. It answers
/// what the library answers, but for a signature's upper twin.
library P256 {
    uint256 internal constant P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF;
    uint256 internal constant N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551;
    uint256 private constant A = P - 3;
    uint256 private constant B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B;
    address private constant PRECOMPILE = address(0x100);

    function verifySolidity(bytes32 hash, bytes32 r, bytes32 s, bytes32 x, bytes32 y)
        internal
        view
        returns (bool)
    {
        if (uint256(s) > N / 2) return false;
        (bool answered, bytes memory answer) = PRECOMPILE.staticcall(abi.encode(hash, r, s, x, y));
        return answered && answer.length == 32;
    }

    function isValidPublicKey(bytes32 x, bytes32 y) internal pure returns (bool) {
        if (uint256(x) >= P || uint256(y) >= P) return false;
        uint256 right = addmod(mulmod(addmod(mulmod(uint256(x), uint256(x), P), A, P), uint256(x), P), B, P);
        return mulmod(uint256(y), uint256(y), P) == right;
    }
}
