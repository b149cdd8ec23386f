// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModelLineage} from "../../src/provenance/IModelLineage.sol";
import {ITrainingRecord} from "../../src/provenance/ITrainingRecord.sol";
import {ProvenanceTest} from "../support/ProvenanceTest.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

contract MintTest is ProvenanceTest {
    uint256[] private none;

    // ─── Reverts ─────────────────────────────────────────────────────────────

    function test_RevertWhen_ThereIsNoSuchRecord() public {
        vm.expectRevert(abi.encodeWithSelector(ITrainingRecord.UnknownRecord.selector, bytes32("?")));
        _mint(payer, mintTerms("?", none));
    }

    function testFuzz_RevertWhen_AnyoneButThePayerMints(address caller) public {
        vm.assume(caller != payer);
        bytes32 recordId = recordBoth(statement(), payerKey);
        vm.expectRevert(abi.encodeWithSelector(IModelLineage.NotCreator.selector, recordId, caller));
        _mint(caller, mintTerms(recordId, none));
    }

    function test_RevertWhen_OnlyOnePartySigned() public {
        ITrainingRecord.Statement memory said = statement();
        vm.prank(payer);
        bytes32 recordId = records.record(said, "", "");
        vm.expectRevert(abi.encodeWithSelector(IModelLineage.RecordNotSigned.selector, recordId));
        _mint(payer, mintTerms(recordId, none));
        vm.prank(provider);
        records.contest(recordId, 0, "");
        vm.expectRevert(abi.encodeWithSelector(IModelLineage.RecordNotSigned.selector, recordId));
        _mint(payer, mintTerms(recordId, none));
    }

    function test_RevertWhen_TheSameResultIsMintedAgain() public {
        uint256 modelId = mintModel();
        ITrainingRecord.Statement memory said = statement();
        said.metricsHash = keccak256("other metrics");
        bytes32 recordId = recordBoth(said, payerKey);
        vm.expectRevert(abi.encodeWithSelector(IModelLineage.ModelExists.selector, modelId));
        _mint(payer, mintTerms(recordId, none));
    }

    function testFuzz_RevertWhen_TheSealNamesAnotherKey(bytes32 keyHash) public {
        vm.assume(keyHash != keccak256(abi.encode(KEY)));
        IModelLineage.MintTerms memory terms = mintTerms(recordBoth(statement(), payerKey), none);
        terms.keyHash = keyHash;
        vm.expectRevert(
            abi.encodeWithSelector(IModelLineage.InvalidSeal.selector, keccak256(sealFor(payer, keyHash)))
        );
        _mint(payer, terms);
    }

    function test_RevertWhen_TheRoyaltyIsTooHigh() public {
        IModelLineage.MintTerms memory terms = mintTerms(recordBoth(statement(), payerKey), none);
        terms.royaltyBps = 5_001;
        vm.expectRevert(abi.encodeWithSelector(IModelLineage.RoyaltyTooHigh.selector, 5_001, 5_000));
        _mint(payer, terms);
    }

    function test_RevertWhen_TheUriIsTooLong() public {
        IModelLineage.MintTerms memory terms = mintTerms(recordBoth(statement(), payerKey), none);
        terms.uri = string(new bytes(513));
        vm.expectRevert(abi.encodeWithSelector(IModelLineage.UriTooLong.selector, 513, 512));
        _mint(payer, terms);
    }

    function test_RevertWhen_ParentsAreTooManyUnsortedTwiceOrNot() public {
        bytes32 recordId = recordBoth(statement(), payerKey);
        uint256 parentId = mintChild("parent", none);
        vm.expectRevert(abi.encodeWithSelector(IModelLineage.TooManyParents.selector, 9, 8));
        _mint(payer, mintTerms(recordId, new uint256[](9)));
        uint256[] memory parents = new uint256[](2);
        (parents[0], parents[1]) = (parentId, parentId);
        vm.expectRevert(abi.encodeWithSelector(IModelLineage.ParentsNotSorted.selector, parentId));
        _mint(payer, mintTerms(recordId, parents));
        vm.expectRevert(abi.encodeWithSelector(IModelLineage.UnknownModel.selector, 7));
        _mint(payer, mintTerms(recordId, one(7)));
    }

    function test_RevertWhen_ParentsTogetherAskForMoreThanThereIs() public {
        uint256[] memory parents = new uint256[](5);
        for (uint256 i = 0; i < 5; ++i) {
            parents[i] = mintChild(vm.toString(i), none);
            uint256 agreementId = lease.leaseCount();
            vm.prank(second);
            lease.stop(agreementId);
        }
        _sort(parents);
        bytes32 recordId = recordBoth(statement(), payerKey);
        vm.expectRevert(abi.encodeWithSelector(IModelLineage.LineageTooHigh.selector, 12_500));
        _mint(payer, mintTerms(recordId, parents));
    }

    function test_RevertWhen_AskingForAModelThatIsNot() public {
        bytes memory unknown = abi.encodeWithSelector(IModelLineage.UnknownModel.selector, 7);
        vm.expectRevert(unknown);
        models.modelOf(7);
        vm.expectRevert(unknown);
        models.royaltyInfo(7, 1 ether);
        vm.expectRevert(unknown);
        models.collect(7);
        vm.expectRevert(unknown);
        models.divide(7);
    }

    // ─── What it does ────────────────────────────────────────────────────────

    function test_ThePayerOwnsTheModelOfItsResult() public {
        uint256 parentId = mintChild("parent", none);
        bytes32 recordId = recordBoth(statement(), payerKey);
        IModelLineage.MintTerms memory terms = mintTerms(recordId, one(parentId));
        uint256 modelId = uint256(statement().resultRoot);
        vm.expectEmit(address(models));
        emit IModelLineage.ModelMinted(modelId, payer, recordId, terms);
        vm.assertEq(_mint(payer, terms), modelId);
        vm.assertEq(models.ownerOf(modelId), payer);
        IModelLineage.Model memory expected = IModelLineage.Model({
            creator: payer,
            royaltyBps: 1_000,
            lineageBps: 2_500,
            recordId: recordId,
            keyHash: keccak256(abi.encode(KEY)),
            undividedWei: 0,
            parents: one(parentId)
        });
        vm.assertEq(abi.encode(models.modelOf(modelId)), abi.encode(expected));
        (bool read, bytes memory uri) =
            address(models).staticcall(abi.encodeWithSignature("tokenURI(uint256)", modelId));
        vm.assertTrue(read);
        vm.assertEq(abi.decode(uri, (string)), "0g://card/17");
        vm.assertEq(address(models.token()), address(token));
        vm.assertEq(address(models.records()), address(records));
        vm.assertEq(models.sealOf(payer, terms.keyHash), sealFor(payer, terms.keyHash));
    }

    function test_ItIsAnErc721WithErc2981() public view {
        vm.assertTrue(models.supportsInterface(0x80ac58cd));
        vm.assertTrue(models.supportsInterface(0x2a55205a));
        vm.assertFalse(models.supportsInterface(0xffffffff));
    }

    function test_RevertWhen_AModelIsSentToTheContractItself() public {
        uint256 modelId = mintModel();
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(models)));
        vm.prank(payer);
        models.transferFrom(payer, address(models), modelId);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _mint(address caller, IModelLineage.MintTerms memory terms) private returns (uint256) {
        bytes32[] memory proof = proofOf(resultOf(payer, "weights"), 0);
        vm.prank(caller);
        return models.mint(terms, proof);
    }

    function _sort(uint256[] memory ids) private pure {
        for (uint256 i = 1; i < ids.length; ++i) {
            for (uint256 j = i; j > 0 && ids[j] < ids[j - 1]; --j) {
                (ids[j], ids[j - 1]) = (ids[j - 1], ids[j]);
            }
        }
    }
}
