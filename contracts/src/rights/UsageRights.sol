// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC4907} from "./IERC4907.sol";
import {ACT_ALL, ACT_GRANT, IUsageRights} from "./IUsageRights.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title Who may use a lease or session; what it promises stands on `IUsageRights`.
/// @dev Calls nobody but the receiver of a safe transfer, last. Every loop climbs at most `MAX_DEPTH` steps.
contract UsageRights is IUsageRights, ERC721 {
    /// @inheritdoc IUsageRights
    uint8 public constant MAX_DEPTH = 4;
    /// @inheritdoc IUsageRights
    /// @dev An hour at ten seconds a block: time for a gateway to see it and redeem what it holds.
    uint64 public constant HONOUR_BLOCKS = 360;
    /// @inheritdoc IUsageRights
    /// @dev Seconds, for an expiry is a second. An hour and a half: by then an hour's blocks of proof of work have come
    /// all but surely.
    uint64 public constant HONOUR_SECONDS = 5400;

    struct User {
        address account;
        uint64 expires;
    }

    mapping(uint256 rightId => Right) private _rights;
    mapping(uint256 rightId => User) private _users;

    /// @inheritdoc IUsageRights
    mapping(uint256 rightId => mapping(address account => uint256)) public heldUntilBlockOf;
    /// @inheritdoc IUsageRights
    mapping(uint256 rootId => mapping(address account => uint256)) public chosenRightOf;

    constructor() ERC721("WorldLand Usage Right", "WLRIGHT") {}

    // ─── Markets ─────────────────────────────────────────────────────────────

    /// @inheritdoc IUsageRights
    function mintRoot(uint96 agreementId, address payer, address user, uint96 budgetWei, uint48 expires)
        external
        returns (uint256 rightId)
    {
        rightId = rootIdOf(msg.sender, agreementId);
        Right storage root = _rights[rightId];
        root.expires = expires;
        root.acts = ACT_ALL;
        if (budgetWei != 0) root.budgetWei = budgetWei;
        _mint(payer, rightId);
        emit RootMinted(rightId, msg.sender, agreementId, payer, budgetWei, expires);
        if (user != address(0)) _putUser(rightId, user, expires);
    }

    /// @inheritdoc IUsageRights
    function raiseRoot(uint96 agreementId, uint96 amountWei) external {
        uint256 rightId = rootIdOf(msg.sender, agreementId);
        Right storage root = _known(rightId);
        root.budgetWei += amountWei;
        emit RootRaised(rightId, amountWei, root.budgetWei);
    }

    /// @inheritdoc IUsageRights
    function endRoot(uint96 agreementId) external {
        uint256 rightId = rootIdOf(msg.sender, agreementId);
        Right storage root = _known(rightId);
        if (root.revokedAtBlock != 0) revert AlreadyRevoked(rightId);
        root.revokedAtBlock = uint64(block.number);
        emit RootEnded(rightId);
    }

    /// @inheritdoc IUsageRights
    function consume(uint96 agreementId, uint256 rightId, address holder, uint8 act, uint96 amountWei)
        external
    {
        Right storage right = _known(rightId);
        if (right.acts & act != act) revert ActNotAllowed(rightId, act);
        if (!_isHonouredHolder(rightId, holder)) revert NotHolder(rightId, holder);
        uint256 id = rightId;
        while (true) {
            uint96 restWei = right.budgetWei - right.spentWei;
            if (amountWei > restWei) revert BudgetExceeded(id, amountWei, restWei);
            right.spentWei += amountWei;
            if (right.depth == 0) break;
            // A child never expires after its parent, so on the way up only revocations need be looked at.
            if (_isDead(right)) revert NoLongerHonoured(rightId, id);
            id = right.parentId;
            right = _rights[id];
        }
        // How long payments out of the root are honoured is for its market to say: it is the one who calls.
        if (id != rootIdOf(msg.sender, agreementId)) revert NotRightOf(rightId, agreementId);
        emit RightConsumed(rightId, holder, amountWei, _rights[rightId].spentWei);
    }

    // ─── Owners and holders ──────────────────────────────────────────────────

    /// @inheritdoc IUsageRights
    function grant(Grant calldata grant_) external returns (uint256 rightId) {
        uint256 parentId = grant_.parentId;
        Right storage parent = _known(parentId);
        _checkAuthorized(_ownerOf(parentId), msg.sender, parentId);
        if (!isInForce(parentId)) revert RightNotInForce(parentId);
        _checkWithin(parent, grant_);

        uint32 index = parent.childCount;
        rightId = childIdOf(parentId, index);
        parent.childCount = index + 1;
        _rights[rightId] = Right({
            spentWei: 0,
            expires: grant_.expires,
            acts: grant_.acts,
            depth: parent.depth + 1,
            revokedAtBlock: 0,
            childCount: 0,
            budgetWei: grant_.budgetWei,
            parentId: parentId,
            endpointHash: grant_.endpointHash
        });
        emit RightGranted(
            rightId, parentId, grant_.to, grant_.budgetWei, grant_.expires, grant_.acts, grant_.endpointHash
        );
        _mint(grant_.to, rightId);
    }

    /// @inheritdoc IUsageRights
    function revoke(uint256 rightId) external {
        Right storage right = _known(rightId);
        if (right.depth == 0) revert RootNotRevokable(rightId);
        if (right.revokedAtBlock != 0) revert AlreadyRevoked(rightId);
        if (!_commands(rightId, msg.sender)) revert NotRevokableBy(rightId, msg.sender);
        right.revokedAtBlock = uint64(block.number);
        emit RightRevoked(rightId, msg.sender, uint64(block.number) + HONOUR_BLOCKS);
    }

    /// @inheritdoc IUsageRights
    function chooseRight(uint256 rightId) external {
        if (!_holds(rightId, msg.sender)) revert NotHolder(rightId, msg.sender);
        _choose(_rootIdOf(rightId), msg.sender, rightId);
    }

    /// @inheritdoc IERC4907
    function setUser(uint256 tokenId, address user, uint64 expires) external {
        _checkAuthorized(_requireOwned(tokenId), msg.sender, tokenId);
        _rememberUser(tokenId);
        _putUser(tokenId, user, expires);
    }

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @inheritdoc IUsageRights
    function rightOf(uint256 rightId) external view returns (Right memory) {
        return _known(rightId);
    }

    /// @inheritdoc IUsageRights
    function restOf(uint256 rightId) external view returns (uint256 restWei) {
        return _restWei(_known(rightId));
    }

    /// @inheritdoc IUsageRights
    function lineOf(uint256 rightId)
        external
        view
        returns (uint256[] memory rightIds, uint256[] memory restsWei)
    {
        Right storage right = _known(rightId);
        uint256 length = uint256(right.depth) + 1;
        (rightIds, restsWei) = (new uint256[](length), new uint256[](length));
        uint256 id = rightId;
        for (uint256 i = 0; i < length; ++i) {
            rightIds[i] = id;
            restsWei[i] = right.budgetWei - right.spentWei;
            id = right.parentId;
            right = _rights[id];
        }
    }

    /// @inheritdoc IUsageRights
    function isInForce(uint256 rightId) public view returns (bool) {
        Right storage right = _rights[rightId];
        // No child outlasts its parent.
        if (block.timestamp > right.expires) return false;
        while (right.revokedAtBlock == 0) {
            if (right.depth == 0) return true;
            right = _rights[right.parentId];
        }
        return false;
    }

    /// @inheritdoc IUsageRights
    function isAuthorized(
        address market,
        uint96 agreementId,
        address account,
        uint8 acts,
        bytes32 endpointHash
    ) external view returns (bool) {
        uint256 rootId = rootIdOf(market, agreementId);
        return isRightAuthorized(rootId, account, acts, endpointHash)
            || isRightAuthorized(chosenRightOf[rootId][account], account, acts, endpointHash);
    }

    /// @inheritdoc IUsageRights
    function isRightAuthorized(uint256 rightId, address account, uint8 acts, bytes32 endpointHash)
        public
        view
        returns (bool)
    {
        if (!_holds(rightId, account)) return false;
        Right storage right = _rights[rightId];
        return right.acts & acts == acts && _reaches(right, endpointHash) && isInForce(rightId);
    }

    /// @inheritdoc IERC4907
    function userOf(uint256 tokenId) public view returns (address) {
        User storage user = _users[tokenId];
        return block.timestamp > user.expires ? address(0) : user.account;
    }

    /// @inheritdoc IERC4907
    function userExpires(uint256 tokenId) external view returns (uint256) {
        return _users[tokenId].expires;
    }

    /// @inheritdoc IUsageRights
    function agreementOf(uint256 rightId) external view returns (address market, uint96 agreementId) {
        _known(rightId);
        uint256 rootId = _rootIdOf(rightId);
        return (address(uint160(rootId >> 96)), uint96(rootId));
    }

    /// @inheritdoc IUsageRights
    function rootIdOf(address market, uint96 agreementId) public pure returns (uint256 rightId) {
        return uint256(uint160(market)) << 96 | agreementId;
    }

    /// @inheritdoc IUsageRights
    function childIdOf(uint256 parentId, uint32 index) public pure returns (uint256 rightId) {
        return uint256(keccak256(abi.encode(parentId, index)));
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC721, IERC165) returns (bool) {
        return interfaceId == type(IERC4907).interfaceId || super.supportsInterface(interfaceId);
    }

    // ─── Inside: changes ─────────────────────────────────────────────────────

    /// @dev A new owner receives the right without its old user, as ERC-4907 would have it.
    function _update(address to, uint256 rightId, address auth) internal override returns (address from) {
        from = super._update(to, rightId, auth);
        if (from != address(0) && from != to) {
            heldUntilBlockOf[rightId][from] = block.number;
            if (_users[rightId].account != address(0)) {
                _rememberUser(rightId);
                _putUser(rightId, address(0), 0);
            }
        }
        _offerChoice(rightId, to);
    }

    function _putUser(uint256 rightId, address user, uint64 expires) private {
        _users[rightId] = User(user, expires);
        emit UpdateUser(rightId, user, expires);
        if (user != address(0)) _offerChoice(rightId, user);
    }

    /// @dev What the user that now goes has signed stays honoured a while.
    function _rememberUser(uint256 rightId) private {
        address account = _users[rightId].account;
        if (_isHonouredUser(rightId, account)) heldUntilBlockOf[rightId][account] = block.number;
    }

    /// @dev A root is always looked at. Otherwise the first right stays chosen until it is of no use: nobody can
    /// spoil another's choice by giving it a worse right.
    function _offerChoice(uint256 rightId, address account) private {
        if (_rights[rightId].depth == 0) return;
        uint256 rootId = _rootIdOf(rightId);
        uint256 chosen = chosenRightOf[rootId][account];
        if (chosen == 0 || !_holds(chosen, account) || !isInForce(chosen)) {
            _choose(rootId, account, rightId);
        }
    }

    function _choose(uint256 rootId, address account, uint256 rightId) private {
        chosenRightOf[rootId][account] = rightId;
        emit RightChosen(rootId, account, rightId);
    }

    // ─── Inside: questions ───────────────────────────────────────────────────

    function _known(uint256 rightId) private view returns (Right storage right) {
        right = _rights[rightId];
        if (right.acts == 0) revert UnknownRight(rightId);
    }

    function _rootIdOf(uint256 rightId) private view returns (uint256 rootId) {
        rootId = rightId;
        Right storage right = _rights[rightId];
        while (right.depth != 0) {
            rootId = right.parentId;
            right = _rights[rootId];
        }
    }

    /// @dev A child has nothing that its parent has not.
    function _checkWithin(Right storage parent, Grant calldata grant_) private view {
        (uint256 parentId, uint8 acts, uint48 expires) = (grant_.parentId, grant_.acts, grant_.expires);
        if (parent.depth == MAX_DEPTH) revert TooDeep(MAX_DEPTH);
        if (acts == 0) revert NoActs();
        uint8 needed = acts | ACT_GRANT;
        if (parent.acts & needed != needed) revert ActNotAllowed(parentId, needed);
        if (!_reaches(parent, grant_.endpointHash)) {
            revert EndpointNotAllowed(parentId, grant_.endpointHash);
        }
        if (expires > parent.expires || expires < block.timestamp) {
            revert ExpiryOutOfRange(expires, parent.expires);
        }
        uint256 restWei = _restWei(parent);
        if (grant_.budgetWei > restWei) revert BudgetExceeded(parentId, grant_.budgetWei, restWei);
    }

    /// @dev A root reaches every endpoint.
    function _reaches(Right storage right, bytes32 endpointHash) private view returns (bool) {
        if (right.depth == 0) return true;
        bytes32 only = right.endpointHash;
        return only == 0 || only == endpointHash;
    }

    /// @dev Whoever owns the right or one above it, and whoever such an owner approved.
    function _commands(uint256 rightId, address account) private view returns (bool) {
        uint256 id = rightId;
        while (!_isAuthorized(_ownerOf(id), account, id)) {
            Right storage right = _rights[id];
            if (right.depth == 0) return false;
            id = right.parentId;
        }
        return true;
    }

    function _holds(uint256 rightId, address account) private view returns (bool) {
        return account != address(0) && (account == _ownerOf(rightId) || account == userOf(rightId));
    }

    function _isHonouredHolder(uint256 rightId, address account) private view returns (bool) {
        if (account == _ownerOf(rightId) || _isHonouredUser(rightId, account)) return true;
        uint256 untilBlock = heldUntilBlockOf[rightId][account];
        return untilBlock != 0 && block.number <= untilBlock + HONOUR_BLOCKS;
    }

    /// @dev The user of a root to its very end (a session's signer) is honoured like its owner: as long as the root's market
    /// takes payments.
    function _isHonouredUser(uint256 rightId, address account) private view returns (bool) {
        User storage user = _users[rightId];
        if (account == address(0) || account != user.account) return false;
        Right storage right = _rights[rightId];
        uint64 expires = user.expires;
        return _isHonouredSecond(expires) || (right.depth == 0 && expires >= right.expires);
    }

    /// @dev Dead of itself (what is above it is not looked at): no payment out of it is honoured any more.
    function _isDead(Right storage right) private view returns (bool) {
        uint64 revokedAtBlock = right.revokedAtBlock;
        return !_isHonouredSecond(right.expires)
            || (revokedAtBlock != 0 && block.number > revokedAtBlock + HONOUR_BLOCKS);
    }

    function _isHonouredSecond(uint64 expires) private view returns (bool) {
        return block.timestamp <= uint256(expires) + HONOUR_SECONDS;
    }

    /// @dev The least that is left on the way up to the root.
    function _restWei(Right storage right) private view returns (uint256 restWei) {
        restWei = right.budgetWei - right.spentWei;
        while (right.depth != 0) {
            right = _rights[right.parentId];
            uint256 aboveWei = right.budgetWei - right.spentWei;
            if (aboveWei < restWei) restWei = aboveWei;
        }
    }
}
