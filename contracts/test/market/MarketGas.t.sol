// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MarketTest} from "../support/MarketTest.sol";

/// @notice What each act costs, as a transaction of its own. Kept in contracts/snapshots/Market.json.
contract MarketGasTest is MarketTest {
    function setUp() public override {
        super.setUp();
        // The first lease of all writes slots that are dearer than ever after.
        uint256 leaseId = readyLease();
        vm.warp(block.timestamp + 60);
        vm.prank(payer);
        lease.stop(leaseId);
        lease.settle(leaseId);
    }

    function test_ALeaseFromOpenToSettled() public {
        uint256 leaseId = openLease();
        _snapshot("open");
        vm.prank(provider);
        lease.accept(leaseId);
        _snapshot("accept");
        vm.prank(provider);
        lease.ready(leaseId, new bytes(256));
        _snapshot("ready, 256 bytes of access");
        vm.prank(payer);
        lease.extend(leaseId, HOUR);
        _snapshot("extend");
        vm.prank(provider);
        lease.pause(leaseId);
        _snapshot("pause");
        vm.prank(provider);
        lease.resume(leaseId);
        _snapshot("resume");
        vm.prank(payer);
        lease.ping(leaseId);
        _snapshot("ping");
        vm.prank(provider);
        lease.pong(leaseId);
        _snapshot("pong");
        vm.warp(block.timestamp + 60);
        vm.prank(payer);
        lease.stop(leaseId);
        _snapshot("stop");
        lease.settle(leaseId);
        _snapshot("settle");
    }

    function test_ALeaseWithARequest() public {
        bytes memory request;
        // As sealed ones are: hardly a zero in it.
        while (request.length < 512) request = bytes.concat(request, keccak256(request));
        vm.prank(payer);
        lease.open(offerId, 1, HOUR, PRICE, IMAGE, address(0), 0, request);
        _snapshot("open, 512 bytes of request");
    }

    function test_TheOtherEnds() public {
        uint256 leaseId = openLease();
        vm.prank(payer);
        lease.stop(leaseId);
        _snapshot("cancel");
        leaseId = readyLease();
        vm.warp(block.timestamp + 60);
        vm.prank(payer);
        lease.stopAndSettle(leaseId);
        _snapshot("stopAndSettle");
        leaseId = openLease();
        mine(ACCEPT_BLOCKS + 1);
        lease.expire(leaseId);
        _snapshot("expire");
        leaseId = pingedLease();
        mine(PONG_BLOCKS + 1);
        lease.claimFault(leaseId);
        _snapshot("claimFault");
    }

    function test_AProviderSetsUp() public {
        fund(stranger, 1 ether);
        vm.startPrank(stranger);
        registry.register(stranger, "ipfs://provider");
        _snapshot("register");
        token.approve(address(registry), type(uint256).max);
        registry.stake(1 ether);
        _snapshot("stake");
        registry.setMarket(address(lease), true);
        _snapshot("setMarket");
        offers.postOffer(ordinaryTerms());
        _snapshot("postOffer");
        vm.stopPrank();
    }

    function test_AProviderChangesItsMind() public {
        vm.startPrank(provider);
        registry.setPayout(stranger);
        _snapshot("setPayout");
        registry.setMetadataURI("ipfs://another");
        _snapshot("setMetadataURI");
        offers.updateOffer(offerId, ordinaryTerms());
        _snapshot("updateOffer");
        offers.setPaused(offerId, true);
        _snapshot("setPaused");
        registry.requestUnstake(1 ether);
        _snapshot("requestUnstake");
        mine(registry.UNSTAKE_DELAY_BLOCKS());
        registry.withdraw();
        _snapshot("withdraw");
        vm.stopPrank();
    }

    function _snapshot(string memory name) private {
        vm.snapshotGasLastCall("Market", name);
    }
}
