// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ACT_STOP, ACT_USE, IUsageRights} from "../rights/IUsageRights.sol";
import {IComputeToken} from "../token/IComputeToken.sol";
import {IAgreements} from "./IAgreements.sol";
import {IOfferBook} from "./IOfferBook.sol";
import {IProviderRegistry} from "./IProviderRegistry.sol";
import {IServerlessSession} from "./IServerlessSession.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title Pay per use by vouchers; what it promises stands on `IServerlessSession`.
/// @dev Every function first writes its state and then calls the token, the registry, the offer book or the
/// rights, none of which calls back; a signer's ERC-1271 is asked by a static call. `ComputeToken` reverts where
/// a transfer fails, so no boolean is read.
contract ServerlessSession is IServerlessSession, EIP712 {
    using SafeCast for uint256;

    bytes32 private constant VOUCHER_TYPEHASH = keccak256(
        "Voucher(uint256 sessionId,uint256 rightId,uint96 cumulativeWei,uint64 sequence,uint64 units,bytes32 receiptsRoot)"
    );

    /// @dev Enough for a passkey verified in Solidity at the end of the longest chain of rights, and all that a
    /// signer of ill will can burn of a batch's gas.
    uint256 private constant GAS_PER_VOUCHER = 700_000;

    /// @inheritdoc IServerlessSession
    IComputeToken public immutable token;
    /// @inheritdoc IServerlessSession
    IProviderRegistry public immutable registry;
    /// @inheritdoc IServerlessSession
    IOfferBook public immutable offerBook;
    /// @inheritdoc IServerlessSession
    IUsageRights public immutable rights;
    /// @inheritdoc IServerlessSession
    uint64 public immutable CHALLENGE_BLOCKS;

    /// @inheritdoc IServerlessSession
    uint256 public sessionCount;

    mapping(uint256 sessionId => Session) private _sessions;
    mapping(uint256 sessionId => mapping(uint256 rightId => Lane)) private _lanes;

    constructor(
        IComputeToken token_,
        IProviderRegistry registry_,
        IOfferBook offerBook_,
        IUsageRights rights_,
        uint64 challengeBlocks
    ) EIP712("WorldLand Serverless Session", "1") {
        if (registry_.token() != token_) revert InvalidParameter("registry");
        if (offerBook_.registry() != registry_) revert InvalidParameter("offerBook");
        // A bond must not be able to leave before the agreement that it stood behind is over.
        if (challengeBlocks == 0 || challengeBlocks >= registry_.UNSTAKE_DELAY_BLOCKS()) {
            revert InvalidParameter("challengeBlocks");
        }
        token = token_;
        registry = registry_;
        offerBook = offerBook_;
        rights = rights_;
        CHALLENGE_BLOCKS = challengeBlocks;
    }

    // ─── Money in ────────────────────────────────────────────────────────────

    /// @inheritdoc IServerlessSession
    function open(
        uint256 offerId,
        uint96 budgetWei,
        uint128 maxPricePerSecondWei,
        address signer,
        uint48 expires
    ) external returns (uint256 sessionId) {
        sessionId = ++sessionCount;
        Session storage session = _sessions[sessionId];
        session.payer = msg.sender;
        session.state = SessionState.Open;
        session.expires = expires;
        session.budgetWei = budgetWei;
        session.offerId = offerId.toUint96();
        _freezeTerms(session, maxPricePerSecondWei);
        emit SessionOpened(
            sessionId,
            msg.sender,
            session.provider,
            offerId,
            budgetWei,
            session.pricePerSecondWei,
            session.bondWei,
            signer,
            expires
        );
        registry.lockBond(session.provider, session.bondWei);
        rights.mintRoot(uint96(sessionId), msg.sender, signer, budgetWei, expires);
        token.transferFrom(msg.sender, address(this), budgetWei);
    }

    /// @inheritdoc IServerlessSession
    function topUp(uint256 sessionId, uint96 amountWei) external {
        Session storage session = _known(sessionId);
        if (session.state != SessionState.Open) revert WrongState(sessionId, session.state);
        if (amountWei == 0) revert ZeroAmount();
        uint96 budgetWei = session.budgetWei + amountWei;
        session.budgetWei = budgetWei;
        emit SessionToppedUp(sessionId, session.payer, session.provider, msg.sender, amountWei, budgetWei);
        rights.raiseRoot(uint96(sessionId), amountWei);
        token.transferFrom(msg.sender, address(this), amountWei);
    }

    // ─── Vouchers ────────────────────────────────────────────────────────────

    /// @inheritdoc IServerlessSession
    function redeem(SignedVoucher calldata signed) external returns (uint256 paidWei) {
        return _redeem(signed, msg.sender);
    }

    /// @inheritdoc IServerlessSession
    function redeemMany(SignedVoucher[] calldata signed) external returns (uint256[] memory paidWei) {
        paidWei = new uint256[](signed.length);
        for (uint256 i = 0; i < signed.length; ++i) {
            try this.redeemInBatch{gas: GAS_PER_VOUCHER}(signed[i], msg.sender) returns (uint256 oneWei) {
                paidWei[i] = oneWei;
            } catch (bytes memory reason) {
                Voucher calldata voucher = signed[i].voucher;
                emit VoucherRefused(voucher.sessionId, voucher.rightId, voucher.sequence, reason);
            }
        }
    }

    /// @notice One step of `redeemMany`, in a call of its own so that it can fail alone; of no use to anyone else.
    function redeemInBatch(SignedVoucher calldata signed, address caller) external returns (uint256 paidWei) {
        return _redeem(signed, msg.sender == address(this) ? caller : msg.sender);
    }

    // ─── Its end ─────────────────────────────────────────────────────────────

    /// @inheritdoc IServerlessSession
    function close(uint256 sessionId) external {
        Session storage session = _known(sessionId);
        if (session.state != SessionState.Open) revert WrongState(sessionId, session.state);
        bool byProvider = msg.sender == session.provider;
        if (!byProvider && block.timestamp <= session.expires && !_mayStop(sessionId)) {
            revert NotClosableBy(sessionId, msg.sender);
        }
        uint64 challengeEndBlock = uint64(block.number) + (byProvider ? 0 : CHALLENGE_BLOCKS);
        session.state = SessionState.Closing;
        session.challengeEndBlock = challengeEndBlock;
        emit SessionClosing(sessionId, session.payer, session.provider, msg.sender, challengeEndBlock);
        // The provider need not serve any more, so what it had set aside is free at once; the money waits.
        registry.unlockBond(session.provider, session.bondWei);
        offerBook.release(session.offerId, 1);
        rights.endRoot(uint96(sessionId));
        if (byProvider) _finalize(sessionId, session);
    }

    /// @inheritdoc IServerlessSession
    function finalize(uint256 sessionId) external {
        Session storage session = _known(sessionId);
        if (session.state != SessionState.Closing) revert WrongState(sessionId, session.state);
        if (block.number <= session.challengeEndBlock && msg.sender != session.provider) {
            revert DeadlineNotPassed(session.challengeEndBlock);
        }
        _finalize(sessionId, session);
    }

    // ─── Views ───────────────────────────────────────────────────────────────

    /// @inheritdoc IServerlessSession
    function sessionOf(uint256 sessionId) external view returns (Session memory) {
        return _known(sessionId);
    }

    /// @inheritdoc IServerlessSession
    function laneOf(uint256 sessionId, uint256 rightId) external view returns (Lane memory) {
        return _lanes[sessionId][rightId];
    }

    /// @inheritdoc IAgreements
    function partiesOf(uint256 sessionId) external view returns (address payer, address provider) {
        Session storage session = _known(sessionId);
        return (session.payer, session.provider);
    }

    /// @inheritdoc IServerlessSession
    function hashOf(Voucher calldata voucher) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    VOUCHER_TYPEHASH,
                    voucher.sessionId,
                    voucher.rightId,
                    voucher.cumulativeWei,
                    voucher.sequence,
                    voucher.units,
                    voucher.receiptsRoot
                )
            )
        );
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    /// @dev Reserves the unit and copies what the offer says now: later changes do not reach this session.
    function _freezeTerms(Session storage session, uint128 maxPricePerSecondWei) private {
        uint256 offerId = session.offerId;
        IOfferBook.Reservation memory terms = offerBook.reserve(offerId, 1);
        if (terms.kind != IOfferBook.OfferKind.Serverless) revert NotServerlessOffer(offerId);
        if (terms.pricePerSecondWei > maxPricePerSecondWei) {
            revert PriceAboveMaximum(terms.pricePerSecondWei, maxPricePerSecondWei);
        }
        uint256 minimumWei = uint256(terms.pricePerSecondWei) * terms.minSeconds;
        if (session.budgetWei < minimumWei) revert BudgetTooSmall(session.budgetWei, minimumWei);
        uint256 latestExpires = block.timestamp + terms.maxSeconds;
        if (session.expires <= block.timestamp || session.expires > latestExpires) {
            revert ExpiryOutOfRange(session.expires, latestExpires);
        }
        session.provider = terms.provider;
        session.pricePerSecondWei = terms.pricePerSecondWei;
        session.bondWei = terms.bondPerUnitWei;
    }

    function _redeem(SignedVoucher calldata signed, address caller) private returns (uint256) {
        Voucher calldata voucher = signed.voucher;
        Session storage session = _known(voucher.sessionId);
        if (caller != session.provider) revert NotProvider(voucher.sessionId, caller);
        _requireRedeemable(voucher.sessionId, session);
        uint96 paidWei = _advanceLane(voucher, session.pricePerSecondWei);
        // The rights keep their own books; that the escrow suffices is not left to them.
        uint96 restWei = session.budgetWei - session.spentWei;
        if (paidWei > restWei) revert BudgetExceeded(voucher.sessionId, paidWei, restWei);
        session.spentWei += paidWei;
        if (!SignatureChecker.isValidSignatureNow(signed.signer, hashOf(voucher), signed.signature)) {
            revert InvalidVoucherSignature(signed.signer);
        }
        address payout = registry.payoutOf(caller);
        emit VoucherRedeemed(
            voucher.sessionId,
            voucher.rightId,
            signed.signer,
            voucher.cumulativeWei,
            voucher.sequence,
            voucher.units,
            voucher.receiptsRoot,
            payout,
            paidWei
        );
        rights.consume(uint96(voucher.sessionId), voucher.rightId, signed.signer, ACT_USE, paidWei);
        token.transfer(payout, paidWei);
        return paidWei;
    }

    /// @return paidWei What the voucher adds to the last one of its right.
    function _advanceLane(Voucher calldata voucher, uint128 pricePerSecondWei)
        private
        returns (uint96 paidWei)
    {
        Lane storage lane = _lanes[voucher.sessionId][voucher.rightId];
        if (
            voucher.cumulativeWei <= lane.cumulativeWei || voucher.sequence <= lane.sequence
                || voucher.units < lane.units
        ) {
            revert StaleVoucher(voucher.sessionId, voucher.rightId, lane);
        }
        uint256 worthWei = uint256(voucher.units) * pricePerSecondWei;
        if (voucher.cumulativeWei > worthWei) revert PriceExceeded(voucher.cumulativeWei, worthWei);
        paidWei = voucher.cumulativeWei - lane.cumulativeWei;
        lane.cumulativeWei = voucher.cumulativeWei;
        lane.sequence = voucher.sequence;
        lane.units = voucher.units;
    }

    function _finalize(uint256 sessionId, Session storage session) private {
        (uint96 spentWei, address payer, address provider) =
            (session.spentWei, session.payer, session.provider);
        uint96 refundWei = session.budgetWei - spentWei;
        session.state = SessionState.Finalized;
        session.challengeEndBlock = 0;
        emit SessionFinalized(sessionId, payer, provider, spentWei, refundWei);
        if (spentWei != 0) registry.recordOutcome(provider, IProviderRegistry.Outcome.Completed);
        if (refundWei != 0) token.transfer(payer, refundWei);
    }

    function _known(uint256 sessionId) private view returns (Session storage session) {
        session = _sessions[sessionId];
        if (session.state == SessionState.None) revert UnknownSession(sessionId);
    }

    function _requireRedeemable(uint256 sessionId, Session storage session) private view {
        if (session.state == SessionState.Finalized) revert WrongState(sessionId, session.state);
        uint64 challengeEndBlock = session.challengeEndBlock;
        if (challengeEndBlock != 0 && block.number > challengeEndBlock) {
            revert DeadlinePassed(challengeEndBlock);
        }
    }

    function _mayStop(uint256 sessionId) private view returns (bool) {
        return rights.isAuthorized(address(this), uint96(sessionId), msg.sender, ACT_STOP, 0);
    }
}
