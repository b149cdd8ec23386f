// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ITrainingRecord} from "../../src/provenance/ITrainingRecord.sol";
import {ProvenanceTest} from "../support/ProvenanceTest.sol";

/// @notice verifyDatum, verifyArtifact, and what asks for a record that is not.
contract VerifyTest is ProvenanceTest {
    bytes32 private recordId;

    function setUp() public override {
        super.setUp();
        recordId = recordBoth(statement(), payerKey);
    }

    function test_RevertWhen_TheRecordIsNot() public {
        bytes memory unknown = abi.encodeWithSelector(ITrainingRecord.UnknownRecord.selector, bytes32("?"));
        bytes32[] memory proof = new bytes32[](0);
        vm.expectRevert(unknown);
        records.verifyDatum("?", 0, proof);
        vm.expectRevert(unknown);
        records.verifyArtifact("?", 0, proof);
        vm.expectRevert(unknown);
        records.recordOf("?");
        vm.expectRevert(unknown);
        records.isSignedByBoth("?");
    }

    function testFuzz_EveryDatumBelongsAndNoFlippedByteDoes(uint256 index, uint256 position) public view {
        index = bound(index, 0, 3);
        bytes memory datum = dataset()[index];
        bytes32[] memory proof = proofOf(dataset(), index);
        vm.assertTrue(records.verifyDatum(recordId, keccak256(datum), proof));
        position = bound(position, 0, datum.length - 1);
        datum[position] = bytes1(uint8(datum[position]) ^ 1);
        vm.assertFalse(records.verifyDatum(recordId, keccak256(datum), proof));
    }

    function testFuzz_NoOtherProofWill(bytes32[] calldata proof) public view {
        bytes32 hash = keccak256(dataset()[0]);
        bytes32 right = keccak256(abi.encode(proofOf(dataset(), 0)));
        vm.assume(keccak256(abi.encode(proof)) != right);
        vm.assertFalse(records.verifyDatum(recordId, hash, proof));
    }

    function test_AnInnerNodeIsNoDatum() public view {
        bytes[4] memory data = dataset();
        bytes32 node = pairOf(leafOf(data[0]), leafOf(data[1]));
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = pairOf(leafOf(data[2]), leafOf(data[3]));
        vm.assertEq(pairOf(node, proof[0]), rootOfData(data));
        vm.assertFalse(records.verifyDatum(recordId, node, proof));
    }

    function test_TheRootAloneIsNoDatum() public view {
        vm.assertFalse(records.verifyDatum(recordId, rootOfData(dataset()), new bytes32[](0)));
    }

    function test_ArtifactsBelongToTheResultAndDataDoNot() public view {
        bytes[4] memory result = resultOf(payer, "weights");
        vm.assertTrue(records.verifyArtifact(recordId, keccak256("weights"), proofOf(result, 1)));
        vm.assertFalse(records.verifyDatum(recordId, keccak256("weights"), proofOf(result, 1)));
        vm.assertFalse(records.verifyArtifact(recordId, keccak256("first line"), proofOf(dataset(), 0)));
    }
}
