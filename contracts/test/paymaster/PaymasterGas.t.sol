// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PaymasterTest} from "../support/PaymasterTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";
import {ERC20 as Erc20Base} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

contract PlainCoin is Erc20Base("Plain", "PLN") {
    constructor() {
        _mint(msg.sender, type(uint128).max);
    }

    bool private _refuses;

    function setRefusing(bool refuses) external {
        _refuses = refuses;
    }

    function transfer(address to, uint256 value) public override returns (bool) {
        return !_refuses && super.transfer(to, value);
    }
}

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
        _measureOverheads("a deposit");
    }

    function test_OverheadOverPayingFromTheBalance() public {
        _measureOverheads("the balance");
    }

    function test_DeferredOperationThatApproves() public {
        approve(account, 0);
        bytes memory approval = abi.encodeCall(token.approve, (address(paymaster), type(uint256).max));
        Terms memory terms = exactTermsOf(TOKEN_DEFERRED, ampleGas());
        land(paidOperation(calling(address(token), approval), ampleGas(), terms));
        vm.snapshotGasLastCall("Paymaster", "token deferred, approving");
    }

    function test_PaidInAnotherErc20() public {
        PlainCoin coin = new PlainCoin();
        coin.transfer(account, 1e30);
        coin.transfer(address(paymaster), 1);
        vm.prank(account);
        coin.approve(address(paymaster), type(uint256).max);
        Terms memory terms = termsOf(ERC20);
        (terms.erc20, terms.rate) = (address(coin), 2.5e18);
        land(paidOperation(calling(target, ""), ampleGas(), terms));
        vm.snapshotGasLastCall("Paymaster", "ERC-20");
        coin.setRefusing(true);
        land(paidOperation(calling(target, ""), ampleGas(), terms));
        coin.setRefusing(false);
        vm.prank(account);
        paymaster.claimRefund(address(coin), account);
        vm.snapshotGasLastCall("Paymaster", "claimRefund");
    }

    function test_TankCalls() public {
        fillTank(account, 1 ether);
        fillTank(account, 1 ether);
        vm.snapshotGasLastCall("Paymaster", "fillTank");
        vm.prank(account);
        paymaster.withdrawTank(account, 0.5 ether);
        vm.snapshotGasLastCall("Paymaster", "withdrawTank");
        land(_paid(TANK));
        address[] memory accounts = new address[](1);
        accounts[0] = account;
        paymaster.collectFromTanks(accounts);
        vm.snapshotGasLastCall("Paymaster", "collectFromTanks, one account");
    }

    /// @notice How much more is charged than lost, in 1/10000, with limits a tenth above what is needed: for
    /// the smallest operation, and for one as large as opening a lease (400,000 gas).
    function test_ChargedMoreThanLost() public {
        fillTank(account, 1 ether);
        uint8[3] memory modes = [TOKEN, TOKEN_DEFERRED, TANK];
        string[3] memory names = ["token", "token deferred", "tank"];
        for (uint256 i = 0; i < modes.length; ++i) {
            vm.assertLe(_overchargeBps("", modes[i], string.concat(names[i], ", smallest")), 300);
            bytes memory large = calling(address(this), abi.encodeCall(this.work, (12)));
            string memory name = string.concat(names[i], ", as large as a lease");
            vm.assertLe(_overchargeBps(large, modes[i], name), 200);
        }
        // An allowance just given is decreased for less than one given before, and nobody can tell.
        approve(account, 0);
        bytes memory approval =
            calling(address(token), abi.encodeCall(token.approve, (address(paymaster), 1 ether)));
        vm.assertLe(_overchargeBps(approval, TOKEN_DEFERRED, "token deferred, approving"), 300);
    }

    mapping(uint256 => uint256) private _slots;

    function work(uint256 slots) external {
        for (uint256 i = 0; i < slots; ++i) {
            ++_slots[i];
        }
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _measureOverheads(string memory purse) private {
        uint256 state = vm.snapshotState();
        _landSelfPaid();
        uint256 selfPaid = vm.snapshotGasLastCall("Paymaster", string.concat("self-paid from ", purse));
        uint8[3] memory modes = [SPONSOR, TOKEN, TANK];
        string[3] memory names = ["sponsored", "token", "tank"];
        for (uint256 i = 0; i < modes.length; ++i) {
            vm.revertToState(state);
            // As after the first operation in this mode: the tank has spent before.
            if (modes[i] == TANK) fillTank(account, 1 ether);
            if (modes[i] == TANK) land(_paid(TANK));
            land(_paid(modes[i]));
            uint256 paid = vm.snapshotGasLastCall("Paymaster", names[i]);
            vm.snapshotValue("Paymaster", string.concat(names[i], " overhead over ", purse), paid - selfPaid);
        }
    }

    function _paid(uint8 mode) private view returns (PackedUserOperation memory) {
        return paidOperation(calling(target, ""), ampleGas(), exactTermsOf(mode, ampleGas()));
    }

    function _landSelfPaid() private {
        PackedUserOperation memory operation = operationOf(account, calling(target, ""), ampleGas());
        signByOwner(operation, userKey);
        land(operation);
    }

    function _overchargeBps(bytes memory callData, uint8 mode, string memory name)
        private
        returns (uint256 bps)
    {
        uint256 state = vm.snapshotState();
        Gas memory gas = ampleGas();
        Terms memory terms = termsOf(mode);
        gas.callGasLimit = 2_000_000;
        tighten(callData, gas, terms);
        uint128 used = _leastCallGas(callData, gas, terms);
        gas.callGasLimit = used * 11 / 10;
        gas.verificationGasLimit = gas.verificationGasLimit * 11 / 10;
        terms.verificationGasLimit = terms.verificationGasLimit * 11 / 10;
        Outcome memory outcome = landAndRead(paidOperation(callData, gas, terms));
        bps = (outcome.chargeWei - outcome.lostWei) * 10_000 / outcome.lostWei;
        vm.revertToState(state);
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
