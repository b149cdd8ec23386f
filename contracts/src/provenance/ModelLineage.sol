// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeToken} from "../token/IComputeToken.sol";
import {IModelLineage} from "./IModelLineage.sol";
import {ITrainingRecord} from "./ITrainingRecord.sol";
import {RoyaltyVault} from "./RoyaltyVault.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title Models and their royalties; what it promises stands on `IModelLineage`.
/// @dev A model's parents exist before it does, so there is no way round in a circle, and a royalty is divided one
/// generation at a time: nobody's lineage can grow too long for anybody's gas.
abstract contract ModelLineage is IModelLineage, ERC721 {
    uint256 internal constant BPS = 10_000;
    uint256 private constant MAX_ROYALTY_BPS = 5_000;
    uint256 private constant MAX_PARENTS = 8;
    uint256 private constant MAX_URI_BYTES = 512;

    /// @inheritdoc IModelLineage
    IComputeToken public immutable token;
    /// @inheritdoc IModelLineage
    ITrainingRecord public immutable records;

    mapping(uint256 modelId => Model) private _models;
    mapping(uint256 modelId => string) private _uris;

    /// @inheritdoc IModelLineage
    mapping(address account => uint256) public creditOf;

    constructor(IComputeToken token_, ITrainingRecord records_) ERC721("WorldLand Model", "WLMODEL") {
        token = token_;
        records = records_;
    }

    // ─── Minting ─────────────────────────────────────────────────────────────

    /// @inheritdoc IModelLineage
    function mint(MintTerms calldata terms, bytes32[] calldata sealProof) external returns (uint256 modelId) {
        bytes32 recordId = terms.recordId;
        ITrainingRecord.Record memory record = records.recordOf(recordId);
        if (msg.sender != record.payer) revert NotCreator(recordId, msg.sender);
        if (!records.isSignedByBoth(recordId)) revert RecordNotSigned(recordId);
        modelId = uint256(record.statement.resultRoot);
        if (_ownerOf(modelId) != address(0)) revert ModelExists(modelId);
        // A copied root names another creator: it is of no use to the copier.
        bytes32 sealHash = keccak256(sealOf(msg.sender, terms.keyHash));
        if (!records.verifyArtifact(recordId, sealHash, sealProof)) revert InvalidSeal(sealHash);
        _checkTerms(terms);

        Model storage model = _models[modelId];
        model.creator = msg.sender;
        model.royaltyBps = terms.royaltyBps;
        model.lineageBps = terms.lineageBps;
        model.recordId = recordId;
        model.keyHash = terms.keyHash;
        model.parents = terms.parents;
        _uris[modelId] = terms.uri;
        emit ModelMinted(modelId, msg.sender, recordId, terms);
        _mint(msg.sender, modelId);
    }

    // ─── Royalties ───────────────────────────────────────────────────────────

    /// @inheritdoc IModelLineage
    function collect(uint256 modelId) external returns (uint256 amountWei) {
        Model storage model = _knownModel(modelId);
        address payable vault = payable(vaultOf(modelId));
        if (vault.code.length == 0) new RoyaltyVault{salt: bytes32(modelId)}(token);
        amountWei = RoyaltyVault(vault).sweep();
        _receiveRoyalty(modelId, model, amountWei);
    }

    /// @inheritdoc IModelLineage
    function divide(uint256 modelId) external {
        Model storage model = _knownModel(modelId);
        uint256 undividedWei = model.undividedWei;
        if (undividedWei == 0) revert NothingToDivide(modelId);
        model.undividedWei = 0;
        uint256 creatorWei = undividedWei;
        uint256 count = model.parents.length;
        for (uint256 i = 0; i < count; ++i) {
            uint256 parentId = model.parents[i];
            Model storage parent = _models[parentId];
            uint256 parentWei = undividedWei * parent.lineageBps / BPS;
            creatorWei -= parentWei;
            emit RoyaltyPassedOn(modelId, parentId, parentWei);
            _receiveRoyalty(parentId, parent, parentWei);
        }
        _credit(model.creator, creatorWei);
    }

    /// @inheritdoc IModelLineage
    function withdraw(address account) external returns (uint256 amountWei) {
        amountWei = creditOf[account];
        if (amountWei == 0) revert NothingToWithdraw(account);
        creditOf[account] = 0;
        emit Withdrawn(account, amountWei);
        token.transfer(account, amountWei);
    }

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @inheritdoc IModelLineage
    function modelOf(uint256 modelId) external view returns (Model memory) {
        return _knownModel(modelId);
    }

    /// @inheritdoc IModelLineage
    function vaultOf(uint256 modelId) public view returns (address) {
        bytes32 codeHash = keccak256(bytes.concat(type(RoyaltyVault).creationCode, abi.encode(token)));
        bytes memory place = abi.encodePacked(hex"ff", address(this), modelId, codeHash);
        return address(uint160(uint256(keccak256(place))));
    }

    /// @inheritdoc IModelLineage
    function sealOf(address creator, bytes32 keyHash) public pure returns (bytes memory) {
        return abi.encode("worldland.model.seal", creator, keyHash);
    }

    /// @inheritdoc IERC2981
    function royaltyInfo(uint256 tokenId, uint256 salePrice)
        external
        view
        returns (address receiver, uint256 royaltyAmount)
    {
        return (vaultOf(tokenId), salePrice * _knownModel(tokenId).royaltyBps / BPS);
    }

    function tokenURI(uint256 tokenId) public view override returns (string memory) {
        _knownModel(tokenId);
        return _uris[tokenId];
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC721, IERC165) returns (bool) {
        return interfaceId == type(IERC2981).interfaceId || super.supportsInterface(interfaceId);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _receiveRoyalty(uint256 modelId, Model storage model, uint256 amountWei) internal {
        if (amountWei == 0) return;
        uint256 undividedWei = model.undividedWei + amountWei;
        model.undividedWei = undividedWei;
        emit RoyaltyReceived(modelId, amountWei, undividedWei);
    }

    function _credit(address account, uint256 amountWei) internal {
        if (amountWei == 0) return;
        uint256 creditWei = creditOf[account] + amountWei;
        creditOf[account] = creditWei;
        emit Credited(account, amountWei, creditWei);
    }

    function _knownModel(uint256 modelId) internal view returns (Model storage model) {
        model = _models[modelId];
        if (model.creator == address(0)) revert UnknownModel(modelId);
    }

    function _checkTerms(MintTerms calldata terms) private view {
        if (terms.royaltyBps > MAX_ROYALTY_BPS) revert RoyaltyTooHigh(terms.royaltyBps, MAX_ROYALTY_BPS);
        uint256 uriLength = bytes(terms.uri).length;
        if (uriLength > MAX_URI_BYTES) revert UriTooLong(uriLength, MAX_URI_BYTES);
        uint256 count = terms.parents.length;
        if (count > MAX_PARENTS) revert TooManyParents(count, MAX_PARENTS);
        uint256 lineageBps = 0;
        uint256 last = 0;
        for (uint256 i = 0; i < count; ++i) {
            uint256 parentId = terms.parents[i];
            if (parentId <= last) revert ParentsNotSorted(parentId);
            last = parentId;
            lineageBps += _knownModel(parentId).lineageBps;
        }
        if (lineageBps > BPS) revert LineageTooHigh(lineageBps);
    }
}
