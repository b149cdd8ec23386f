// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ReportCommitments} from "../../src/bundling/ReportCommitments.sol";
import {Test} from "../support/Test.sol";

/// @notice A court that only counts whose report it took.
contract CountingCourt is ReportCommitments {
    address public reporter;

    function report(bytes calldata evidence, bytes32 salt) external {
        _checkCommitted(keccak256(evidence), salt);
        reporter = msg.sender;
    }
}

contract CommitReportTest is Test {
    bytes private constant EVIDENCE = "two commits";
    bytes32 private constant SALT = "salt";

    CountingCourt private court = new CountingCourt();
    address private honest = makeAddr("honest");
    address private copier = makeAddr("copier");

    function setUp() public {
        vm.roll(1000);
    }

    function _commitmentOf(address reporter) private pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(EVIDENCE), SALT, reporter));
    }

    function _report(address reporter) private {
        vm.prank(reporter);
        court.report(EVIDENCE, SALT);
    }

    function test_RevertWhen_NothingWasCommitted() public {
        vm.expectRevert(
            abi.encodeWithSelector(ReportCommitments.ReportNotCommitted.selector, _commitmentOf(honest))
        );
        _report(honest);
    }

    function test_RevertWhen_TheReportFollowsTooSoon() public {
        vm.prank(honest);
        court.commitReport(_commitmentOf(honest));
        vm.roll(1005);
        vm.expectRevert(abi.encodeWithSelector(ReportCommitments.ReportTooFresh.selector, 1006));
        _report(honest);
        vm.roll(1006);
        _report(honest);
        vm.assertEq(court.reporter(), honest);
    }

    /// @dev Whoever sees the report on its way, or the commitment before, has nothing that the court takes from it.
    function test_Attack_AReportSeenOnItsWayIsCopiedAtAHigherGasPrice() public {
        vm.prank(honest);
        court.commitReport(_commitmentOf(honest));
        // The commitment is copied as it is: it names the honest reporter.
        vm.prank(copier);
        court.commitReport(_commitmentOf(honest));
        vm.roll(1006);
        vm.expectRevert(
            abi.encodeWithSelector(ReportCommitments.ReportNotCommitted.selector, _commitmentOf(copier))
        );
        _report(copier);
        // With the evidence in sight it can commit now, and is then too late.
        vm.prank(copier);
        court.commitReport(_commitmentOf(copier));
        vm.expectRevert(abi.encodeWithSelector(ReportCommitments.ReportTooFresh.selector, 1012));
        _report(copier);
        _report(honest);
        vm.assertEq(court.reporter(), honest);
    }

    function test_Attack_AReportIsPutOffByCommittingToItAgain() public {
        vm.prank(honest);
        court.commitReport(_commitmentOf(honest));
        vm.roll(1005);
        vm.prank(copier);
        court.commitReport(_commitmentOf(honest));
        vm.assertEq(court.committedAtBlock(_commitmentOf(honest)), 1000);
        vm.roll(1006);
        _report(honest);
    }
}
