// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IErc20Payments} from "../../src/paymaster/IErc20Payments.sol";
import {Erc20Test} from "../support/Erc20Test.sol";
import {OddToken} from "../support/OddToken.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice The ways in which a token, its holder or a bundler could make a paymaster that takes any ERC-20 lose.
contract Erc20AttacksTest is Erc20Test {
    function test_Attack_TheRateIsStarvedAfterSigning() public {
        PackedUserOperation memory operation = paidOperation("", ampleGas(), erc20Terms());
        // Its lowest byte but one: a few hundredths of a percent less.
        operation.paymasterAndData[133] ^= 0x01;
        signByOwner(operation, userKey);
        _expectFailedOp(operation, "AA34 signature error");
    }

    function test_Attack_TheTokenIsSwappedForAWorthlessOneAfterSigning() public {
        PackedUserOperation memory operation = paidOperation("", ampleGas(), erc20Terms());
        bytes20 worthless = bytes20(address(newCoin(6)));
        for (uint256 i = 0; i < 20; ++i) {
            operation.paymasterAndData[99 + i] = worthless[i];
        }
        signByOwner(operation, userKey);
        _expectFailedOp(operation, "AA34 signature error");
    }

    function test_Attack_PostOpGasIsStarvedAfterSigning() public {
        PackedUserOperation memory operation = paidOperation("", ampleGas(), erc20Terms());
        operation.paymasterAndData[50] ^= 0x01;
        signByOwner(operation, userKey);
        _expectFailedOp(operation, "AA34 signature error");
    }

    function test_Attack_TheTokenTakesAFee() public {
        coin.setFee(100);
        uint256 held = unitsOf(maxCostOf(ampleGas(), erc20Terms()));
        PackedUserOperation[] memory operations = new PackedUserOperation[](1);
        operations[0] = paidOperation("", ampleGas(), erc20Terms());
        bytes memory reason = abi.encodeWithSelector(
            IErc20Payments.TokenNotPlain.selector, address(coin), held, held - held / 100
        );
        vm.expectRevert(
            abi.encodeWithSelector(IEntryPoint.FailedOpWithRevert.selector, 0, "AA33 reverted", reason)
        );
        vm.prank(bundler, bundler);
        entryPoint.handleOps(operations, beneficiary);
    }

    function test_Attack_TheTokenRevertsOnRefund() public {
        coin.setManner(OddToken.Manner.Plain, OddToken.Manner.Reverts);
        _assertPaid(landAndRead(paidOperation(calling(beneficiary, ""), ampleGas(), erc20Terms())));
    }

    function test_Attack_TheTokenBurnsAllGasOnRefund() public {
        coin.setManner(OddToken.Manner.Plain, OddToken.Manner.BurnsGas);
        (, uint256 maximum) = paymaster.postOpGasLimitBounds(ERC20);
        Terms memory terms = erc20Terms();
        terms.postOpGasLimit = uint128(maximum);
        _assertPaid(landAndRead(paidOperation(calling(beneficiary, ""), ampleGas(), terms)));
    }

    /// @dev By its own operation, so that validation could not know.
    function test_Attack_TheSenderIsBlacklistedBeforeItsRefund() public {
        bytes memory call = abi.encodeCall(coin.setBlacklisted, (account, true));
        Outcome memory outcome =
            landAndRead(paidOperation(calling(address(coin), call), ampleGas(), erc20Terms()));
        _assertPaid(outcome);
        address elsewhere = makeAddr("elsewhere");
        vm.prank(account);
        paymaster.claimRefund(address(coin), elsewhere);
        vm.assertEq(coin.balanceOf(elsewhere), outcome.refundWei);
    }

    function test_Attack_TokensAreMovedAwayInExecution() public {
        uint256 held = unitsOf(maxCostOf(ampleGas(), erc20Terms()));
        bytes memory moving = abi.encodeCall(coin.transfer, (operator, coin.balanceOf(account) - held));
        Outcome memory outcome =
            landAndRead(paidOperation(calling(address(coin), moving), ampleGas(), erc20Terms()));
        vm.assertTrue(outcome.success);
        vm.assertGe(collected(), unitsOf(outcome.lostWei));
    }

    function test_Attack_UnusedGasPenaltyAtThreeMillionCallGas() public {
        Gas memory gas = ampleGas();
        gas.callGasLimit = 3_000_000;
        Outcome memory outcome = landAndRead(paidOperation(calling(beneficiary, ""), gas, erc20Terms()));
        vm.assertGt(outcome.gasUsed, 300_000);
        vm.assertGe(outcome.chargeWei, unitsOf(outcome.lostWei));
    }

    /// @dev Inside a bundle the balance holds what is owed back to others.
    function test_Attack_TheOwnerTakesPrepaymentsOutOfARunningBundle() public {
        (address owner, uint256 ownerKey) = makeAddrAndKey("insider");
        address insider = factory.createAccount(owner, 0);
        vm.prank(operator);
        (bool offered,) =
            address(paymaster).call(abi.encodeWithSignature("transferOwnership(address)", insider));
        vm.prank(insider);
        (bool taken,) = address(paymaster).call(abi.encodeWithSignature("acceptOwnership()"));
        vm.assertTrue(offered && taken);
        bytes memory call = abi.encodeCall(paymaster.withdrawErc20Revenue, (address(coin), insider, 1));
        PackedUserOperation memory theft = operationOf(insider, calling(address(paymaster), call), ampleGas());
        signForPaymaster(theft, termsOf(SPONSOR));
        signByOwner(theft, ownerKey);
        vm.recordLogs();
        landBoth(theft, paidOperation("", ampleGas(), erc20Terms()));
        vm.assertFalse(readOutcome(vm.getRecordedLogs(), entryPoint.getUserOpHash(theft)).success);
        vm.prank(insider);
        paymaster.withdrawErc20Revenue(address(coin), insider, 1);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    /// @dev The deposit's loss is covered, and all the rest is the sender's to claim.
    function _assertPaid(Outcome memory outcome) private view {
        vm.assertTrue(outcome.success && outcome.charged && !outcome.postOpReverted);
        vm.assertGe(outcome.chargeWei, unitsOf(outcome.lostWei));
        vm.assertEq(paymaster.refundKeptFor(address(coin), account), outcome.refundWei);
        vm.assertEq(paymaster.erc20Revenue(address(coin)), outcome.chargeWei + 1);
    }

    function _expectFailedOp(PackedUserOperation memory operation, string memory reason) private {
        PackedUserOperation[] memory operations = new PackedUserOperation[](1);
        operations[0] = operation;
        vm.expectRevert(abi.encodeWithSelector(IEntryPoint.FailedOp.selector, 0, reason));
        vm.prank(bundler, bundler);
        entryPoint.handleOps(operations, beneficiary);
    }
}
