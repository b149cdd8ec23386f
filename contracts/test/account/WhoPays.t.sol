// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISessionKeys} from "../../src/account/ISessionKeys.sol";
import {SessionTest} from "../support/SessionTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice Who pays is told by the paymaster's address. EntryPoint v0.7 takes data that begins with the zero address as
/// no paymaster: its account pays, whatever the rest of it looks like.
contract WhoPaysTest is SessionTest {
    address private named = makeAddr("the session's paymaster");

    /// @dev With a budget or without, with a paymaster of its own or without; as long as any data may be.
    function testFuzz_ASessionRefusesDataForAPaymasterThatIsNone(
        bytes calldata rest,
        uint128 gasBudgetWei,
        bool hasPaymaster,
        uint64 feeWei
    ) public {
        sessionId = _granted(gasBudgetWei, hasPaymaster ? named : address(0));
        PackedUserOperation memory operation = transferring(stranger, 0);
        operation.paymasterAndData = bytes.concat(new bytes(52), rest);
        operation.gasFees = bytes32(uint256(feeWei) << 128 | feeWei);
        signBySession(operation);
        _assertNobodyPays(operation);
    }

    /// @dev As long as a sponsored operation's data: once the mode and the charge behind the zeros were believed.
    function test_Attack_ASessionWithoutGasBudgetBurnsCoinByAPaymasterThatIsNone() public {
        sessionId = _granted(0, address(0));
        PackedUserOperation memory operation = transferring(stranger, 0);
        operation.paymasterAndData = new bytes(146);
        signBySession(operation);
        _assertNobodyPays(operation);
    }

    function test_Attack_ASessionWithoutGasBudgetBurnsTheDepositByAPaymasterThatIsNone() public {
        vm.deal(address(this), 1 ether);
        entryPoint.depositTo{value: 1 ether}(address(account));
        sessionId = _granted(0, address(0));
        PackedUserOperation memory operation = transferring(stranger, 0);
        operation.paymasterAndData = new bytes(164);
        signBySession(operation);
        _assertNobodyPays(operation);
    }

    /// @dev The owner may send such data, and EntryPoint counts the gas of the paymaster that is none: so much, and no
    /// wei less, the account must have. It is what a session would be counted, if it were let in.
    function testFuzz_TheAccountPaysForAllFiveLimits(
        uint16 verificationGas,
        uint16 postOpGas,
        bytes calldata rest
    ) public {
        PackedUserOperation memory operation = operationOf(address(account), "", accountGas());
        operation.paymasterAndData =
            abi.encodePacked(address(0), uint128(verificationGas), uint128(postOpGas), rest);
        signByOwner(operation, ownerKey);
        vm.deal(address(account), 0);
        uint256 prefundWei =
            (uint256(operation.accountGasLimits >> 128)
                    + uint128(uint256(operation.accountGasLimits))
                    + operation.preVerificationGas
                    + verificationGas
                    + postOpGas) * uint128(uint256(operation.gasFees));
        uint256 depositWei = entryPoint.balanceOf(address(account));
        vm.prank(address(account));
        entryPoint.withdrawTo(payable(stranger), depositWei);
        vm.deal(address(this), prefundWei);
        entryPoint.depositTo{value: prefundWei - 1}(address(account));
        vm.assertFalse(lands(operation), "a wei short");
        entryPoint.depositTo{value: 1}(address(account));
        vm.assertTrue(lands(operation), "enough");
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _granted(uint128 gasBudgetWei, address paymaster) private returns (uint128) {
        ISessionKeys.SessionTerms memory terms = termsFor(permissionsFor(address(token), tokenSelectors()));
        terms.gasBudgetWei = gasBudgetWei;
        terms.paymaster = paymaster;
        return grant(terms);
    }

    function _assertNobodyPays(PackedUserOperation memory operation) private {
        uint256 worthWei = address(account).balance + entryPoint.balanceOf(address(account));
        assertRefused(
            operation, abi.encodeWithSelector(ISessionKeys.PaymasterNotAllowed.selector, address(0))
        );
        vm.assertEq(address(account).balance + entryPoint.balanceOf(address(account)), worthWei);
    }
}
