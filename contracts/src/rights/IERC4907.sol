// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title ERC-4907: a token's user beside its owner, for a time. Interface id 0xad092b5c.
interface IERC4907 {
    /// @notice `user` may use `tokenId` up to and including second `expires` of the Unix clock; zero: nobody.
    event UpdateUser(uint256 indexed tokenId, address indexed user, uint64 expires);

    /// @notice Makes `user` the token's user until `expires` (seconds since 1970). Only for the token's owner or
    /// whom it approved.
    function setUser(uint256 tokenId, address user, uint64 expires) external;

    /// @notice The token's user, or zero if there is none or its time is over.
    function userOf(uint256 tokenId) external view returns (address);

    /// @notice Last second (since 1970) of the user last set, even if it is over.
    function userExpires(uint256 tokenId) external view returns (uint256);
}
