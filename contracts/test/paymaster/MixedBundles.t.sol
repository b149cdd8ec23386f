// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGasTank} from "../../src/paymaster/IGasTank.sol";
import {IComputeToken} from "../../src/token/IComputeToken.sol";
import {PaymasterTest} from "../support/PaymasterTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @dev Takes an account's tokens and brings them back, fails, or burns all its gas.
contract Accomplice {
    function take(IComputeToken token, address account) external {
        token.transferFrom(account, address(this), token.balanceOf(account));
    }

    function bringBack(IComputeToken token, address account) external {
        token.transfer(account, token.balanceOf(address(this)));
    }

    function fail() external pure {
        revert("no");
    }

    function burn() external view {
        while (gasleft() > 3_000) {}
    }
}

/// @notice Many operations of one sender in one bundle, each in a paying mode of its own, each doing its worst: what the
/// paymaster took, is owed and may collect covers what its deposit lost.
contract MixedBundlesTest is PaymasterTest {
    Accomplice private accomplice;

    function setUp() public override {
        super.setUp();
        accomplice = new Accomplice();
        fillTank(account, 0.05 ether);
        vm.prank(account);
        token.approve(address(accomplice), type(uint256).max);
    }

    function testFuzz_AnyMixtureOfModesCoversTheDeposit(uint256 seed, uint8 count, bool finite, bool poor)
        public
    {
        if (finite) approve(account, 0.003 ether);
        if (poor) _leaveTheAccount(uint256(keccak256(abi.encode(seed))) % 0.004 ether);
        PackedUserOperation[] memory operations = new PackedUserOperation[](bound(count, 2, 5));
        for (uint256 i = 0; i < operations.length; ++i) {
            operations[i] = _operation(uint256(keccak256(abi.encode(seed, i))), uint192(i));
        }
        (uint256 worthWei, uint256 depositWei) = (_worthWei(), paymaster.getDeposit());
        vm.prank(bundler, bundler);
        // Not every mixture is let in: the wallet or the tank may be too empty for one of them.
        try entryPoint.handleOps(operations, beneficiary) {}
        catch {
            vm.assume(false);
        }
        vm.assertGe(_worthWei() - worthWei, depositWei - paymaster.getDeposit(), "covered");
        vm.assertEq(paymaster.tankOf(account) + paymaster.tankSpentOf(account), paymaster.tanksWei());
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    /// @dev The operator's tokens, those that tanks spent, and what it is owed.
    function _worthWei() private view returns (uint256) {
        return paymaster.revenueWei() + paymaster.tankSpentOf(account) + paymaster.debtOf(account);
    }

    function _leaveTheAccount(uint256 amountWei) private {
        uint256 restWei = token.balanceOf(account) - amountWei;
        vm.prank(account);
        token.transfer(operator, restWei);
    }

    function _operation(uint256 random, uint192 lane)
        private
        view
        returns (PackedUserOperation memory operation)
    {
        Terms memory terms = termsOf(uint8(1 + random % 3));
        (uint256 minimum, uint256 maximum) = paymaster.postOpGasLimitBounds(terms.mode);
        terms.postOpGasLimit = uint128(bound(uint32(random >> 8), minimum, maximum));
        terms.verificationGasLimit = 120_000;
        Gas memory gas = ampleGas();
        gas.callGasLimit = uint128(bound(uint32(random >> 40), 60_000, 400_000));
        gas.preVerificationGas = bound(uint32(random >> 72), 0, 60_000);
        operation = operationOf(account, _callOf(random >> 104), gas);
        operation.nonce = entryPoint.getNonce(account, lane);
        signForPaymaster(operation, terms);
        signByOwner(operation, userKey);
    }

    function _callOf(uint256 random) private view returns (bytes memory) {
        bytes memory take = abi.encodeCall(Accomplice.take, (token, account));
        random %= 9;
        if (random == 0) return "";
        if (random == 1) return calling(address(accomplice), abi.encodeCall(Accomplice.fail, ()));
        if (random == 2) return calling(address(accomplice), abi.encodeCall(Accomplice.burn, ()));
        if (random == 3) return calling(address(accomplice), take);
        if (random == 4) {
            return calling(address(accomplice), abi.encodeCall(Accomplice.bringBack, (token, account)));
        }
        if (random == 5) return calling(address(token), _approving(0));
        if (random == 6) return calling(address(token), _approving(0.002 ether));
        if (random == 7) {
            bytes memory drain = abi.encodeCall(IGasTank.withdrawTank, (account, 0.001 ether));
            return calling(address(paymaster), drain);
        }
        return callingBoth(address(token), _approving(type(uint256).max), address(accomplice), take);
    }

    function _approving(uint256 amountWei) private view returns (bytes memory) {
        return abi.encodeCall(token.approve, (address(paymaster), amountWei));
    }
}
