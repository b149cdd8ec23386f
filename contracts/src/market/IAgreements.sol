// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title What every market answers about its agreements (leases, sessions).
interface IAgreements {
    /// @notice Who pays and who serves in an agreement; reverts if there is none of this id. Never changes.
    function partiesOf(uint256 agreementId) external view returns (address payer, address provider);
}
