// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPromiseCourt} from "../../src/bundling/IPromiseCourt.sol";
import {ReportCommitments} from "../../src/bundling/ReportCommitments.sol";
import {PromiseCourtTest} from "../support/PromiseCourtTest.sol";

contract ReportEquivocationTest is PromiseCourtTest {
    uint256 private constant EQUIVOCATION_FINE = 50 ether;
    uint256 private constant REVEAL_BLOCKS = 6;
    bytes32 private constant SALT = "salt";

    IPromiseCourt.BundleCommit private first;
    IPromiseCourt.BundleCommit private second;

    function setUp() public override {
        super.setUp();
        first = IPromiseCourt.BundleCommit({
            bundlerId: joined.id,
            window: uint64(block.number / 4),
            sequence: 3,
            operationsHash: keccak256("operations"),
            transactionHash: keccak256("transaction")
        });
        second = first;
        second.transactionHash = keccak256("another transaction");
    }

    // ─── Refused ─────────────────────────────────────────────────────────────

    function test_RevertWhen_ItWasNotCommittedTo() public {
        bytes32 commitment = _commitmentOf(watcher, SALT);
        _expectRefused(abi.encodeWithSelector(ReportCommitments.ReportNotCommitted.selector, commitment));
    }

    function testFuzz_RevertWhen_ItIsRevealedTooSoon(uint256 afterBlocks) public {
        _commit(watcher);
        uint256 revealBlock = block.number + REVEAL_BLOCKS;
        vm.roll(block.number + bound(afterBlocks, 0, REVEAL_BLOCKS - 1));
        _expectRefused(abi.encodeWithSelector(ReportCommitments.ReportTooFresh.selector, revealBlock));
    }

    function test_RevertWhen_ItIsTwiceTheSameCommit() public {
        second = first;
        _commitAndWait(watcher);
        _expectRefused(abi.encodeWithSelector(IPromiseCourt.NoEquivocation.selector));
    }

    function testFuzz_RevertWhen_TheyAreOfDifferentPlaces(uint64 window, uint32 sequence) public {
        vm.assume(window != first.window || sequence != first.sequence);
        (second.window, second.sequence) = (window, sequence);
        _commitAndWait(watcher);
        _expectRefused(abi.encodeWithSelector(IPromiseCourt.NoEquivocation.selector));
    }

    function test_RevertWhen_TheyAreOfDifferentBundlers() public {
        second.bundlerId = registered("another", MINIMUM_STAKE).id;
        _commitAndWait(watcher);
        _expectRefused(abi.encodeWithSelector(IPromiseCourt.NoEquivocation.selector));
    }

    function test_RevertWhen_AnotherKeySignedOneOfThem() public {
        (address other, uint256 otherKey) = makeAddrAndKey("another node");
        bytes memory forged = signHash(otherKey, court.hashOfCommit(second));
        bytes32 reportHash = court.reportHashOf(first, _signed(first), second, forged);
        vm.prank(watcher);
        ReportCommitments(address(court)).commitReport(keccak256(abi.encode(reportHash, SALT, watcher)));
        vm.roll(block.number + REVEAL_BLOCKS);
        bytes memory signature = _signed(first);
        vm.prank(watcher);
        vm.expectRevert(abi.encodeWithSelector(IPromiseCourt.WrongSigner.selector, other, joined.nodeKey));
        court.reportEquivocation(first, signature, second, forged, SALT);
    }

    function test_RevertWhen_ItWasReportedAlready() public {
        _commit(stranger);
        _commitAndWait(watcher);
        _report(watcher);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPromiseCourt.AlreadyReported.selector, first.bundlerId, first.window, first.sequence
            )
        );
        this.reportAs(stranger);
    }

    // ─── Fined ───────────────────────────────────────────────────────────────

    function testFuzz_TwoCommitsToOnePlaceAreFined(uint256 afterBlocks, bool otherOperations) public {
        if (otherOperations) second.operationsHash = keccak256("other operations");
        _commit(watcher);
        vm.roll(block.number + bound(afterBlocks, REVEAL_BLOCKS, 100_000));
        vm.assertEq(_report(watcher), EQUIVOCATION_FINE);
        vm.assertEq(lostWei(), EQUIVOCATION_FINE);
        vm.assertEq(registry.rewardOf(watcher), EQUIVOCATION_FINE / 2);
        vm.assertTrue(court.isReported(first.bundlerId, first.window, first.sequence));
    }

    function test_EachPlaceIsFinedForItself() public {
        _commitAndWait(watcher);
        _report(watcher);
        (first.sequence, second.sequence) = (4, 4);
        _commitAndWait(watcher);
        vm.assertEq(_report(watcher), EQUIVOCATION_FINE);
        vm.assertEq(lostWei(), 2 * EQUIVOCATION_FINE);
    }

    function test_WhoSeesAReportCannotTakeItsReward() public {
        _commitAndWait(watcher);
        bytes32 commitment = _commitmentOf(stranger, SALT);
        vm.expectRevert(abi.encodeWithSelector(ReportCommitments.ReportNotCommitted.selector, commitment));
        this.reportAs(stranger);
        uint256 revealBlock = block.number + REVEAL_BLOCKS;
        _commit(stranger);
        vm.expectRevert(abi.encodeWithSelector(ReportCommitments.ReportTooFresh.selector, revealBlock));
        this.reportAs(stranger);
        vm.assertEq(_report(watcher), EQUIVOCATION_FINE);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function reportAs(address reporter) external returns (uint256) {
        return _report(reporter);
    }

    function _expectRefused(bytes memory thrown) private {
        vm.expectRevert(thrown);
        this.reportAs(watcher);
    }

    function _report(address reporter) private returns (uint256) {
        (bytes memory firstSignature, bytes memory secondSignature) = (_signed(first), _signed(second));
        vm.prank(reporter);
        return court.reportEquivocation(first, firstSignature, second, secondSignature, SALT);
    }

    function _commitAndWait(address reporter) private {
        _commit(reporter);
        vm.roll(block.number + REVEAL_BLOCKS);
    }

    function _commit(address reporter) private {
        bytes32 commitment = _commitmentOf(reporter, SALT);
        vm.prank(reporter);
        ReportCommitments(address(court)).commitReport(commitment);
    }

    function _commitmentOf(address reporter, bytes32 salt) private view returns (bytes32) {
        bytes32 reportHash = court.reportHashOf(first, _signed(first), second, _signed(second));
        return keccak256(abi.encode(reportHash, salt, reporter));
    }

    function _signed(IPromiseCourt.BundleCommit memory commit) private view returns (bytes memory) {
        return signHash(joined.nodeSecret, court.hashOfCommit(commit));
    }
}
