// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAgreements} from "../market/IAgreements.sol";
import {ITrainingRecord} from "./ITrainingRecord.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title Attestations of training; what it promises stands on `ITrainingRecord`.
contract TrainingRecord is ITrainingRecord, EIP712 {
    uint256 private constant MAX_REFERENCE_BYTES = 512;

    bytes32 private constant STATEMENT_TYPEHASH = keccak256(
        "Statement(address market,uint256 agreementId,bytes32 datasetRoot,bytes32 imageDigest,bytes32 codeHash,bytes32 configHash,bytes32 resultRoot,bytes32 metricsHash,bytes32 storageDriver,bytes storageReference)"
    );

    mapping(bytes32 recordId => Record) private _records;

    constructor() EIP712("WorldLand Training Record", "1") {}

    // ─── Parties ─────────────────────────────────────────────────────────────

    /// @inheritdoc ITrainingRecord
    function record(
        Statement calldata statement,
        bytes calldata payerSignature,
        bytes calldata providerSignature
    ) external returns (bytes32 recordId) {
        _checkLength(statement.storageReference.length);
        recordId = hashOf(statement);
        Record storage entry = _records[recordId];
        if (entry.recordedAtBlock == 0) _enter(recordId, entry, statement);
        bool byPayer = payerSignature.length != 0 || msg.sender == entry.payer;
        bool byProvider = providerSignature.length != 0 || msg.sender == entry.provider;
        if (!byPayer && !byProvider) revert NotSigned();
        if (byPayer) _sign(recordId, entry, Party.Payer, payerSignature);
        if (byProvider) _sign(recordId, entry, Party.Provider, providerSignature);
    }

    /// @inheritdoc ITrainingRecord
    function countersign(bytes32 recordId, Party party, bytes calldata signature) external {
        _sign(recordId, _known(recordId), party, signature);
    }

    /// @inheritdoc ITrainingRecord
    function contest(bytes32 recordId, bytes32 evidenceHash, string calldata evidenceURI) external {
        Record storage entry = _known(recordId);
        _checkLength(bytes(evidenceURI).length);
        bool byPayer = msg.sender == entry.payer && entry.payerStance == Stance.None;
        bool byProvider = msg.sender == entry.provider && entry.providerStance == Stance.None;
        // Who has signed may still say it was mistaken, but does not take back what others built on.
        if (byPayer) entry.payerStance = Stance.Contested;
        if (byProvider) entry.providerStance = Stance.Contested;
        emit StatementContested(recordId, msg.sender, evidenceHash, evidenceURI, byPayer || byProvider);
    }

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @inheritdoc ITrainingRecord
    function recordOf(bytes32 recordId) external view returns (Record memory) {
        return _known(recordId);
    }

    /// @inheritdoc ITrainingRecord
    function isSignedByBoth(bytes32 recordId) external view returns (bool) {
        Record storage entry = _known(recordId);
        return entry.payerStance == Stance.Signed && entry.providerStance == Stance.Signed;
    }

    /// @inheritdoc ITrainingRecord
    function verifyDatum(bytes32 recordId, bytes32 datumHash, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        return _verify(_known(recordId).statement.datasetRoot, datumHash, proof);
    }

    /// @inheritdoc ITrainingRecord
    function verifyArtifact(bytes32 recordId, bytes32 artifactHash, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        return _verify(_known(recordId).statement.resultRoot, artifactHash, proof);
    }

    /// @inheritdoc ITrainingRecord
    function hashOf(Statement calldata statement) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    STATEMENT_TYPEHASH,
                    statement.market,
                    statement.agreementId,
                    statement.datasetRoot,
                    statement.imageDigest,
                    statement.codeHash,
                    statement.configHash,
                    statement.resultRoot,
                    statement.metricsHash,
                    statement.storageDriver,
                    keccak256(statement.storageReference)
                )
            )
        );
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _enter(bytes32 recordId, Record storage entry, Statement calldata statement) private {
        (address payer, address provider) = IAgreements(statement.market).partiesOf(statement.agreementId);
        entry.payer = payer;
        entry.provider = provider;
        entry.recordedAtBlock = uint64(block.number);
        entry.statement = statement;
        emit StatementRecorded(recordId, statement.market, statement.agreementId, payer, provider, statement);
    }

    /// @dev Signatures are public once they are sent: that somebody else has handed one in before is no reason to fail.
    function _sign(bytes32 recordId, Record storage entry, Party party, bytes calldata signature) private {
        Stance stance = party == Party.Payer ? entry.payerStance : entry.providerStance;
        if (stance == Stance.Signed) return;
        if (stance == Stance.Contested) revert StanceTaken(recordId, party, stance);
        address signer = party == Party.Payer ? entry.payer : entry.provider;
        if (msg.sender != signer && !SignatureChecker.isValidSignatureNow(signer, recordId, signature)) {
            revert InvalidStatementSignature(party, signer);
        }
        if (party == Party.Payer) entry.payerStance = Stance.Signed;
        else entry.providerStance = Stance.Signed;
        emit StatementSigned(recordId, party, signer);
    }

    function _known(bytes32 recordId) private view returns (Record storage entry) {
        entry = _records[recordId];
        if (entry.recordedAtBlock == 0) revert UnknownRecord(recordId);
    }

    function _verify(bytes32 root, bytes32 hash, bytes32[] calldata proof) private pure returns (bool) {
        return MerkleProof.verifyCalldata(proof, root, keccak256(abi.encode(hash)));
    }

    function _checkLength(uint256 length) private pure {
        if (length > MAX_REFERENCE_BYTES) revert ReferenceTooLong(length, MAX_REFERENCE_BYTES);
    }
}
