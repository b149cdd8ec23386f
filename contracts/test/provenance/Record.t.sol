// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {ITrainingRecord} from "../../src/provenance/ITrainingRecord.sol";
import {ProvenanceTest} from "../support/ProvenanceTest.sol";
import {SmartWallet} from "../support/SmartWallet.sol";

/// @notice record, countersign, contest.
contract RecordTest is ProvenanceTest {
    // ─── record ──────────────────────────────────────────────────────────────

    function test_RevertWhen_ThereIsNoSuchAgreement() public {
        ITrainingRecord.Statement memory said = statement();
        said.agreementId = 99;
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.UnknownLease.selector, 99));
        vm.prank(payer);
        records.record(said, "", "");
    }

    function test_RevertWhen_TheMarketIsNone() public {
        ITrainingRecord.Statement memory said = statement();
        said.market = address(token);
        vm.expectRevert(bytes(""));
        vm.prank(payer);
        records.record(said, "", "");
    }

    function test_RevertWhen_NoPartyStandsBehindIt() public {
        ITrainingRecord.Statement memory said = statement();
        vm.expectRevert(ITrainingRecord.NotSigned.selector);
        vm.prank(stranger);
        records.record(said, "", "");
    }

    function test_RevertWhen_ASignatureIsAnothers() public {
        ITrainingRecord.Statement memory said = statement();
        bytes32 hash = records.hashOf(said);
        bytes memory payers = signatureOf(hash, payerKey);
        bytes memory providers = signatureOf(hash, providerKey);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITrainingRecord.InvalidStatementSignature.selector, ITrainingRecord.Party.Payer, payer
            )
        );
        records.record(said, providers, payers);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITrainingRecord.InvalidStatementSignature.selector, ITrainingRecord.Party.Provider, provider
            )
        );
        records.record(said, payers, payers);
    }

    function testFuzz_RevertWhen_AnyFieldIsChangedAfterSigning(uint8 field) public {
        ITrainingRecord.Statement memory said = statement();
        uint256 other = openLease();
        bytes memory signature = signatureOf(records.hashOf(said), payerKey);
        field = field % 9;
        if (field == 0) said.agreementId = other;
        else if (field == 1) said.datasetRoot = 0;
        else if (field == 2) said.imageDigest = 0;
        else if (field == 3) said.codeHash = 0;
        else if (field == 4) said.configHash = 0;
        else if (field == 5) said.resultRoot = 0;
        else if (field == 6) said.metricsHash = 0;
        else if (field == 7) said.storageDriver = "https";
        else said.storageReference = "0g://blob/18";
        vm.expectRevert(
            abi.encodeWithSelector(
                ITrainingRecord.InvalidStatementSignature.selector, ITrainingRecord.Party.Payer, payer
            )
        );
        records.record(said, signature, "");
    }

    function test_RevertWhen_NobodyNewStandsBehindWhatIsOnRecord() public {
        recordBoth(statement(), payerKey);
        ITrainingRecord.Statement memory said = statement();
        vm.expectRevert(ITrainingRecord.NotSigned.selector);
        vm.prank(stranger);
        records.record(said, "", "");
    }

    /// @dev Whoever sees a record on its way can send it with whichever of its signatures it likes.
    function testFuzz_Attack_HandingItInFirstMakesNobodysCallFail(bool payers, bool providers) public {
        ITrainingRecord.Statement memory said = statement();
        bytes32 recordId = records.hashOf(said);
        bytes memory byPayer = signatureOf(recordId, payerKey);
        bytes memory byProvider = signatureOf(recordId, providerKey);
        if (payers || providers) {
            vm.prank(stranger);
            records.record(said, payers ? byPayer : bytes(""), providers ? byProvider : bytes(""));
        }
        uint256 recordedAtBlock = block.number;
        vm.roll(block.number + 1);
        if (payers || providers) _expectSignedOnly(recordId, !payers, !providers);
        vm.assertEq(records.record(said, byPayer, byProvider), recordId);
        vm.assertTrue(records.isSignedByBoth(recordId));
        if (payers || providers) vm.assertEq(records.recordOf(recordId).recordedAtBlock, recordedAtBlock);
    }

    function test_Attack_CountersigningFirstMakesNobodysCallFail() public {
        bytes32 recordId = _recordByProvider();
        bytes memory signature = signatureOf(recordId, payerKey);
        vm.prank(stranger);
        records.countersign(recordId, ITrainingRecord.Party.Payer, signature);
        records.countersign(recordId, ITrainingRecord.Party.Payer, signature);
        vm.assertTrue(records.isSignedByBoth(recordId));
    }

    function test_RevertWhen_ARecordIsHandedInWithTheSignatureOfWhoContestedIt() public {
        bytes32 recordId = _recordByProvider();
        vm.prank(payer);
        records.contest(recordId, 0, "");
        ITrainingRecord.Statement memory said = statement();
        bytes memory signature = signatureOf(recordId, payerKey);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITrainingRecord.StanceTaken.selector,
                recordId,
                ITrainingRecord.Party.Payer,
                ITrainingRecord.Stance.Contested
            )
        );
        records.record(said, signature, "");
    }

    function test_RevertWhen_TheReferenceIsTooLong() public {
        ITrainingRecord.Statement memory said = statement();
        said.storageReference = new bytes(513);
        vm.expectRevert(abi.encodeWithSelector(ITrainingRecord.ReferenceTooLong.selector, 513, 512));
        vm.prank(payer);
        records.record(said, "", "");
    }

    function test_AStrangerMayHandInWhatBothSigned() public {
        ITrainingRecord.Statement memory said = statement();
        bytes32 recordId = records.hashOf(said);
        bytes memory payers = signatureOf(recordId, payerKey);
        bytes memory providers = signatureOf(recordId, providerKey);
        vm.expectEmit(address(records));
        emit ITrainingRecord.StatementRecorded(recordId, address(lease), leaseId, payer, provider, said);
        vm.expectEmit(address(records));
        emit ITrainingRecord.StatementSigned(recordId, ITrainingRecord.Party.Payer, payer);
        vm.expectEmit(address(records));
        emit ITrainingRecord.StatementSigned(recordId, ITrainingRecord.Party.Provider, provider);
        vm.prank(stranger);
        vm.assertEq(records.record(said, payers, providers), recordId);

        ITrainingRecord.Record memory entry = records.recordOf(recordId);
        vm.assertEq(abi.encode(entry.statement), abi.encode(said));
        vm.assertEq(entry.payer, payer);
        vm.assertEq(entry.provider, provider);
        vm.assertEq(entry.recordedAtBlock, block.number);
        vm.assertTrue(records.isSignedByBoth(recordId));
    }

    function test_APartyThatCallsNeedsNoSignature() public {
        address[2] memory parties = [payer, provider];
        for (uint256 i = 0; i < 2; ++i) {
            ITrainingRecord.Statement memory said = statement();
            said.metricsHash = bytes32(i);
            vm.prank(parties[i]);
            bytes32 recordId = records.record(said, "", "");
            ITrainingRecord.Record memory entry = records.recordOf(recordId);
            vm.assertEq(uint256(entry.payerStance), i == 0 ? 1 : 0);
            vm.assertEq(uint256(entry.providerStance), i == 0 ? 0 : 1);
            vm.assertFalse(records.isSignedByBoth(recordId));
        }
    }

    function test_ASessionCanBeRecordedToo() public {
        uint256 sessionId = openSession();
        ITrainingRecord.Statement memory said = statement();
        (said.market, said.agreementId) = (address(session), sessionId);
        vm.assertTrue(records.isSignedByBoth(recordBoth(said, payerKey)));
    }

    function test_ASmartWalletSignsByErc1271() public {
        SmartWallet wallet = new SmartWallet(student);
        fund(address(wallet), 10 ether);
        wallet.execute(address(token), abi.encodeCall(token.approve, (address(lease), 10 ether)));
        bytes memory opened = wallet.execute(
            address(lease), abi.encodeCall(lease.open, (offerId, 1, HOUR, PRICE, IMAGE, address(0), 0, ""))
        );
        ITrainingRecord.Statement memory said = statement();
        said.agreementId = abi.decode(opened, (uint256));
        bytes memory signature = signatureOf(records.hashOf(said), studentKey);
        bytes32 recordId = records.record(said, signature, "");
        vm.assertEq(uint256(records.recordOf(recordId).payerStance), 1);
    }

    function test_TheHashIsEip712() public view {
        ITrainingRecord.Statement memory said = statement();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("WorldLand Training Record"),
                keccak256("1"),
                block.chainid,
                records
            )
        );
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Statement(address market,uint256 agreementId,bytes32 datasetRoot,bytes32 imageDigest,bytes32 codeHash,bytes32 configHash,bytes32 resultRoot,bytes32 metricsHash,bytes32 storageDriver,bytes storageReference)"
                ),
                said.market,
                said.agreementId,
                said.datasetRoot,
                said.imageDigest,
                said.codeHash,
                said.configHash,
                said.resultRoot,
                said.metricsHash,
                said.storageDriver,
                keccak256(said.storageReference)
            )
        );
        vm.assertEq(records.hashOf(said), keccak256(abi.encodePacked(hex"1901", domain, structHash)));
    }

    // ─── countersign ─────────────────────────────────────────────────────────

    function test_RevertWhen_CountersigningWhatIsNotRecorded() public {
        vm.expectRevert(abi.encodeWithSelector(ITrainingRecord.UnknownRecord.selector, bytes32("?")));
        records.countersign("?", ITrainingRecord.Party.Payer, "");
    }

    function test_RevertWhen_ThePartyHasContested() public {
        bytes32 recordId = _recordByProvider();
        vm.prank(payer);
        records.contest(recordId, 0, "");
        vm.expectRevert(
            abi.encodeWithSelector(
                ITrainingRecord.StanceTaken.selector,
                recordId,
                ITrainingRecord.Party.Payer,
                ITrainingRecord.Stance.Contested
            )
        );
        vm.prank(payer);
        records.countersign(recordId, ITrainingRecord.Party.Payer, "");
    }

    function testFuzz_RevertWhen_SomebodyElseCountersigns(address caller, uint256 key) public {
        vm.assume(caller != payer);
        key = bound(key, 1, 2 ** 128);
        vm.assume(key != payerKey);
        bytes32 recordId = _recordByProvider();
        bytes memory signature = signatureOf(recordId, key);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITrainingRecord.InvalidStatementSignature.selector, ITrainingRecord.Party.Payer, payer
            )
        );
        vm.prank(caller);
        records.countersign(recordId, ITrainingRecord.Party.Payer, signature);
    }

    function test_TheOtherPartySignsLaterInPersonOrByPaper() public {
        bytes32 recordId = _recordByProvider();
        uint256 id = vm.snapshotState();
        vm.expectEmit(address(records));
        emit ITrainingRecord.StatementSigned(recordId, ITrainingRecord.Party.Payer, payer);
        vm.prank(payer);
        records.countersign(recordId, ITrainingRecord.Party.Payer, "");
        vm.assertTrue(records.isSignedByBoth(recordId));
        vm.revertToState(id);
        records.countersign(recordId, ITrainingRecord.Party.Payer, signatureOf(recordId, payerKey));
        vm.assertTrue(records.isSignedByBoth(recordId));
    }

    // ─── contest ─────────────────────────────────────────────────────────────

    function test_RevertWhen_ContestingWhatIsNotRecordedOrAtTooGreatLength() public {
        vm.expectRevert(abi.encodeWithSelector(ITrainingRecord.UnknownRecord.selector, bytes32("?")));
        records.contest("?", 0, "");
        bytes32 recordId = _recordByProvider();
        vm.expectRevert(abi.encodeWithSelector(ITrainingRecord.ReferenceTooLong.selector, 513, 512));
        records.contest(recordId, 0, string(new bytes(513)));
    }

    function test_APartyThatHasNotSignedContestsForGood() public {
        bytes32 recordId = _recordByProvider();
        vm.expectEmit(address(records));
        emit ITrainingRecord.StatementContested(recordId, payer, "evidence", "ipfs://e", true);
        vm.prank(payer);
        records.contest(recordId, "evidence", "ipfs://e");
        ITrainingRecord.Record memory entry = records.recordOf(recordId);
        vm.assertEq(uint256(entry.payerStance), uint256(ITrainingRecord.Stance.Contested));
        vm.assertEq(uint256(entry.providerStance), uint256(ITrainingRecord.Stance.Signed));
    }

    function test_TheProviderContestsWhatThePayerSaid() public {
        ITrainingRecord.Statement memory said = statement();
        vm.prank(payer);
        bytes32 recordId = records.record(said, "", "");
        vm.prank(provider);
        records.contest(recordId, 0, "");
        vm.assertEq(
            uint256(records.recordOf(recordId).providerStance), uint256(ITrainingRecord.Stance.Contested)
        );
    }

    function test_StrangersAndSignersContestWithoutEffect() public {
        bytes32 recordId = recordBoth(statement(), payerKey);
        address[3] memory contesters = [stranger, payer, provider];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectEmit(address(records));
            emit ITrainingRecord.StatementContested(recordId, contesters[i], 0, "", false);
            vm.prank(contesters[i]);
            records.contest(recordId, 0, "");
        }
        vm.assertTrue(records.isSignedByBoth(recordId));
    }

    /// @dev Of a record that is there already, only what is new is told.
    function _expectSignedOnly(bytes32 recordId, bool byPayer, bool byProvider) private {
        if (byPayer) {
            vm.expectEmit(address(records));
            emit ITrainingRecord.StatementSigned(recordId, ITrainingRecord.Party.Payer, payer);
        }
        if (byProvider) {
            vm.expectEmit(address(records));
            emit ITrainingRecord.StatementSigned(recordId, ITrainingRecord.Party.Provider, provider);
        }
    }

    function _recordByProvider() private returns (bytes32) {
        ITrainingRecord.Statement memory said = statement();
        vm.prank(provider);
        return records.record(said, "", "");
    }
}
