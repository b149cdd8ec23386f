// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title A tip for the bundler whose turn it is, on operations that the operator pays for.
/// @notice What a bundler earns by taking an operation out of turn is the gas that the operation pays for. The tip is what
/// it does not earn by that: postOp asks a bundler registry who has sent the transaction (`noteTurn`: tx.origin, at this
/// block), and credits the tip to a registered bundler in turn. A registered one out of turn gets a strike there; an
/// unregistered one neither. Where nobody's turn is known (the registry has no table for the epoch) every registered bundler
/// is in turn: nobody is overtaken then.
///
/// Which operations carry a tip their signer decides, by `paymasterPostOpGasLimit` in sponsor mode: from
/// `leaderTipPostOpGasLimit` up there is a postOp and so a tip; below it there is neither, and the operation costs what it
/// costs without tips. The other modes know no tip: what their sender pays is bound to the gas they use, as closely as the
/// chain allows, and the registry's gas and a tip would be the sender's to pay.
///
/// A tip is never more than the operation's gas had cost the deposit by then. So who loops operations of his own, to the
/// profit of a bundler that is his own too, is given at most as much as he makes the operator spend on gas; and what is owed
/// in tips never outgrows what was spent on gas, whatever is set.
///
/// What is owed is the bundlers': `withdrawDepositTo` ends where it begins, and neither a lower tip nor another registry
/// takes it back. It is a claim on the gas deposit all the same, which pays for operations first: where the deposit does not
/// reach, the rest stays owed. Whoever is to be tipped claims at times.
///
/// The registry is called with bounded gas, and nothing it does undoes an operation: no answer, or another than a bundler
/// and its turn, is no tip. It decides who is owed, not how much.
interface ILeaderTips {
    /// @notice From now on `tipWei` for operations whose bundler `registry` says is in turn.
    event LeaderTipChanged(address indexed registry, uint128 tipWei);
    /// @notice Bundler `bundlerId` of the registry of that time is owed `tipWei` more.
    event LeaderTipped(bytes32 indexed userOpHash, uint32 indexed bundlerId, uint256 tipWei);
    /// @notice `amountWei` of the gas deposit went to the bundler's operator.
    event TipsClaimed(
        address indexed registry, uint32 indexed bundlerId, address indexed operator, uint256 amountWei
    );

    /// @notice Tips need a registry that has code.
    error InvalidRegistry(address registry);
    /// @notice The bundler is owed nothing, or the deposit is empty.
    error NoTipsToClaim(address registry, uint32 bundlerId);
    /// @notice The registry names nobody who could be paid.
    error NobodyToPay(address registry, uint32 bundlerId);
    /// @notice Only `availableWei` of the deposit are the operator's to take: the rest is owed in tips.
    error InsufficientDeposit(uint256 requiredWei, uint256 availableWei);

    /// @notice Owner: the tip, in native wei; 0 for none. Of operations signed before, those that carry a tip carry this.
    function setLeaderTip(address registry, uint128 tipWei) external;

    /// @notice Anyone: pays to the operator of a bundler, as its registry names him, what it is owed, as far as the deposit
    /// reaches.
    function claimTips(address registry, uint32 bundlerId) external;

    /// @notice The registry that is asked, and the tip in native wei; 0: none.
    function leaderTip() external view returns (address registry, uint128 tipWei);

    /// @notice Native wei owed to a bundler of a registry.
    function tipsOf(address registry, uint32 bundlerId) external view returns (uint256);

    /// @notice Native wei owed to bundlers, all together.
    function tipsOwedWei() external view returns (uint256);

    /// @notice The least paymasterPostOpGasLimit with which a sponsored operation carries a tip: what postOp needs at most.
    function leaderTipPostOpGasLimit() external pure returns (uint256);
}
