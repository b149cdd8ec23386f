// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CourtActors} from "../support/CourtActors.sol";

/// @notice Random orders of acts that are made to reach the court's every end, since chance alone seldom does.
/// @dev Each run is sixty acts of many blocks.
/// forge-config: default.fuzz.runs = 32
/// forge-config: ci.fuzz.runs = 512
contract CourtSchedulesTest is CourtActors {
    uint256 private constant STEPS = 60;
    /// @dev Of `FickleAccount.Mood`: all, and those that come before failing by time.
    uint256 private constant ALL_MOODS = 9;
    uint256 private constant MOODS_NOT_BY_TIME = 7;

    /// @dev Users spoil operations by anything but their time: then an answer always excuses.
    function testFuzz_NoBundlerThatLandsOrAnswersIsFined(uint256 seed) public {
        this.play(seed, MOODS_NOT_BY_TIME);
        vm.assertEq(lostBy(Whose.Diligent), 0);
        vm.assertEq(lostBy(Whose.Answering), 0);
    }

    function testFuzz_NoDiligentBundlerIsFinedEvenIfOperationsExpire(uint256 seed) public {
        this.play(seed, ALL_MOODS);
        vm.assertEq(lostBy(Whose.Diligent), 0);
    }

    /// @dev The schedules above would prove nothing if nobody were ever fined or excused in them.
    function test_TheSchedulesReachEveryEnd() public {
        uint256 state = vm.snapshotState();
        bool[4] memory reached;
        for (uint256 seed = 0; seed < 8; ++seed) {
            this.play(seed, ALL_MOODS);
            vm.assertEq(lostBy(Whose.Diligent), 0);
            reached[0] = reached[0] || excuses > 0;
            reached[1] = reached[1] || reorganisations > 0;
            reached[2] = reached[2] || lostBy(Whose.Careless) > 0;
            // Late, and by its time alone: what landing or attempting by the latest block would have saved.
            reached[3] = reached[3] || lostBy(Whose.Answering) > 0;
            vm.revertToState(state);
        }
        for (uint256 i = 0; i < reached.length; ++i) {
            vm.assertTrue(reached[i]);
        }
    }

    function play(uint256 seed, uint256 moods) external {
        for (uint256 step = 0; step < STEPS; ++step) {
            _step(uint256(keccak256(abi.encode(seed, step))), moods);
        }
    }

    function _step(uint256 random, uint256 moods) private {
        uint256 act = random % 12;
        uint256 a = random >> 8;
        uint256 b = random >> 72;
        if (act < 3) give(a, b, random >> 136, b % 5 != 0);
        else if (act == 3) spoil(a, b % moods);
        else if (act == 4) mend(a);
        else if (act == 5) a % 4 == 0 ? replace(b) : landOne(b);
        else if (act < 8) _all(true);
        else if (act == 8) _all(false);
        else if (act == 9) attemptOne(a, b);
        else if (act == 10) a % 3 == 0 ? reorganise(b) : withdrawAll(b);
        else pass(a);
    }

    /// @dev A watcher looks at all there is.
    function _all(bool challenging) private {
        for (uint256 i = 0; i < given(); ++i) {
            if (challenging) challengeOne(i, i);
            else concludeOne(i);
        }
    }
}
