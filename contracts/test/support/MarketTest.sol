// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {IOfferBook} from "../../src/market/IOfferBook.sol";
import {IProviderRegistry} from "../../src/market/IProviderRegistry.sol";
import {IUsageRights} from "../../src/rights/IUsageRights.sol";
import {IComputeToken} from "../../src/token/IComputeToken.sol";
import {Test} from "./Test.sol";

/// @notice A market with one bonded provider, its offer of four units, and a payer who can afford them.
abstract contract MarketTest is Test {
    uint128 internal constant PRICE = 300_007 gwei;
    uint128 internal constant BOND_PER_UNIT = 5 ether;
    uint128 internal constant PING_DEPOSIT = 0.001 ether;
    uint32 internal constant ACCEPT_BLOCKS = 30;
    uint32 internal constant READY_BLOCKS = 60;
    uint32 internal constant PONG_BLOCKS = 20;
    uint32 internal constant PING_INTERVAL_BLOCKS = 50;
    uint32 internal constant MAX_PAUSE_BLOCKS = 100;
    uint32 internal constant HOUR = 3600;
    bytes32 internal constant IMAGE = keccak256("image");
    address internal constant BURN = 0x000000000000000000000000000000000000dEaD;

    IComputeToken internal token;
    IProviderRegistry internal registry;
    IOfferBook internal offers;
    IUsageRights internal rights;
    IInstanceLease internal lease;
    address internal provider = makeAddr("provider");
    address internal payout = makeAddr("payout");
    address internal payer = makeAddr("payer");
    address internal broker = makeAddr("broker");
    address internal stranger = makeAddr("stranger");
    uint256 internal offerId;

    function setUp() public virtual {
        vm.roll(1_000_000);
        vm.warp(1_750_000_000);
        deployMarket();
        fund(payer, 1000 ether);
        vm.prank(payer);
        token.approve(address(lease), type(uint256).max);
        enroll(provider, payout, 100 ether);
        vm.prank(provider);
        offerId = offers.postOffer(ordinaryTerms());
    }

    function deployMarket() internal {
        token = IComputeToken(deploy("ComputeToken", ""));
        registry = IProviderRegistry(deploy("ProviderRegistry", abi.encode(token)));
        offers = IOfferBook(deploy("OfferBook", abi.encode(registry)));
        rights = IUsageRights(deploy("UsageRights", ""));
        lease = IInstanceLease(
            deploy("InstanceLease", abi.encode(token, registry, offers, rights, ordinaryParameters()))
        );
    }

    function ordinaryParameters() internal pure virtual returns (IInstanceLease.Parameters memory) {
        return IInstanceLease.Parameters({
            acceptBlocks: ACCEPT_BLOCKS,
            readyBlocks: READY_BLOCKS,
            pongBlocks: PONG_BLOCKS,
            pingIntervalBlocks: PING_INTERVAL_BLOCKS,
            maxPauseBlocks: MAX_PAUSE_BLOCKS,
            pingDepositWei: PING_DEPOSIT
        });
    }

    function ordinaryTerms() internal view returns (IOfferBook.OfferTerms memory) {
        return IOfferBook.OfferTerms({
            market: address(lease),
            kind: IOfferBook.OfferKind.Instance,
            capacityUnits: 4,
            gpuCount: 8,
            pricePerSecondWei: PRICE,
            bondPerUnitWei: BOND_PER_UNIT,
            minSeconds: 60,
            maxSeconds: 30 days,
            vramGiB: 80,
            specHash: keccak256("spec"),
            gpuModel: "H100-SXM",
            region: "kr-gwangju-1",
            uri: "https://provider.example/offer.json"
        });
    }

    function fund(address holder, uint256 amountWei) internal {
        vm.deal(address(this), amountWei);
        token.depositTo{value: amountWei}(holder);
    }

    /// @notice Registers a provider that stakes `bondWei` and lets the lease contract lock it.
    function enroll(address account, address itsPayout, uint256 bondWei) internal {
        fund(account, bondWei);
        vm.startPrank(account);
        token.approve(address(registry), type(uint256).max);
        registry.register(itsPayout, "ipfs://provider");
        registry.setMarket(address(lease), true);
        if (bondWei != 0) registry.stake(bondWei);
        vm.stopPrank();
    }

    /// @notice Lets a whole number of ten-second blocks pass.
    function mine(uint256 blocks) internal {
        vm.roll(block.number + blocks);
        vm.warp(block.timestamp + blocks * 10);
    }

    // ─── A lease in each state ───────────────────────────────────────────────

    function openLease(uint32 units, uint32 maxSeconds) internal returns (uint256) {
        vm.prank(payer);
        return lease.open(offerId, units, maxSeconds, PRICE, IMAGE, address(0), 0, "");
    }

    function openLease() internal returns (uint256) {
        return openLease(1, HOUR);
    }

    function acceptedLease() internal returns (uint256 leaseId) {
        leaseId = openLease();
        vm.prank(provider);
        lease.accept(leaseId);
    }

    function readyLease() internal returns (uint256 leaseId) {
        leaseId = acceptedLease();
        vm.prank(provider);
        lease.ready(leaseId, "access");
    }

    function pausedLease() internal returns (uint256 leaseId) {
        leaseId = readyLease();
        vm.prank(provider);
        lease.pause(leaseId);
    }

    function stoppedLease(uint256 seconds_) internal returns (uint256 leaseId) {
        leaseId = readyLease();
        vm.warp(block.timestamp + seconds_);
        vm.prank(payer);
        lease.stop(leaseId);
    }

    function pingedLease() internal returns (uint256 leaseId) {
        leaseId = readyLease();
        vm.prank(payer);
        lease.ping(leaseId);
    }

    function stateOf(uint256 leaseId) internal view returns (IInstanceLease.LeaseState) {
        return lease.leaseOf(leaseId).state;
    }

    function assertState(uint256 leaseId, IInstanceLease.LeaseState expected) internal view {
        vm.assertEq(uint256(stateOf(leaseId)), uint256(expected), "state");
    }

    function expectWrongState(uint256 leaseId) internal {
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.WrongState.selector, leaseId, stateOf(leaseId)));
    }
}
