// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {IOfferBook} from "../../src/market/IOfferBook.sol";
import {IProviderRegistry} from "../../src/market/IProviderRegistry.sol";
import {IComputeToken} from "../../src/token/IComputeToken.sol";
import {Test} from "./Test.sol";

/// @notice Three providers and three payers who do whatever they may, in any order, at random.
/// @dev Acts that the contracts refuse revert and change nothing; acts are mostly by whoever may do them, so
/// that leases get far.
contract MarketActors is Test {
    IComputeToken private immutable token;
    IProviderRegistry private immutable registry;
    IOfferBook private immutable offers;
    IInstanceLease private immutable lease;

    address[3] public providers;
    address[3] public payers;
    uint256 public pinged;

    constructor(IInstanceLease lease_) {
        lease = lease_;
        (token, registry, offers) = (lease_.token(), lease_.registry(), lease_.offerBook());
        string[3] memory names = ["first", "second", "third"];
        for (uint256 i = 0; i < 3; ++i) {
            providers[i] = makeAddr(string.concat(names[i], " provider"));
            payers[i] = makeAddr(string.concat(names[i], " payer"));
            _provide(providers[i], uint128(10 ** (12 + i)));
            vm.deal(payers[i], 1000 ether);
            vm.startPrank(payers[i]);
            token.deposit{value: 500 ether}();
            token.approve(address(lease), type(uint256).max);
            vm.stopPrank();
        }
    }

    function _provide(address provider, uint128 price) private {
        vm.deal(provider, 1000 ether);
        vm.startPrank(provider);
        token.deposit{value: 500 ether}();
        token.approve(address(registry), type(uint256).max);
        registry.register(provider, "");
        registry.setMarket(address(lease), true);
        registry.stake(100 ether);
        offers.postOffer(
            IOfferBook.OfferTerms({
                market: address(lease),
                kind: IOfferBook.OfferKind.Instance,
                capacityUnits: 5,
                gpuCount: 1,
                pricePerSecondWei: price,
                bondPerUnitWei: 7 ether,
                minSeconds: 1,
                maxSeconds: 2 hours,
                vramGiB: 24,
                specHash: 0,
                gpuModel: "RTX4090",
                region: "",
                uri: ""
            })
        );
        vm.stopPrank();
    }

    // ─── Leases ──────────────────────────────────────────────────────────────

    /// @dev Leaves the lease Locked, Accepted or (mostly) Ready.
    function open(uint256 who, uint32 units, uint32 maxSeconds, uint16 brokerBps, uint8 progress) external {
        brokerBps = uint16(bound(brokerBps, 0, 10_000));
        address broker = brokerBps == 0 ? address(0) : providers[0];
        uint256 offerId = 1 + who % 3;
        vm.prank(payers[(who / 3) % 3]);
        uint256 leaseId = lease.open(
            offerId,
            uint32(bound(units, 1, 3)),
            uint32(bound(maxSeconds, 1 minutes, 1 hours)),
            type(uint128).max,
            bytes32(who),
            broker,
            brokerBps,
            ""
        );
        if (progress % 4 != 0) _accept(leaseId);
        if (progress % 4 > 1) _ready(leaseId);
    }

    function accept(uint256 which) external {
        _accept(_pick(which, IInstanceLease.LeaseState.Locked));
    }

    function ready(uint256 which) external {
        _ready(_pick(which, IInstanceLease.LeaseState.Accepted));
    }

    function extend(uint256 which, uint32 extraSeconds) external {
        uint256 leaseId = _pick(which, IInstanceLease.LeaseState.Ready);
        address payer = lease.leaseOf(leaseId).payer;
        vm.prank(payer);
        lease.extend(leaseId, uint32(bound(extraSeconds, 1, 30 minutes)));
    }

    function pause(uint256 which) external {
        uint256 leaseId = _pick(which, IInstanceLease.LeaseState.Ready);
        address provider = lease.leaseOf(leaseId).provider;
        vm.prank(provider);
        lease.pause(leaseId);
    }

    function resume(uint256 which) external {
        uint256 leaseId = _pick(which, IInstanceLease.LeaseState.Paused);
        address provider = lease.leaseOf(leaseId).provider;
        vm.prank(provider);
        lease.resume(leaseId);
    }

    function stop(uint256 which, uint256 who, uint8 state) external {
        uint256 leaseId = _pick(which, IInstanceLease.LeaseState(bound(state, 1, 4)));
        IInstanceLease.Lease memory target = lease.leaseOf(leaseId);
        address caller = who % 3 == 0 ? target.payer : who % 3 == 1 ? target.provider : makeAddr("passer-by");
        vm.prank(caller);
        lease.stop(leaseId);
    }

    function settle(uint256 which) external {
        lease.settle(_pick(which, IInstanceLease.LeaseState.Stopped));
    }

    function expire(uint256 which, bool accepted, bool late) external {
        uint256 leaseId =
            _pick(which, accepted ? IInstanceLease.LeaseState.Accepted : IInstanceLease.LeaseState.Locked);
        if (late) vm.roll(lease.leaseOf(leaseId).deadlineBlock + 1);
        lease.expire(leaseId);
    }

    function ping(uint256 which) external {
        uint256 leaseId = _pick(which, IInstanceLease.LeaseState.Ready);
        address payer = lease.leaseOf(leaseId).payer;
        vm.prank(payer);
        lease.ping(leaseId);
        pinged = leaseId;
    }

    function pong(bool anyOther, uint256 which) external {
        uint256 leaseId = anyOther ? _pick(which, IInstanceLease.LeaseState.Ready) : pinged;
        address provider = lease.leaseOf(leaseId).provider;
        vm.prank(provider);
        lease.pong(leaseId);
    }

    function claimFault(bool late) external {
        if (late) vm.roll(lease.leaseOf(pinged).pongDeadlineBlock + 1);
        lease.claimFault(pinged);
    }

    // ─── Bonds, offers, tokens, time ─────────────────────────────────────────

    function administer(uint8 act, uint256 who, uint256 amount, bool flag) external {
        act = act % 8;
        if (act == 0) _stake(providers[who % 3], bound(amount, 1, 20 ether));
        else if (act == 1) _requestUnstake(providers[who % 3], bound(amount, 1, 20 ether));
        else if (act == 2) _withdrawBond(providers[who % 3], flag);
        else if (act == 3) _setMarket(providers[who % 3], flag || amount % 4 != 0);
        else if (act == 4) _updateOffer(who % 3, uint128(bound(amount, 1, 0.001 ether)), uint32(who / 3 % 7));
        else if (act == 5) _setPaused(who % 3, flag && amount % 4 == 0);
        else _moveCoins(payers[who % 3], bound(amount, 0, 10 ether), flag);
    }

    function mine(uint256 blocks) external {
        blocks = bound(blocks, 1, 25);
        vm.roll(block.number + blocks);
        vm.warp(block.timestamp + blocks * 10);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _accept(uint256 leaseId) private {
        address provider = lease.leaseOf(leaseId).provider;
        vm.prank(provider);
        lease.accept(leaseId);
    }

    function _ready(uint256 leaseId) private {
        address provider = lease.leaseOf(leaseId).provider;
        vm.prank(provider);
        lease.ready(leaseId, "access");
    }

    function _stake(address provider, uint256 amountWei) private {
        vm.prank(provider);
        registry.stake(amountWei);
    }

    function _requestUnstake(address provider, uint256 amountWei) private {
        vm.prank(provider);
        registry.requestUnstake(amountWei);
    }

    function _withdrawBond(address provider, bool afterTheDelay) private {
        uint256 openBlock = registry.providerOf(provider).withdrawableBlock;
        if (afterTheDelay && openBlock > block.number) vm.roll(openBlock);
        vm.prank(provider);
        registry.withdraw();
    }

    function _setMarket(address provider, bool allowed) private {
        vm.prank(provider);
        registry.setMarket(address(lease), allowed);
    }

    function _updateOffer(uint256 who, uint128 priceWei, uint32 capacityUnits) private {
        IOfferBook.OfferTerms memory terms = offers.offerOf(1 + who).terms;
        (terms.pricePerSecondWei, terms.capacityUnits) = (priceWei, capacityUnits);
        vm.prank(providers[who]);
        offers.updateOffer(1 + who, terms);
    }

    function _setPaused(uint256 who, bool paused) private {
        vm.prank(providers[who]);
        offers.setPaused(1 + who, paused);
    }

    function _moveCoins(address payer, uint256 amountWei, bool inward) private {
        vm.prank(payer);
        if (inward) token.deposit{value: amountWei}();
        else token.withdraw(amountWei);
    }

    /// @dev The first lease in that state, looking backwards from a random one; else the random one.
    function _pick(uint256 which, IInstanceLease.LeaseState state) private view returns (uint256) {
        uint256 count = lease.leaseCount();
        uint256 start = which % count;
        for (uint256 i = 0; i < count; ++i) {
            uint256 leaseId = 1 + (start + count - i) % count;
            if (lease.leaseOf(leaseId).state == state) return leaseId;
        }
        return 1 + start;
    }
}
