// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {BundlerBook} from "./BundlerBook.sol";
import {Fines} from "./Fines.sol";
import {IBundlerRegistry} from "./IBundlerRegistry.sol";
import {PromiseCourt} from "./PromiseCourt.sol";
import {StakeBook} from "./StakeBook.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";

/// @title Who may bundle, and when; what it promises stands on `IBundlerRegistry`.
/// @dev In the order of their bases: stake and weight, coming and leaving, executors, schedule, fines. Coins leave in
/// three places (`withdraw`, `claimReward`, `burn`), each the last thing that its call does, after its own books are
/// closed: whoever is called then finds nothing half done, so there is no lock.
contract BundlerRegistry is Fines {
    uint128 private immutable _promiseFineWei;
    uint128 private immutable _equivocationFineWei;
    uint128 private immutable _challengeDepositWei;
    uint32 private immutable _challengeBlocks;
    uint32 private immutable _answerBlocks;
    address private immutable _court;

    constructor(IEntryPoint entryPoint, Terms memory terms_) StakeBook(terms_) BundlerBook(terms_) {
        _promiseFineWei = terms_.promiseFineWei;
        _equivocationFineWei = terms_.equivocationFineWei;
        _challengeDepositWei = terms_.challengeDepositWei;
        _challengeBlocks = terms_.challengeBlocks;
        _answerBlocks = terms_.answerBlocks;
        // Made here, so that each knows the other for good and nobody has to be trusted to introduce them.
        _court = address(new PromiseCourt(this, entryPoint, terms_));
    }

    /// @inheritdoc IBundlerRegistry
    function terms() external view returns (Terms memory) {
        return Terms({
            minimumStakeWei: uint128(_minimumStakeWei),
            strikeWei: uint128(_strikeWei),
            promiseFineWei: _promiseFineWei,
            equivocationFineWei: _equivocationFineWei,
            challengeDepositWei: _challengeDepositWei,
            exitDelayBlocks: uint32(_exitDelayBlocks),
            challengeBlocks: _challengeBlocks,
            answerBlocks: _answerBlocks
        });
    }

    /// @inheritdoc IBundlerRegistry
    function court() public view override returns (address) {
        return _court;
    }
}
