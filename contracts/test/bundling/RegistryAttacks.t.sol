// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {BundlerRegistryTest} from "../support/BundlerRegistryTest.sol";
import {HostileReceiver} from "../support/HostileReceiver.sol";

/// @notice Attacks, each by its name, each a failure or a loss.
contract RegistryAttacksTest is BundlerRegistryTest {
    uint256 private constant START = 41 * 256;

    Joined private alice;
    Joined private bob;
    address private court;

    function setUp() public override {
        super.setUp();
        alice = join("alice", MINIMUM_STAKE);
        bob = join("bob", 2 * MINIMUM_STAKE);
        court = registry.court();
    }

    function _windowsOf(uint64 epoch, uint32 id) private view returns (uint256 windows) {
        uint32[] memory leaders = registry.leaderTable(epoch);
        for (uint256 i = 0; i < leaders.length; ++i) {
            if (leaders[i] == id) ++windows;
        }
    }

    // ─── Grinding the seed ───────────────────────────────────────────────────

    /// @dev Once its hash is known nobody can stake by it: what comes in changes no leader of that epoch.
    function testFuzz_Attack_StakeIsMovedOnceTheSeedIsKnown(uint256 moved, uint256 when) public {
        uint256 before = vm.snapshotState();
        rollTo(41, "seed");
        bytes32 honest = keccak256(abi.encode(registry.leaderTable(41)));
        vm.revertToState(before);

        vm.roll(START - 64 + bound(when, 0, 31));
        vm.deal(address(this), 1e27);
        registry.topUp{value: bound(moved, 1, 1e27)}(alice.id);
        join("mallory", 1e27);
        vm.prank(bob.operator);
        registry.requestExit(bob.id);
        rollTo(41, "seed");
        vm.assertEq(keccak256(abi.encode(registry.leaderTable(41))), honest);
    }

    function testFuzz_Attack_TheRollerChoosesWhenAndByWhom(address roller, uint256 when) public {
        uint256 before = vm.snapshotState();
        rollTo(41, "seed");
        bytes32 honest = keccak256(abi.encode(registry.leaderTable(41)));
        vm.revertToState(before);

        vm.roll(START - 32 + bound(when, 0, 31));
        setSeed(41, "seed");
        vm.prank(roller);
        registry.rollEpoch();
        vm.assertEq(keccak256(abi.encode(registry.leaderTable(41))), honest);
    }

    /// @dev Nobody rolls for an epoch: the one after is not harmed, though its weights are two freezes old.
    function test_Attack_NobodyRollsAnEpoch() public {
        vm.roll(START + 160);
        rollTo(42);
        vm.assertEq(registry.leaderTable(41).length, 0);
        vm.assertEq(registry.leaderTable(42).length, 64);
    }

    // ─── Sybil splits ────────────────────────────────────────────────────────

    /// @dev The line of weights is the same length however its owner cuts its part. With the same seed, ids next to each
    /// other lead exactly the windows that the whole would have led.
    function testFuzz_Attack_StakeIsSplitAmongManyNames(uint256 seed, uint256 parts) public {
        parts = bound(parts, 2, 6);
        uint256 before = vm.snapshotState();
        Joined memory whole = join("whole", parts * MINIMUM_STAKE);
        rollTo(41, bytes32(seed));
        uint256 windows = _windowsOf(41, whole.id);
        vm.revertToState(before);

        Joined[] memory split = new Joined[](parts);
        for (uint256 i = 0; i < parts; ++i) {
            split[i] = join(string.concat("part ", vm.toString(i)), MINIMUM_STAKE);
        }
        rollTo(41, bytes32(seed));
        uint256 together;
        for (uint256 i = 0; i < parts; ++i) {
            together += _windowsOf(41, split[i].id);
        }
        vm.assertEq(together, windows);
    }

    /// @dev And the windows follow the stake: over forty epochs within four standard deviations.
    function test_WhoHasTwiceTheStakeLeadsTwiceAsOften() public {
        uint256 ofAlice;
        for (uint64 epoch = 41; epoch < 81; ++epoch) {
            rollTo(epoch, keccak256(abi.encode(epoch)));
            ofAlice += _windowsOf(epoch, alice.id);
        }
        // 2,560 windows, a third of them expected: 853 with a deviation of 24.
        vm.assertGt(ofAlice, 853 - 96);
        vm.assertLt(ofAlice, 853 + 96);
    }

    // ─── Strikes ─────────────────────────────────────────────────────────────

    /// @dev A contract called in a bundle may call `noteTurn` as often as it likes.
    function test_Attack_AContractInTheBundleTriesToStrikeWhoIsInTurn() public {
        rollTo(41);
        vm.roll(START + 8);
        Joined memory leading = registry.leader(block.number, 0) == alice.id ? alice : bob;
        for (uint256 i = 0; i < 10; ++i) {
            vm.prank(makeAddr("hostile contract"), leading.executor);
            (, bool inTurn) = registry.noteTurn();
            vm.assertTrue(inTurn);
        }
        vm.assertEq(registry.bundler(leading.id).strikes, 0);
    }

    function test_Attack_OneLateBundleIsMadeToCostManyStrikes() public {
        (Joined memory late, uint256 h) = _outOfTurn();
        vm.roll(h);
        for (uint256 i = 0; i < 10; ++i) {
            vm.prank(makeAddr("hostile contract"), late.executor);
            registry.noteTurn();
        }
        vm.assertEq(registry.bundler(late.id).strikes, 1);
        vm.assertEq(stakeOf(late.id), (late.id == alice.id ? 1 : 2) * MINIMUM_STAKE - STRIKE);
    }

    function test_Attack_AnotherIsStruckForOnesOwnBundle() public {
        (Joined memory victim, uint256 h) = _outOfTurn();
        vm.roll(h);
        // The victim's contract or account is the caller; the sender of the transaction is who pays.
        Joined memory attacker = victim.id == alice.id ? bob : alice;
        vm.prank(victim.executor, attacker.executor);
        registry.noteTurn();
        vm.prank(victim.executor, makeAddr("outsider"));
        registry.noteTurn();
        vm.assertEq(registry.bundler(victim.id).strikes, 0);
    }

    /// @dev A stranger's executor cannot be bound, so its bundles out of turn cost the attacker's name nothing of others.
    function test_Attack_AnothersExecutorIsTakenWithoutItsConsent() public {
        vm.prank(alice.operator);
        registry.removeExecutor(alice.executor);
        bytes memory old = consentOf(alice.executorKey, alice.id, alice.operator);
        vm.prank(bob.operator);
        registry.addExecutor(bob.id, old);
        vm.assertEq(registry.bundlerOf(alice.executor), 0);
    }

    /// @dev Storing the table in the block in which others' bundles land makes none of them out of turn.
    function test_Attack_TheTableIsStoredUnderABundleThatIsOnItsWay() public {
        vm.roll(START + 21);
        registry.rollEpoch();
        for (uint256 h = START + 21; h < START + 28; ++h) {
            vm.roll(h);
            note(alice.executor);
            note(bob.executor);
        }
        vm.assertEq(registry.bundler(alice.id).strikes + registry.bundler(bob.id).strikes, 0);
    }

    /// @dev A block of epoch 41 in which one of the two is out of turn.
    function _outOfTurn() private returns (Joined memory who, uint256 h) {
        rollTo(41);
        for (h = START + 8; h < START + 256; ++h) {
            if (!registry.isInTurn(alice.id, h)) return (alice, h);
            if (!registry.isInTurn(bob.id, h)) return (bob, h);
        }
        revert("both always in turn");
    }

    // ─── Leaving ─────────────────────────────────────────────────────────────

    /// @dev Out in the block before the fault, in the last block it leads, or long before: what it did is paid for.
    function testFuzz_Attack_LeavingBeforeTheFineComes(uint256 early) public {
        IBundlerRegistry.Terms memory terms = registry.terms();
        rollTo(41);
        vm.roll(START + bound(early, 0, 159));
        vm.prank(bob.operator);
        registry.requestExit(bob.id);
        // The last block in which it may lead: the end of the epoch that is frozen already.
        uint256 last = uint256(nextEpoch()) * 256 - 1;
        vm.roll(last + terms.challengeBlocks + terms.answerBlocks);
        vm.expectRevert(
            abi.encodeWithSelector(
                IBundlerRegistry.ExitDelayNotOver.selector, registry.bundler(bob.id).exitBlock
            )
        );
        vm.prank(bob.operator);
        registry.withdraw(bob.id, payable(bob.operator));
        vm.prank(court);
        vm.assertEq(registry.slash(bob.id, 50 ether, address(this)), 50 ether);
    }

    function test_Attack_LeavingOverAndOverKeepsNoPlaceAndPutsOffNoOther() public {
        vm.prank(bob.operator);
        registry.requestExit(bob.id);
        // Its key is not free, so it comes back neither under the same name nor by topping up.
        vm.deal(bob.operator, 1000 ether);
        vm.expectRevert(
            abi.encodeWithSelector(
                IBundlerRegistry.Exiting.selector, bob.id, registry.bundler(bob.id).exitBlock
            )
        );
        vm.prank(bob.operator);
        registry.topUp{value: 1 ether}(bob.id);
        rollTo(41);
        vm.assertEq(_windowsOf(41, alice.id), 64);
    }

    // ─── Reorganisations ─────────────────────────────────────────────────────

    /// @dev A reorganisation of 31 blocks across the border: what is rolled again is the same table.
    function test_Attack_AReorganisationAcrossTheEpochsBorderChangesNoLeader() public {
        vm.roll(START - 33);
        setSeed(41, "seed");
        uint256 fork = vm.snapshotState();
        vm.roll(START - 32);
        registry.rollEpoch();
        uint32[] memory once = registry.leaderTable(41);

        // On the other branch all blocks after the seed's are others, and so are their transactions.
        vm.revertToState(fork);
        setSeed(41, "seed");
        for (uint256 h = START - 63; h < START - 33; ++h) {
            vm.setBlockhash(h, keccak256(abi.encode("other branch", h)));
        }
        join("mallory", 1e6 ether);
        vm.prank(bob.operator);
        registry.requestExit(bob.id);
        vm.roll(START + 1);
        registry.rollEpoch();
        uint32[] memory again = registry.leaderTable(41);
        // Rolled in the first window, which it leaves open.
        vm.assertEq(again[0], 0);
        for (uint256 i = 1; i < 64; ++i) {
            vm.assertEq(again[i], once[i]);
        }
    }

    // ─── False and hostile reports ───────────────────────────────────────────

    function test_Attack_WhoReportsItselfByAnotherNameStillLosesHalf() public {
        vm.prank(court);
        registry.slash(alice.id, 50 ether, alice.operator);
        vm.prank(alice.operator);
        registry.claimReward(payable(alice.operator));
        vm.assertEq(stakeOf(alice.id) + alice.operator.balance, MINIMUM_STAKE - 25 ether);
    }

    function test_Attack_AReporterThatRefusesCoinsCannotHoldUpAFine() public {
        HostileReceiver hostile = new HostileReceiver();
        vm.prank(court);
        vm.assertEq(registry.slash(alice.id, 50 ether, address(hostile)), 50 ether);
        vm.assertEq(stakeOf(alice.id), 50 ether);
    }

    function test_Attack_TheReceiverOfAStakeComesBackForMore() public {
        HostileReceiver hostile = new HostileReceiver();
        vm.prank(alice.operator);
        registry.requestExit(alice.id);
        vm.roll(registry.bundler(alice.id).exitBlock);
        hostile.callBack(
            address(registry), abi.encodeCall(registry.withdraw, (alice.id, payable(address(hostile))))
        );
        vm.prank(alice.operator);
        registry.withdraw(alice.id, payable(address(hostile)));
        vm.assertEq(address(hostile).balance, MINIMUM_STAKE);
        vm.assertEq(address(registry).balance, 2 * MINIMUM_STAKE);
    }

    function test_Attack_TheReceiverOfARewardComesBackForMore() public {
        HostileReceiver hostile = new HostileReceiver();
        vm.prank(court);
        registry.slash(bob.id, 50 ether, address(hostile));
        bytes memory claim = abi.encodeCall(registry.claimReward, (payable(address(hostile))));
        hostile.callBack(address(registry), claim);
        vm.prank(address(hostile));
        registry.claimReward(payable(address(hostile)));
        vm.assertEq(address(hostile).balance, 25 ether);
        vm.assertFalse(hostile.succeeded());
    }
}
