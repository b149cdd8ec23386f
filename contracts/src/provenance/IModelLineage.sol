// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IComputeToken} from "../token/IComputeToken.sol";
import {ITrainingRecord} from "./ITrainingRecord.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @title Models, one per training result, and the royalties they owe to those they were made from.
/// @notice Whoever paid for a training whose record both parties signed may mint its result as a model, once. The
/// result's Merkle tree must hold a *seal*: a leaf that names the creator and the hash of the key its artifacts are
/// encrypted with. A result copied from the chain therefore cannot be minted by anybody else.
/// A royalty, of a sale here or on any marketplace that heeds ERC-2981, belongs to the model's creator, less what
/// the model's parents ask for; each parent passes on in the same way to its own. All is paid by pull.
/// @dev Amounts are token wei, shares 1/10000. Model ids are result roots. The balance covers credits, undivided
/// royalties and open purchases, always.
interface IModelLineage is IERC721, IERC2981 {
    /// @param creator Who minted it and earns its royalties, whoever owns it.
    /// @param royaltyBps Share of every sale that is royalty.
    /// @param lineageBps Share of a child's royalties that this model asks for.
    /// @param recordId Of TrainingRecord. @param keyHash `keccak256(abi.encode(key))` of the 32-byte key its
    /// artifacts are encrypted with; zero: they are not, and there is no key to sell.
    /// @param undividedWei Royalties not yet divided. @param parents Models it was made from, ascending.
    struct Model {
        address creator;
        uint16 royaltyBps;
        uint16 lineageBps;
        bytes32 recordId;
        bytes32 keyHash;
        uint256 undividedWei;
        uint256[] parents;
    }

    /// @dev As in `Model`. @param uri What `tokenURI` is to say; at most 512 bytes.
    struct MintTerms {
        bytes32 recordId;
        bytes32 keyHash;
        uint16 royaltyBps;
        uint16 lineageBps;
        uint256[] parents;
        string uri;
    }

    event ModelMinted(
        uint256 indexed modelId, address indexed creator, bytes32 indexed recordId, MintTerms terms
    );
    /// @notice A sale here, or what lay in the model's vault, brought `amountWei` of royalties.
    event RoyaltyReceived(uint256 indexed modelId, uint256 amountWei, uint256 undividedWei);
    event RoyaltyPassedOn(uint256 indexed modelId, uint256 indexed parentId, uint256 amountWei);
    event Credited(address indexed account, uint256 amountWei, uint256 creditWei);
    event Withdrawn(address indexed account, uint256 amountWei);

    error UnknownModel(uint256 modelId);
    /// @notice The record is not signed by both parties.
    error RecordNotSigned(bytes32 recordId);
    /// @notice Only the payer of the recorded training may mint its result.
    error NotCreator(bytes32 recordId, address caller);
    /// @notice The result's tree has no leaf that names this creator and key.
    error InvalidSeal(bytes32 sealHash);
    error ModelExists(uint256 modelId);
    error RoyaltyTooHigh(uint256 royaltyBps, uint256 maximumBps);
    error TooManyParents(uint256 count, uint256 maximum);
    /// @notice Parents must ascend.
    error ParentsNotSorted(uint256 parentId);
    /// @notice Together the parents ask for more than there is.
    error LineageTooHigh(uint256 totalBps);
    error UriTooLong(uint256 length, uint256 maximum);
    error NothingToDivide(uint256 modelId);
    error NothingToWithdraw(address account);

    /// @notice Mints the result of a training that the caller paid for.
    /// @param sealProof Merkle proof that `keccak256(sealOf(caller, keyHash))` is an artifact's hash in the result.
    function mint(MintTerms calldata terms, bytes32[] calldata sealProof) external returns (uint256 modelId);

    /// @notice Anyone: takes in what marketplaces paid to the model's vault. @return amountWei What there was.
    function collect(uint256 modelId) external returns (uint256 amountWei);

    /// @notice Anyone: divides the model's royalties between its parents, which receive theirs undivided, and its
    /// creator's credit.
    function divide(uint256 modelId) external;

    /// @notice Anyone: pays `account` its credit.
    function withdraw(address account) external returns (uint256 amountWei);

    function token() external view returns (IComputeToken);

    function records() external view returns (ITrainingRecord);

    function modelOf(uint256 modelId) external view returns (Model memory);

    /// @notice Where marketplaces pay the model's royalties.
    function vaultOf(uint256 modelId) external view returns (address);

    function creditOf(address account) external view returns (uint256);

    /// @notice The artifact that seals a result: `abi.encode("worldland.model.seal", creator, keyHash)`.
    function sealOf(address creator, bytes32 keyHash) external pure returns (bytes memory);
}
