// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Recovery of an account whose owner's key is lost.
/// @notice Guardians together name a new owner; after a delay, during which the old one can cancel, anyone makes
/// it so. It helps against loss, and against a thief only if he neither cancels nor empties the account first.
/// A guardian may be a person's address or another account; it needs nothing but to call. Too few guardians
/// can do nothing; enough of them can take the account if its owner does not look for the length of the delay.
/// @dev Delays are counted in blocks.
interface IGuardianRecovery {
    event GuardiansChanged(address[] guardians, uint8 threshold, uint32 delayBlocks);
    /// @notice `guardian` wants this owner, and none that it wanted before. @param supporters How many now want it.
    event RecoverySupported(address indexed guardian, bytes newOwner, uint8 supporters);
    /// @param executableBlock First block in which it may be executed.
    event RecoveryScheduled(bytes newOwner, uint64 executableBlock);
    /// @notice A guardian changed its mind, so that too few are left who want this owner.
    event RecoveryUnscheduled(bytes newOwner);
    /// @notice Whatever the guardians had agreed on before is void.
    event RecoveryCancelled();
    event RecoveryExecuted(bytes newOwner);

    error NotGuardian(address caller);
    /// @notice At most 16 guardians; the threshold between 1 and their number, or 0 where there are none.
    error InvalidThreshold(uint8 threshold, uint256 guardianCount);
    error InvalidRecoveryDelay(uint32 delayBlocks, uint32 minimum, uint32 maximum);
    /// @notice Guardians come in ascending order, each once; the account itself cannot be one.
    error InvalidGuardian(address guardian);
    /// @notice This is the owner that `guardian` wants already.
    error AlreadySupported(address guardian);
    error NoRecoveryScheduled();
    /// @notice It may be executed in block `executableBlock`.
    error RecoveryDelayNotOver(uint64 executableBlock);

    /// @notice Owner: names the guardians, or none; voids a recovery under way.
    /// @param guardians Ascending. @param threshold How many of them it takes.
    /// @param delayBlocks From their agreement to the first block of execution.
    function setGuardians(address[] calldata guardians, uint8 threshold, uint32 delayBlocks) external;

    /// @notice Guardian: wants `newOwner` (20 bytes of address or 64 of P-256 key), and no longer what it wanted
    /// before. The support that reaches the threshold schedules the recovery, in place of any other scheduled before;
    /// a change of mind that leaves less than the threshold takes it off again.
    function supportRecovery(bytes calldata newOwner) external;

    /// @notice Owner: voids what the guardians have agreed on so far.
    function cancelRecovery() external;

    /// @notice Anyone, after the delay: makes the new owner the owner, and ends every session.
    function executeRecovery() external;

    function guardianConfig()
        external
        view
        returns (address[] memory guardians, uint8 threshold, uint32 delayBlocks);

    /// @return newOwner Empty if none is scheduled.
    function scheduledRecovery() external view returns (bytes memory newOwner, uint64 executableBlock);
}
