// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {IOfferBook} from "../../src/market/IOfferBook.sol";
import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {ACT_ALL, IUsageRights} from "../../src/rights/IUsageRights.sol";
import {IComputeToken} from "../../src/token/IComputeToken.sol";
import {MarketActors} from "./MarketActors.sol";
import {Test} from "./Test.sol";

/// @notice Payers, providers, holders of rights and passers-by in sessions, and holders of rights in leases, at
/// random; in the same market, by the same payers and providers, as `MarketActors`.
/// @dev Acts that the contracts refuse revert and change nothing; most are by whoever may do them.
contract SessionActors is Test {
    uint256 public constant HOLDER_START = 100 ether;

    IComputeToken private immutable token;
    IInstanceLease private immutable lease;
    IServerlessSession private immutable session;
    IUsageRights private immutable rights;

    address[3] public providers;
    address[3] public payers;
    address[4] public holders;
    uint256[] public childIds;
    mapping(address account => uint256) private _keys;
    mapping(uint256 sessionId => uint256) public paidWeiOf;

    constructor(MarketActors others, IInstanceLease lease_, IServerlessSession session_) {
        (lease, session, token, rights) = (lease_, session_, lease_.token(), lease_.rights());
        string[4] memory names = ["first", "second", "third", "fourth"];
        for (uint256 i = 0; i < 3; ++i) {
            providers[i] = others.providers(i);
            payers[i] = others.payers(i);
            (, _keys[payers[i]]) = makeAddrAndKey(string.concat(names[i], " payer"));
            vm.prank(payers[i]);
            token.approve(address(session), type(uint256).max);
            _offer(providers[i], uint128(10 ** (13 + i)));
        }
        for (uint256 i = 0; i < 4; ++i) {
            (address holder, uint256 key) = makeAddrAndKey(string.concat(names[i], " holder"));
            (holders[i], _keys[holder]) = (holder, key);
            vm.deal(holders[i], HOLDER_START);
            vm.startPrank(holders[i]);
            token.deposit{value: HOLDER_START}();
            token.approve(address(lease), type(uint256).max);
            token.approve(address(session), type(uint256).max);
            vm.stopPrank();
        }
    }

    function _offer(address provider, uint128 price) private {
        vm.startPrank(provider);
        session.registry().setMarket(address(session), true);
        session.offerBook()
            .postOffer(
                IOfferBook.OfferTerms({
                market: address(session),
                kind: IOfferBook.OfferKind.Serverless,
                capacityUnits: 8,
                gpuCount: 1,
                pricePerSecondWei: price,
                bondPerUnitWei: 1 ether,
                minSeconds: 1,
                maxSeconds: 2 hours,
                vramGiB: 24,
                specHash: 0,
                gpuModel: "L4",
                region: "",
                uri: ""
            })
            );
        vm.stopPrank();
    }

    // ─── Payers and providers ────────────────────────────────────────────────

    function open(uint256 who, uint96 budgetWei, uint48 lifeSeconds) external {
        vm.prank(payers[who % 3]);
        session.open(
            4 + (who / 3) % 3,
            uint96(bound(budgetWei, 0.1 ether, 20 ether)),
            type(uint128).max,
            who % 2 == 0 ? holders[who % 4] : address(0),
            uint48(block.timestamp) + uint48(bound(lifeSeconds, 1 minutes, 2 hours))
        );
    }

    function topUp(uint256 which, uint256 who, uint96 amountWei) external {
        uint256 sessionId = _session(which, IServerlessSession.SessionState.Open);
        vm.prank(who % 2 == 0 ? payers[who % 3] : holders[who % 4]);
        session.topUp(sessionId, uint96(bound(amountWei, 1, 1 ether)));
    }

    function redeem(uint256 which, uint256 what, uint96 amountWei) external {
        IServerlessSession.SignedVoucher memory signed = _voucher(_liveSession(which), what, amountWei);
        uint256 sessionId = signed.voucher.sessionId;
        address provider = session.sessionOf(sessionId).provider;
        vm.prank(provider);
        paidWeiOf[sessionId] += session.redeem(signed);
    }

    /// @dev Three vouchers, of which the provider's own are paid and the others left out.
    function redeemMany(uint256 which, uint256 what, uint96 amountWei) external {
        IServerlessSession.SignedVoucher[] memory signed = new IServerlessSession.SignedVoucher[](3);
        for (uint256 i = 0; i < 3; ++i) {
            signed[i] = _voucher(_liveSession(which / (i + 1)), what / (i + 1), amountWei / uint96(i + 1));
        }
        address provider = session.sessionOf(signed[0].voucher.sessionId).provider;
        vm.prank(provider);
        uint256[] memory paidWei = session.redeemMany(signed);
        for (uint256 i = 0; i < 3; ++i) {
            paidWeiOf[signed[i].voucher.sessionId] += paidWei[i];
        }
    }

    function close(uint256 which, uint256 who) external {
        uint256 sessionId = _session(which, IServerlessSession.SessionState.Open);
        IServerlessSession.Session memory entry = session.sessionOf(sessionId);
        if (who % 8 == 0) vm.warp(block.timestamp < entry.expires ? entry.expires + 1 : block.timestamp);
        address caller = who % 4 == 0 ? _passerBy() : who % 4 == 1 ? entry.provider : entry.payer;
        vm.prank(caller);
        session.close(sessionId);
    }

    function finalize(uint256 which, bool late, bool byProvider) external {
        uint256 sessionId = _session(which, IServerlessSession.SessionState.Closing);
        IServerlessSession.Session memory entry = session.sessionOf(sessionId);
        if (late && block.number <= entry.challengeEndBlock) vm.roll(entry.challengeEndBlock + 1);
        vm.prank(byProvider ? entry.provider : _passerBy());
        session.finalize(sessionId);
    }

    // ─── Owners and holders of rights ────────────────────────────────────────

    function grant(uint256 which, uint256 who, uint96 budgetWei, uint8 acts, uint48 lifeSeconds) external {
        uint256 parentId = _rightInForce(which);
        IUsageRights.Right memory parent = rights.rightOf(parentId);
        uint48 expires = uint48(block.timestamp + bound(lifeSeconds, 0, 1 hours));
        address owner = rights.ownerOf(parentId);
        IUsageRights.Grant memory terms = IUsageRights.Grant({
            parentId: parentId,
            to: holders[who % 4],
            budgetWei: uint96(bound(budgetWei, 0, rights.restOf(parentId))),
            expires: expires < parent.expires ? expires : parent.expires,
            acts: (acts % 3 == 0 ? acts : ACT_ALL) & parent.acts,
            endpointHash: acts % 5 == 0 ? bytes32("endpoint") : parent.endpointHash
        });
        vm.prank(owner);
        childIds.push(rights.grant(terms));
    }

    function revoke(uint256 which, uint256 who) external {
        uint256 rightId = _child(which);
        uint256 id = rightId;
        for (uint256 up = who % 4; up > 0 && rights.rightOf(id).depth != 0; --up) {
            id = rights.rightOf(id).parentId;
        }
        address owner = who % 16 == 15 ? _passerBy() : rights.ownerOf(id);
        vm.prank(owner);
        rights.revoke(rightId);
    }

    function pass(uint256 which, uint256 who) external {
        uint256 rightId = rightAt(which);
        address owner = rights.ownerOf(rightId);
        vm.prank(owner);
        rights.transferFrom(owner, holders[who % 4], rightId);
    }

    function lend(uint256 which, uint256 who, uint64 lifeSeconds) external {
        uint256 rightId = rightAt(which);
        address owner = rights.ownerOf(rightId);
        vm.prank(owner);
        rights.setUser(
            rightId,
            who % 5 == 4 ? address(0) : holders[who % 4],
            uint64(block.timestamp + bound(lifeSeconds, 0, 1 hours))
        );
    }

    function choose(uint256 which) external {
        uint256 rightId = rightAt(which);
        address owner = rights.ownerOf(rightId);
        vm.prank(owner);
        rights.chooseRight(rightId);
    }

    // ─── Leases through rights ───────────────────────────────────────────────

    function fundLease(uint256 which, uint256 who, uint128 amountWei) external {
        uint256 leaseId = _liveLease(which);
        vm.prank(who % 2 == 0 ? payers[who % 3] : holders[who % 4]);
        lease.fund(leaseId, uint128(bound(amountWei, 0.01 ether, 1 ether)));
    }

    function extendByRight(uint256 which, uint32 extraSeconds) external {
        uint256 leaseId = _liveLease(which);
        uint256 rightId = _rightIn(address(lease), leaseId, which);
        address owner = rights.ownerOf(rightId);
        vm.prank(owner);
        lease.extendByRight(leaseId, rightId, uint32(bound(extraSeconds, 1, 30 minutes)));
    }

    function actOnLease(uint256 which, uint256 who, uint8 act) external {
        uint256 leaseId = _liveLease(which);
        address owner = rights.ownerOf(_rightIn(address(lease), leaseId, which));
        vm.prank(who % 4 == 0 ? holders[(who / 4) % 4] : owner);
        if (act % 8 == 0) lease.stop(leaseId);
        else if (act % 2 == 0) lease.extend(leaseId, 1 + act);
        else lease.ping(leaseId);
    }

    // ─── What exists ─────────────────────────────────────────────────────────

    function childCount() external view returns (uint256) {
        return childIds.length;
    }

    function rightCount() public view returns (uint256) {
        return session.sessionCount() + lease.leaseCount() + childIds.length;
    }

    /// @notice Roots of sessions, roots of leases, children, in this order, over and over.
    function rightAt(uint256 index) public view returns (uint256) {
        index %= rightCount();
        uint256 sessions = session.sessionCount();
        if (index < sessions) return rights.rootIdOf(address(session), uint96(1 + index));
        index -= sessions;
        uint256 leases = lease.leaseCount();
        if (index < leases) return rights.rootIdOf(address(lease), uint96(1 + index));
        return childIds[index - leases];
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    /// @dev A voucher out of some right of the session, by its owner or user, that is mostly good.
    function _voucher(uint256 sessionId, uint256 what, uint96 amountWei)
        private
        view
        returns (IServerlessSession.SignedVoucher memory signed)
    {
        uint256 rightId = _rightIn(address(session), sessionId, what);
        IServerlessSession.Lane memory lane = session.laneOf(sessionId, rightId);
        uint256 restWei = rights.restOf(rightId);
        if (what % 8 != 0) amountWei = uint96(bound(amountWei, 1, restWei == 0 ? 1 : restWei));
        else amountWei = uint96(bound(amountWei, 0, 30 ether));
        signed.voucher = IServerlessSession.Voucher({
            sessionId: sessionId,
            rightId: rightId,
            cumulativeWei: lane.cumulativeWei + amountWei,
            sequence: lane.sequence + 1,
            units: type(uint64).max,
            receiptsRoot: bytes32(what)
        });
        signed.signer = what % 2 == 0 ? rights.userOf(rightId) : address(0);
        if (signed.signer == address(0)) signed.signer = rights.ownerOf(rightId);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keys[signed.signer], session.hashOf(signed.voucher));
        signed.signature = abi.encodePacked(r, s, v);
    }

    /// @dev One of an agreement's rights: its root, or (mostly) some child.
    function _rightIn(address market, uint256 agreementId, uint256 what) private view returns (uint256) {
        for (uint256 i = 0; i < childIds.length && what % 3 != 0; ++i) {
            uint256 candidate = childIds[(what % childIds.length + i) % childIds.length];
            (address itsMarket, uint96 itsAgreement) = rights.agreementOf(candidate);
            if (itsMarket == market && itsAgreement == agreementId) return candidate;
        }
        return rights.rootIdOf(market, uint96(agreementId));
    }

    /// @dev The first right in force, looking on from a random one; else the random one.
    function _rightInForce(uint256 which) private view returns (uint256) {
        uint256 count = rightCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 rightId = rightAt(which % count + i);
            if (rights.isInForce(rightId)) return rightId;
        }
        return rightAt(which);
    }

    /// @dev The first running lease, looking on from a random one; else the random one.
    function _liveLease(uint256 which) private view returns (uint256) {
        uint256 leases = lease.leaseCount();
        for (uint256 i = 0; i < leases; ++i) {
            uint256 leaseId = 1 + (which % leases + i) % leases;
            if (lease.leaseOf(leaseId).state == IInstanceLease.LeaseState.Ready) return leaseId;
        }
        return 1 + which % leases;
    }

    function _passerBy() private pure returns (address) {
        return makeAddr("passer-by");
    }

    function _child(uint256 which) private view returns (uint256) {
        return childIds[which % childIds.length];
    }

    function _liveSession(uint256 which) private view returns (uint256) {
        return _session(
            which,
            which % 4 == 0 ? IServerlessSession.SessionState.Closing : IServerlessSession.SessionState.Open
        );
    }

    /// @dev The first session in that state, looking on from a random one; else the random one.
    function _session(uint256 which, IServerlessSession.SessionState state) private view returns (uint256) {
        uint256 sessions = session.sessionCount();
        for (uint256 i = 0; i < sessions; ++i) {
            uint256 sessionId = 1 + (which % sessions + i) % sessions;
            if (session.sessionOf(sessionId).state == state) return sessionId;
        }
        return 1 + which % sessions;
    }
}
