// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title What was trained, on what, where: attestations bound to a lease or session.
/// @notice A record states which dataset, image, code and configuration led to which result. The agreement's payer
/// and provider each sign it, or contest it, for themselves: a record says who stands behind it, and no more.
/// Records are never changed or removed; whoever finds a mistake contests and records anew. Nobody owns the
/// contract, and any contract may be a market: readers choose whose agreements they believe.
/// @dev Merkle trees: a datum's hash is `keccak256(datum)`, its leaf the hash of that hash,
/// `keccak256(keccak256(datum))`, so that no inner node can pass for a leaf; pairs are sorted, as in OpenZeppelin's
/// `MerkleProof` and its `merkle-tree` library.
interface ITrainingRecord {
    enum Party {
        Payer,
        Provider
    }

    enum Stance {
        None,
        Signed,
        Contested
    }

    /// @param market Whose agreement it was; answers `IAgreements.partiesOf`.
    /// @param datasetRoot Merkle root of what was trained on. @param imageDigest Of the container that ran.
    /// @param resultRoot Merkle root of the artifacts that came out.
    /// @param storageDriver How to read `storageReference`: ASCII, padded with zeros, such as "https" or "0g".
    /// @param storageReference Where the artifacts lie; at most 512 bytes.
    struct Statement {
        address market;
        uint256 agreementId;
        bytes32 datasetRoot;
        bytes32 imageDigest;
        bytes32 codeHash;
        bytes32 configHash;
        bytes32 resultRoot;
        bytes32 metricsHash;
        bytes32 storageDriver;
        bytes storageReference;
    }

    /// @param payer As the market said when it was recorded. @param provider Likewise.
    /// @param recordedAtBlock When it was recorded.
    struct Record {
        address payer;
        Stance payerStance;
        address provider;
        Stance providerStance;
        uint64 recordedAtBlock;
        Statement statement;
    }

    event StatementRecorded(
        bytes32 indexed recordId,
        address indexed market,
        uint256 indexed agreementId,
        address payer,
        address provider,
        Statement statement
    );
    event StatementSigned(bytes32 indexed recordId, Party indexed party, address indexed signer);
    /// @notice `contester` disagrees. @param evidenceHash Of whatever stands behind `evidenceURI`.
    /// @param byParty Whether a party thereby took its stance.
    event StatementContested(
        bytes32 indexed recordId,
        address indexed contester,
        bytes32 evidenceHash,
        string evidenceURI,
        bool byParty
    );

    error UnknownRecord(bytes32 recordId);
    /// @notice No party signed, and none is the caller.
    error NotSigned();
    error InvalidStatementSignature(Party party, address signer);
    /// @notice The party has contested before.
    error StanceTaken(bytes32 recordId, Party party, Stance stance);
    error ReferenceTooLong(uint256 length, uint256 maximum);

    /// @notice Records a statement that at least one party stands behind. A party that calls needs no signature. Of a
    /// statement on record already, adds the signatures it lacks: whoever hands it in first, with whichever of them,
    /// makes nobody else's call fail.
    /// @param payerSignature Over `hashOf(statement)`, ECDSA or ERC-1271; empty: not yet given.
    /// @param providerSignature Likewise.
    /// @return recordId `hashOf(statement)`.
    function record(
        Statement calldata statement,
        bytes calldata payerSignature,
        bytes calldata providerSignature
    ) external returns (bytes32 recordId);

    /// @notice Adds the other party's signature; a party that calls needs none. A signature given before changes nothing.
    function countersign(bytes32 recordId, Party party, bytes calldata signature) external;

    /// @notice Anyone: disagrees, in public. A party that has not signed thereby contests for good.
    /// @param evidenceURI At most 512 bytes.
    function contest(bytes32 recordId, bytes32 evidenceHash, string calldata evidenceURI) external;

    function recordOf(bytes32 recordId) external view returns (Record memory);

    /// @notice Whether payer and provider both signed.
    function isSignedByBoth(bytes32 recordId) external view returns (bool);

    /// @notice Whether a datum belongs to the dataset. @param datumHash `keccak256(datum)`.
    function verifyDatum(bytes32 recordId, bytes32 datumHash, bytes32[] calldata proof)
        external
        view
        returns (bool);

    /// @notice Whether an artifact belongs to the result. @param artifactHash `keccak256(artifact)`.
    function verifyArtifact(bytes32 recordId, bytes32 artifactHash, bytes32[] calldata proof)
        external
        view
        returns (bool);

    /// @notice What the parties sign (EIP-712), and the record's id.
    function hashOf(Statement calldata statement) external view returns (bytes32);
}
