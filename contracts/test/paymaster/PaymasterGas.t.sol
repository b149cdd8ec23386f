// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PaymasterTest} from "../support/PaymasterTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice What paying by this paymaster costs, against an account that pays itself: one operation a bundle,
/// gas of the whole transaction, every balance already in use. Kept in contracts/snapshots/Paymaster.json.
contract PaymasterGasTest is PaymasterTest {
    address private target = makeAddr("target");

    function setUp() public override {
        super.setUp();
        vm.deal(target, 1);
        vm.deal(account, 1 ether);
        // The first operation of an account writes slots that are dearer than ever after.
        _landSelfPaid();
    }

    function test_OverheadOverPayingFromADeposit() public {
        vm.deal(address(this), 1 ether);
        entryPoint.depositTo{value: 1 ether}(account);
        uint256 state = vm.snapshotState();
        _landSelfPaid();
        uint256 selfPaid = vm.snapshotGasLastCall("Paymaster", "self-paid from a deposit");
        vm.revertToState(state);
        land(paidOperation(calling(target, ""), SPONSOR));
        uint256 sponsored = vm.snapshotGasLastCall("Paymaster", "sponsored");
        vm.revertToState(state);
        land(paidOperation(calling(target, ""), TOKEN));
        uint256 token_ = vm.snapshotGasLastCall("Paymaster", "token");
        vm.snapshotValue("Paymaster", "sponsored overhead over a deposit", sponsored - selfPaid);
        vm.snapshotValue("Paymaster", "token overhead over a deposit", token_ - selfPaid);
    }

    function test_OverheadOverPayingFromTheBalance() public {
        uint256 state = vm.snapshotState();
        _landSelfPaid();
        uint256 selfPaid = vm.snapshotGasLastCall("Paymaster", "self-paid from the balance");
        vm.revertToState(state);
        land(paidOperation(calling(target, ""), SPONSOR));
        uint256 sponsored = vm.snapshotGasLastCall("Paymaster", "sponsored");
        vm.revertToState(state);
        land(paidOperation(calling(target, ""), TOKEN));
        uint256 token_ = vm.snapshotGasLastCall("Paymaster", "token");
        vm.snapshotValue("Paymaster", "sponsored overhead over the balance", sponsored - selfPaid);
        vm.snapshotValue("Paymaster", "token overhead over the balance", token_ - selfPaid);
    }

    function test_DeferredOperationThatApproves() public {
        approve(account, 0);
        bytes memory approval = abi.encodeCall(token.approve, (address(paymaster), type(uint256).max));
        land(paidOperation(calling(address(token), approval), TOKEN_DEFERRED));
        vm.snapshotGasLastCall("Paymaster", "token deferred, approving");
    }

    /// @notice How much more is charged than lost, in 1/10000, with limits a tenth above what is needed: for
    /// the smallest operation, and for one as large as opening a lease (400,000 gas).
    function test_ChargedMoreThanLost() public {
        vm.assertLe(_overchargeBps("", "smallest"), 300);
        bytes memory work = abi.encodeCall(this.work, (12));
        vm.assertLe(_overchargeBps(calling(address(this), work), "as large as a lease"), 150);
    }

    mapping(uint256 => uint256) private _slots;

    function work(uint256 slots) external {
        for (uint256 i = 0; i < slots; ++i) {
            ++_slots[i];
        }
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _landSelfPaid() private {
        PackedUserOperation memory operation = operationOf(account, calling(target, ""), ampleGas());
        signByOwner(operation, userKey);
        land(operation);
    }

    function _overchargeBps(bytes memory callData, string memory name) private returns (uint256 bps) {
        Gas memory gas = ampleGas();
        Terms memory terms = termsOf(TOKEN);
        gas.callGasLimit = 2_000_000;
        tighten(callData, gas, terms);
        uint128 used = _leastCallGas(callData, gas, terms);
        gas.callGasLimit = used * 11 / 10;
        gas.verificationGasLimit = gas.verificationGasLimit * 11 / 10;
        terms.verificationGasLimit = terms.verificationGasLimit * 11 / 10;
        Outcome memory outcome = landAndRead(paidOperation(callData, gas, terms));
        bps = (outcome.chargeWei - outcome.lostWei) * 10_000 / outcome.lostWei;
        vm.snapshotValue("Paymaster", string.concat("charged more than lost, bps, ", name), bps);
    }

    function _leastCallGas(bytes memory callData, Gas memory gas, Terms memory terms)
        private
        returns (uint128 least)
    {
        least = gas.callGasLimit;
        for (uint128 step = least / 2; step > 100; step /= 2) {
            gas.callGasLimit = least - step;
            uint256 state = vm.snapshotState();
            if (landAndRead(paidOperation(callData, gas, terms)).success) least -= step;
            vm.revertToState(state);
        }
    }
}
