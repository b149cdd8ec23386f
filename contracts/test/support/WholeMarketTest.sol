// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IOfferBook} from "../../src/market/IOfferBook.sol";
import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {IModelNft} from "../../src/provenance/IModelNft.sol";
import {ITrainingRecord} from "../../src/provenance/ITrainingRecord.sol";
import {ACT_GRANT, ACT_USE, IUsageRights} from "../../src/rights/IUsageRights.sol";
import {MarketTest} from "./MarketTest.sol";

/// @notice The market with sessions, rights, records and models: a second offer of the provider, by use.
abstract contract WholeMarketTest is MarketTest {
    uint64 internal constant CHALLENGE_BLOCKS = 360;
    uint64 internal constant HONOUR_BLOCKS = 360;
    uint96 internal constant BUDGET = 10 ether;
    uint48 internal constant DAY = 1 days;

    IServerlessSession internal session;
    ITrainingRecord internal records;
    IModelNft internal models;
    address internal signer;
    uint256 internal signerKey;
    uint256 internal payerKey;
    uint256 internal providerKey;
    address internal student;
    uint256 internal studentKey;
    uint256 internal useOfferId;

    function setUp() public virtual override {
        super.setUp();
        (signer, signerKey) = makeAddrAndKey("signer");
        (student, studentKey) = makeAddrAndKey("student");
        (, payerKey) = makeAddrAndKey("payer");
        (, providerKey) = makeAddrAndKey("provider");
        deployWholeMarket();
        vm.startPrank(payer);
        token.approve(address(session), type(uint256).max);
        token.approve(address(models), type(uint256).max);
        vm.stopPrank();
        vm.startPrank(provider);
        registry.setMarket(address(session), true);
        useOfferId = offers.postOffer(useTerms());
        vm.stopPrank();
    }

    function deployWholeMarket() internal {
        session = IServerlessSession(
            deploy("ServerlessSession", abi.encode(token, registry, offers, rights, CHALLENGE_BLOCKS))
        );
        records = ITrainingRecord(deploy("TrainingRecord", ""));
        models = IModelNft(deploy("ModelNft", abi.encode(token, records)));
    }

    function useTerms() internal view returns (IOfferBook.OfferTerms memory terms) {
        terms = ordinaryTerms();
        terms.market = address(session);
        terms.kind = IOfferBook.OfferKind.Serverless;
    }

    // ─── Sessions and vouchers ───────────────────────────────────────────────

    function openSession() internal returns (uint256) {
        vm.prank(payer);
        return session.open(useOfferId, BUDGET, PRICE, signer, uint48(block.timestamp) + DAY);
    }

    function closingSession() internal returns (uint256 sessionId) {
        sessionId = openSession();
        vm.prank(payer);
        session.close(sessionId);
    }

    function rootOf(uint256 sessionId) internal view returns (uint256) {
        return rights.rootIdOf(address(session), uint96(sessionId));
    }

    function leaseRootOf(uint256 leaseId) internal view returns (uint256) {
        return rights.rootIdOf(address(lease), uint96(leaseId));
    }

    /// @notice A voucher of the session's root, for as many units as its amount costs.
    function voucherOf(uint256 sessionId, uint96 cumulativeWei, uint64 sequence)
        internal
        view
        returns (IServerlessSession.Voucher memory)
    {
        return IServerlessSession.Voucher({
            sessionId: sessionId,
            rightId: rootOf(sessionId),
            cumulativeWei: cumulativeWei,
            sequence: sequence,
            units: uint64((cumulativeWei + PRICE - 1) / PRICE),
            receiptsRoot: keccak256("receipts")
        });
    }

    function sign(IServerlessSession.Voucher memory voucher, uint256 key)
        internal
        view
        returns (IServerlessSession.SignedVoucher memory)
    {
        return IServerlessSession.SignedVoucher(
            voucher, vm.addr(key), signatureOf(session.hashOf(voucher), key)
        );
    }

    /// @notice A voucher of the root, signed by the session's signer.
    function signedVoucher(uint256 sessionId, uint96 cumulativeWei, uint64 sequence)
        internal
        view
        returns (IServerlessSession.SignedVoucher memory)
    {
        return sign(voucherOf(sessionId, cumulativeWei, sequence), signerKey);
    }

    /// @notice A voucher of a right, signed by the student.
    function studentVoucher(uint256 sessionId, uint256 rightId, uint96 cumulativeWei, uint64 sequence)
        internal
        view
        returns (IServerlessSession.SignedVoucher memory)
    {
        IServerlessSession.Voucher memory voucher = voucherOf(sessionId, cumulativeWei, sequence);
        voucher.rightId = rightId;
        return sign(voucher, studentKey);
    }

    function redeem(IServerlessSession.SignedVoucher memory signed) internal returns (uint256) {
        vm.prank(provider);
        return session.redeem(signed);
    }

    function signatureOf(bytes32 hash, uint256 key) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, hash);
        return abi.encodePacked(r, s, v);
    }

    // ─── Rights ──────────────────────────────────────────────────────────────

    /// @notice A grant to the student of `budgetWei` for an hour, to use and to pass on.
    function grantTo(uint256 parentId, address to, uint96 budgetWei)
        internal
        view
        returns (IUsageRights.Grant memory)
    {
        return IUsageRights.Grant({
            parentId: parentId,
            to: to,
            budgetWei: budgetWei,
            expires: uint48(block.timestamp) + HOUR,
            acts: ACT_USE | ACT_GRANT,
            endpointHash: 0
        });
    }

    function grant(address owner, IUsageRights.Grant memory terms) internal returns (uint256 rightId) {
        vm.prank(owner);
        return rights.grant(terms);
    }

    /// @notice A session of the payer's, and the student's right to spend 4 ether in it.
    function grantedSession() internal returns (uint256 sessionId, uint256 rightId) {
        sessionId = openSession();
        rightId = grant(payer, grantTo(rootOf(sessionId), student, 4 ether));
    }

    function revoke(address by, uint256 rightId) internal {
        vm.prank(by);
        rights.revoke(rightId);
    }

    // ─── What is asserted often ──────────────────────────────────────────────

    function sessionState(uint256 sessionId) internal view returns (IServerlessSession.SessionState) {
        return session.sessionOf(sessionId).state;
    }

    function assertSessionState(uint256 sessionId, IServerlessSession.SessionState expected) internal view {
        vm.assertEq(uint256(sessionState(sessionId)), uint256(expected), "session state");
    }

    function expectWrongSessionState(uint256 sessionId) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IServerlessSession.WrongState.selector, sessionId, sessionState(sessionId))
        );
    }
}
