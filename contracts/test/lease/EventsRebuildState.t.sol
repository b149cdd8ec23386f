// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {MarketActors} from "../support/MarketActors.sol";
import {MarketTest} from "../support/MarketTest.sol";
import {Vm} from "../support/Vm.sol";

/// @notice Whoever follows the events knows every lease as the contract knows it.
contract EventsRebuildStateTest is MarketTest {
    uint256 private constant ACTS = 60;

    MarketActors private actors;
    mapping(uint256 leaseId => IInstanceLease.Lease) private rebuilt;

    function setUp() public override {
        super.setUp();
        deployMarket();
        actors = new MarketActors(lease);
    }

    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 1000
    function testFuzz_TheEventsAloneRebuildEveryLease(uint256 seed) public {
        for (uint256 i = 0; i < ACTS; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.recordLogs();
            (bool done,) = address(actors).call(_act(seed));
            Vm.Log[] memory logs = vm.getRecordedLogs();
            // Forge also records what a revert undid.
            if (done) _follow(logs);
        }
        for (uint256 leaseId = 1; leaseId <= lease.leaseCount(); ++leaseId) {
            vm.assertEq(
                keccak256(abi.encode(rebuilt[leaseId])), keccak256(abi.encode(lease.leaseOf(leaseId)))
            );
        }
    }

    // ─── A follower ──────────────────────────────────────────────────────────

    function _follow(Vm.Log[] memory logs) private {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != address(lease)) continue;
            uint256 leaseId = uint256(logs[i].topics[1]);
            _apply(rebuilt[leaseId], logs[i]);
            vm.assertEq(address(uint160(uint256(logs[i].topics[2]))), rebuilt[leaseId].payer);
            vm.assertEq(address(uint160(uint256(logs[i].topics[3]))), rebuilt[leaseId].provider);
        }
    }

    function _apply(IInstanceLease.Lease storage entry, Vm.Log memory log) private {
        bytes32 topic = log.topics[0];
        if (topic == IInstanceLease.LeaseOpened.selector) {
            _applyOpened(entry, log);
        } else if (topic == IInstanceLease.LeaseAccepted.selector) {
            entry.state = IInstanceLease.LeaseState.Accepted;
            entry.deadlineBlock = abi.decode(log.data, (uint64));
        } else if (topic == IInstanceLease.LeaseReady.selector) {
            entry.state = IInstanceLease.LeaseState.Ready;
            entry.deadlineBlock = 0;
            (entry.meterSince,) = abi.decode(log.data, (uint64, bytes));
        } else if (topic == IInstanceLease.LeasePaused.selector) {
            entry.state = IInstanceLease.LeaseState.Paused;
            entry.meterSince = 0;
            (entry.usedSeconds, entry.pausedAtBlock) = abi.decode(log.data, (uint32, uint64));
        } else if (topic == IInstanceLease.LeaseResumed.selector) {
            entry.state = IInstanceLease.LeaseState.Ready;
            entry.pausedAtBlock = 0;
            (entry.meterSince, entry.pausedBlocks) = abi.decode(log.data, (uint64, uint32));
        } else if (topic == IInstanceLease.LeaseExtended.selector) {
            (entry.maxSeconds, entry.escrowWei) = abi.decode(log.data, (uint32, uint128));
        } else if (topic == IInstanceLease.LeaseFunded.selector) {
            (,, entry.escrowWei) = abi.decode(log.data, (address, uint128, uint128));
        } else if (topic == IInstanceLease.LeaseStopped.selector) {
            entry.state = IInstanceLease.LeaseState.Stopped;
            (, entry.usedSeconds,) = abi.decode(log.data, (address, uint32, uint256));
            // The block of the event is known to whoever reads it.
            if (entry.pausedAtBlock != 0) entry.pausedBlocks += uint32(block.number - entry.pausedAtBlock);
            _clear(entry);
        } else if (topic == IInstanceLease.LeaseSettled.selector) {
            entry.state = IInstanceLease.LeaseState.Settled;
        } else if (topic == IInstanceLease.LeaseExpired.selector) {
            entry.state = IInstanceLease.LeaseState.Expired;
            entry.deadlineBlock = 0;
        } else if (topic == IInstanceLease.LeasePinged.selector) {
            (entry.pinger, entry.pingedAt, entry.pongDeadlineBlock, entry.nextPingBlock) =
                abi.decode(log.data, (address, uint64, uint64, uint64));
        } else if (topic == IInstanceLease.LeasePonged.selector) {
            (entry.pingedAt, entry.pongDeadlineBlock) = (0, 0);
        } else if (topic == IInstanceLease.LeaseFaulted.selector) {
            entry.state = IInstanceLease.LeaseState.Faulted;
            (entry.usedSeconds) = abi.decode(log.data, (uint32));
            _clear(entry);
        } else {
            revert("an event nobody told the follower of");
        }
    }

    function _applyOpened(IInstanceLease.Lease storage entry, Vm.Log memory log) private {
        entry.state = IInstanceLease.LeaseState.Locked;
        entry.payer = address(uint160(uint256(log.topics[2])));
        entry.provider = address(uint160(uint256(log.topics[3])));
        uint256[11] memory words = abi.decode(log.data, (uint256[11]));
        entry.offerId = uint96(words[0]);
        entry.units = uint32(words[1]);
        entry.maxSeconds = uint32(words[2]);
        entry.limitSeconds = uint32(words[3]);
        entry.pricePerSecondWei = uint128(words[4]);
        entry.bondWei = uint128(words[5]);
        entry.escrowWei = uint128(words[6]);
        entry.imageDigest = bytes32(words[7]);
        entry.broker = address(uint160(words[8]));
        entry.brokerBps = uint16(words[9]);
        entry.deadlineBlock = uint64(words[10]);
    }

    function _clear(IInstanceLease.Lease storage entry) private {
        entry.meterSince = 0;
        entry.deadlineBlock = 0;
        entry.pausedAtBlock = 0;
        entry.pingedAt = 0;
        entry.pongDeadlineBlock = 0;
    }

    // ─── Acts ────────────────────────────────────────────────────────────────

    function _act(uint256 seed) private view returns (bytes memory) {
        uint256 a = uint256(keccak256(abi.encode(seed, "a")));
        bool flag = a >> 255 == 1;
        uint256 kind = seed % 13;
        if (kind == 0) {
            return abi.encodeCall(actors.open, (a, uint32(a), uint32(a >> 32), uint16(a), uint8(a >> 48)));
        }
        if (kind == 1) return abi.encodeCall(actors.accept, (a));
        if (kind == 2) return abi.encodeCall(actors.ready, (a));
        if (kind == 3) return abi.encodeCall(actors.extend, (a, uint32(a)));
        if (kind == 4) return abi.encodeCall(actors.pause, (a));
        if (kind == 5) return abi.encodeCall(actors.resume, (a));
        if (kind == 6) return abi.encodeCall(actors.stop, (a, a >> 8, uint8(a)));
        if (kind == 7) return abi.encodeCall(actors.settle, (a));
        if (kind == 8) return abi.encodeCall(actors.expire, (a, flag, a % 2 == 0));
        if (kind == 9) return abi.encodeCall(actors.ping, (a));
        if (kind == 10) return abi.encodeCall(actors.pong, (flag, a));
        if (kind == 11) return abi.encodeCall(actors.claimFault, (flag));
        return abi.encodeCall(actors.mine, (a));
    }
}
