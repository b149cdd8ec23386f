// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice Whoever reports a fault says so first, without saying which: a report that is seen on its way can then not be
/// copied by someone who pays more for gas.
abstract contract ReportCommitments {
    /// @dev A copy would have to overtake a report by so many blocks, or survive a reorganisation so deep.
    uint256 private constant REVEAL_DELAY_BLOCKS = 6;

    /// @notice Block in which a commitment was first made; 0 if never.
    mapping(bytes32 commitment => uint256) public committedAtBlock;

    event ReportCommitted(bytes32 indexed commitment);

    /// @notice The reporter has not committed to this report, with this salt.
    error ReportNotCommitted(bytes32 commitment);
    /// @notice It may be revealed from block `revealBlock` on.
    error ReportTooFresh(uint256 revealBlock);

    /// @notice Commits to a report.
    /// @param commitment `keccak256(abi.encode(bytes32 reportHash, bytes32 salt, address reporter))`; the salt must not be
    /// guessable.
    function commitReport(bytes32 commitment) external {
        // The first stays: nobody can put off another's report by committing to it again.
        if (committedAtBlock[commitment] == 0) committedAtBlock[commitment] = block.number;
        emit ReportCommitted(commitment);
    }

    /// @notice Blocks between a commitment and the report.
    function revealDelayBlocks() external pure returns (uint256) {
        return REVEAL_DELAY_BLOCKS;
    }

    /// @dev Reverts unless the caller committed to `reportHash` long enough ago.
    function _checkCommitted(bytes32 reportHash, bytes32 salt) internal view {
        bytes32 commitment = keccak256(abi.encode(reportHash, salt, msg.sender));
        uint256 atBlock = committedAtBlock[commitment];
        if (atBlock == 0) revert ReportNotCommitted(commitment);
        if (block.number < atBlock + REVEAL_DELAY_BLOCKS) {
            revert ReportTooFresh(atBlock + REVEAL_DELAY_BLOCKS);
        }
    }
}
