// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPromiseCourt} from "../../src/bundling/IPromiseCourt.sol";
import {CourtActors} from "../support/CourtActors.sol";
import {Test} from "../support/Test.sol";

/// @notice Whatever users, watchers and reorganisations do, in any order.
/// forge-config: default.invariant.runs = 6
/// forge-config: ci.invariant.runs = 64
contract CourtInvariantTest is Test {
    CourtActors private actors;
    IPromiseCourt private court;

    function setUp() public {
        actors = new CourtActors();
        actors.setUp();
        court = actors.theCourt();
        bytes4[] memory selectors = new bytes4[](12);
        selectors[0] = CourtActors.give.selector;
        selectors[1] = CourtActors.give.selector;
        selectors[2] = CourtActors.spoil.selector;
        selectors[3] = CourtActors.mend.selector;
        selectors[4] = CourtActors.replace.selector;
        selectors[5] = CourtActors.landOne.selector;
        selectors[6] = CourtActors.challengeOne.selector;
        selectors[7] = CourtActors.concludeOne.selector;
        selectors[8] = CourtActors.attemptOne.selector;
        selectors[9] = CourtActors.withdrawAll.selector;
        selectors[10] = CourtActors.pass.selector;
        selectors[11] = CourtActors.reorganise.selector;
        targetContract(address(actors));
        targetSelector(address(actors), selectors);
    }

    /// @dev Lands, or attempts, each promised operation by its latest block.
    function invariant_AnHonestBundlerIsNeverFined() public view {
        vm.assertEq(actors.lostBy(CourtActors.Whose.Diligent), 0);
    }

    function invariant_DepositsInAreDepositsOut() public view {
        uint256 owedWei = actors.creditsWei() + actors.openChallenges() * court.challengeDepositWei();
        vm.assertEq(address(court).balance, owedWei);
        vm.assertEq(actors.depositsWei() - actors.withdrawnWei(), owedWei);
    }

    function invariant_EveryFineIsAStakesLoss() public view {
        uint256 lostWei =
            actors.lostBy(CourtActors.Whose.Answering) + actors.lostBy(CourtActors.Whose.Careless);
        vm.assertEq(lostWei, actors.fines() * court.promiseFineWei());
        vm.assertEq(actors.rewardsWei(), lostWei);
    }
}

