// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {OddToken} from "../support/OddToken.sol";
import {PaymasterTest} from "../support/PaymasterTest.sol";
import {Vm} from "../support/Vm.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice Three accounts that pay in every mode, behave in every way and share bundles; sponsors who fill tanks, an
/// operator who takes and turns revenue in between, and anyone who collects from tanks.
contract PaymasterActors is PaymasterTest {
    address[3] public accounts;
    uint256[3] private _keys;
    uint256 public sponsoredWei;
    OddToken public coin;
    uint128 private constant RATE = 2_500_000;
    /// @dev Native wei that the ERC-20 mode cost the deposit, and units that were minted.
    uint256 public erc20LostWei;
    uint256 public minted;
    uint256 public erc20Taken;
    uint256 public takenWei;
    uint256 public refilledWei;
    uint256 public landed;

    constructor() {
        setUp();
        coin = new OddToken(6);
        for (uint256 i = 0; i < 3; ++i) {
            address owner;
            (owner, _keys[i]) = makeAddrAndKey(string.concat("owner ", vm.toString(i)));
            accounts[i] = factory.createAccount(owner, 0);
            fundTokens(accounts[i], 1 ether);
            coin.mint(accounts[i], 1e12);
            minted += 1e12;
            vm.prank(accounts[i]);
            coin.approve(address(paymaster), type(uint256).max);
        }
        fundTokens(address(this), 100 ether);
    }

    function landOne(uint256 seed) external {
        PackedUserOperation[] memory operations = new PackedUserOperation[](1);
        operations[0] = _operation(seed, 0);
        _land(operations);
    }

    function landSeveral(uint256 seed) external {
        PackedUserOperation[] memory operations = new PackedUserOperation[](3);
        for (uint256 i = 0; i < 3; ++i) {
            operations[i] = _operation(uint256(keccak256(abi.encode(seed, i))), uint192(1 + i));
        }
        _land(operations);
    }

    function fundAccount(uint256 who, uint256 amountWei) external {
        token.transfer(accounts[who % 3], bound(amountWei, 0, 0.1 ether));
    }

    function setAllowance(uint256 who, uint256 amountWei, bool endless) external {
        approve(accounts[who % 3], endless ? type(uint256).max : bound(amountWei, 0, 0.01 ether));
    }

    function fillSomeTank(uint256 who, uint256 amountWei) external {
        amountWei = bound(amountWei, 0, 0.05 ether);
        token.approve(address(paymaster), amountWei);
        paymaster.fillTank(accounts[who % 3], amountWei);
    }

    function withdrawSomeTank(uint256 who, uint256 amountWei) external {
        amountWei = bound(amountWei, 0, paymaster.tankOf(accounts[who % 3]));
        vm.prank(accounts[who % 3]);
        paymaster.withdrawTank(accounts[(who + 1) % 3], amountWei);
    }

    function collect(uint256 who) external {
        address[] memory some = new address[](1);
        some[0] = accounts[who % 3];
        paymaster.collectFromTanks(some);
    }

    function takeRevenue(uint256 amountWei, bool asDeposit) external {
        amountWei = bound(amountWei, 0, paymaster.revenueWei());
        vm.prank(operator);
        if (asDeposit) {
            paymaster.refillDeposit(amountWei);
            refilledWei += amountWei;
        } else {
            paymaster.withdrawRevenue(operator, amountWei);
            takenWei += amountWei;
        }
    }

    function setRefunds(uint8 manner) external {
        coin.setManner(OddToken.Manner.Plain, OddToken.Manner(manner % 6));
    }

    function claim(uint256 who) external {
        coin.setManner(OddToken.Manner.Plain, OddToken.Manner.Plain);
        vm.prank(accounts[who % 3]);
        paymaster.claimRefund(address(coin), accounts[who % 3]);
    }

    function takeErc20(uint256 amount) external {
        coin.setManner(OddToken.Manner.Plain, OddToken.Manner.Plain);
        amount = bound(amount, 0, paymaster.erc20Revenue(address(coin)));
        vm.prank(operator);
        paymaster.withdrawErc20Revenue(address(coin), operator, amount);
        erc20Taken += amount;
    }

    // ─── What must hold ──────────────────────────────────────────────────────

    /// @return lost Units that the deposit's loss is worth.
    /// @return covered Units collected for it, wherever they are.
    /// @return kept Units that senders may claim, one by one.
    /// @return total The same as the paymaster counts them.
    /// @return held Units that the paymaster has.
    function erc20Books()
        external
        view
        returns (uint256 lost, uint256 covered, uint256 kept, uint256 total, uint256 held)
    {
        lost = erc20LostWei * RATE / 1e18;
        for (uint256 i = 0; i < 3; ++i) {
            kept += paymaster.refundKeptFor(address(coin), accounts[i]);
        }
        total = paymaster.refundsKept(address(coin));
        held = coin.balanceOf(address(paymaster));
        covered = held + erc20Taken - kept;
    }

    /// @return lostWei Native wei that the token modes cost the deposit.
    /// @return coveredWei Token wei collected for it, wherever it went since, or owed.
    function lostAndCoveredWei() external view returns (uint256 lostWei, uint256 coveredWei) {
        lostWei = 100 ether + refilledWei - paymaster.getDeposit() - sponsoredWei - erc20LostWei;
        coveredWei = token.balanceOf(address(paymaster)) + takenWei + refilledWei;
        for (uint256 i = 0; i < 3; ++i) {
            coveredWei += paymaster.debtOf(accounts[i]);
            coveredWei -= paymaster.tankOf(accounts[i]);
        }
    }

    /// @return heldWei What the paymaster holds. @return tanksWei What it holds for the accounts or took from them.
    function heldAndTanksWei() external view returns (uint256 heldWei, uint256 tanksWei) {
        heldWei = token.balanceOf(address(paymaster));
        for (uint256 i = 0; i < 3; ++i) {
            tanksWei += paymaster.tankOf(accounts[i]) + paymaster.tankSpentOf(accounts[i]);
        }
    }

    function tanksTotalWei() external view returns (uint256) {
        return paymaster.tanksWei();
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _operation(uint256 seed, uint192 key) private returns (PackedUserOperation memory operation) {
        uint256 who = seed % 3;
        Gas memory gas = ampleGas();
        gas.callGasLimit = uint128(bound(uint32(seed >> 8), 0, 1_000_000));
        gas.preVerificationGas = bound(uint32(seed >> 40), 0, 60_000);
        Terms memory terms = termsOf(uint8((seed >> 72) % 5));
        (terms.erc20, terms.rate) = (address(coin), RATE);
        // A reservation beyond the tank is refused, and a bundle with it.
        if (terms.mode == TANK && paymaster.tankOf(accounts[who]) < 3 * maxCostOf(gas, terms)) {
            terms = termsOf(TOKEN);
        }
        (account, userKey) = (accounts[who], _keys[who]);
        operation = operationOf(account, _behaviour(uint8(seed >> 80) % 6), gas);
        operation.nonce = entryPoint.getNonce(account, key);
        signForPaymaster(operation, terms);
        signByOwner(operation, userKey);
    }

    function _behaviour(uint8 kind) private view returns (bytes memory) {
        bytes memory approval = abi.encodeCall(token.approve, (address(paymaster), type(uint256).max));
        bytes memory escape = abi.encodeCall(token.transfer, (operator, token.balanceOf(account) / 2));
        if (kind == 0) return calling(address(token), approval);
        if (kind == 1) return callingBoth(address(token), approval, address(entryPoint), hex"12345678");
        if (kind == 2) return callingBoth(address(token), approval, address(token), escape);
        if (kind == 3) {
            return calling(address(token), abi.encodeCall(token.approve, (address(paymaster), 0)));
        }
        if (kind == 4) {
            return calling(address(paymaster), abi.encodeCall(paymaster.withdrawTank, (operator, 1)));
        }
        return "";
    }

    function _land(PackedUserOperation[] memory operations) private {
        vm.recordLogs();
        landAll(operations);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        landed += operations.length;
        for (uint256 i = 0; i < operations.length; ++i) {
            uint8 mode = uint8(operations[i].paymasterAndData[52]);
            if (mode != SPONSOR && mode != ERC20) continue;
            uint256 lostWei = readOutcome(logs, entryPoint.getUserOpHash(operations[i])).lostWei;
            if (mode == SPONSOR) sponsoredWei += lostWei;
            else erc20LostWei += lostWei;
        }
    }
}

contract PaymasterInvariantTest is PaymasterTest {
    PaymasterActors private actors;

    function setUp() public override {
        actors = new PaymasterActors();
        bytes4[] memory selectors = new bytes4[](11);
        selectors[0] = actors.landOne.selector;
        selectors[1] = actors.landSeveral.selector;
        selectors[2] = actors.fundAccount.selector;
        selectors[3] = actors.setAllowance.selector;
        selectors[4] = actors.takeRevenue.selector;
        selectors[5] = actors.fillSomeTank.selector;
        selectors[6] = actors.withdrawSomeTank.selector;
        selectors[7] = actors.collect.selector;
        selectors[8] = actors.setRefunds.selector;
        selectors[9] = actors.claim.selector;
        selectors[10] = actors.takeErc20.selector;
        targetSelector(address(actors), selectors);
        targetContract(address(actors));
    }

    /// @dev One campaign for all laws: forge would run one for each, and most of the time goes into the acts.
    function invariant_TheDepositAndAllTanksAreCovered() public view {
        (uint256 lostWei, uint256 coveredWei) = actors.lostAndCoveredWei();
        vm.assertGe(coveredWei, lostWei, "what is collected, taken or owed covers what the deposit lost");
        (uint256 heldWei, uint256 tanksWei) = actors.heldAndTanksWei();
        vm.assertGe(heldWei, tanksWei, "the paymaster's tokens cover all tanks");
        vm.assertEq(actors.tanksTotalWei(), tanksWei, "the total of tanks is their sum");
        (uint256 lost, uint256 covered, uint256 kept, uint256 total, uint256 held) = actors.erc20Books();
        vm.assertGe(covered, lost, "what is collected in another token covers what the deposit lost for it");
        vm.assertEq(total, kept, "the total of kept refunds is their sum");
        vm.assertGe(held, kept, "the paymaster holds what it keeps for senders");
    }
}
