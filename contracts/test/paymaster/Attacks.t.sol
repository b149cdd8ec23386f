// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputePaymaster} from "../../src/paymaster/IComputePaymaster.sol";
import {PaymasterTest} from "../support/PaymasterTest.sol";
import {StagedBundle} from "../support/StagedBundle.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice The known ways in which paymasters lose money or users' money, each tried on ours.
contract AttacksTest is PaymasterTest {
    function test_Attack_TokensAreMovedAwayInExecution_TokenMode() public {
        bytes memory moving = calling(
            address(token), abi.encodeCall(token.transfer, (operator, token.balanceOf(account) - 0.01 ether))
        );
        Outcome memory outcome = landAndRead(paidOperation(moving, TOKEN));
        vm.assertTrue(outcome.success);
        vm.assertGe(outcome.chargeWei, outcome.lostWei);
    }

    function test_Attack_TokensAreMovedAwayInExecution_DeferredMode() public {
        uint256 balanceWei = token.balanceOf(account);
        bytes memory moving = callingBoth(
            address(token),
            abi.encodeCall(token.approve, (address(paymaster), type(uint256).max)),
            address(token),
            abi.encodeCall(token.transfer, (operator, balanceWei))
        );
        Outcome memory outcome = landAndRead(paidOperation(moving, TOKEN_DEFERRED));
        vm.assertFalse(outcome.success);
        vm.assertEq(token.balanceOf(account), balanceWei);
        vm.assertGe(paymaster.debtOf(account), outcome.lostWei);
    }

    function test_Attack_AllowanceIsRevokedInExecution() public {
        bytes memory revoking =
            calling(address(token), abi.encodeCall(token.approve, (address(paymaster), 0)));
        Outcome memory outcome = landAndRead(paidOperation(revoking, TOKEN));
        vm.assertTrue(outcome.success);
        vm.assertGe(outcome.chargeWei, outcome.lostWei);
    }

    function test_Attack_ApproveThenRevert() public {
        approve(account, 0);
        bytes memory failing = callingBoth(
            address(token),
            abi.encodeCall(token.approve, (address(paymaster), type(uint256).max)),
            address(entryPoint),
            hex"12345678"
        );
        Outcome memory outcome = landAndRead(paidOperation(failing, TOKEN_DEFERRED));
        vm.assertFalse(outcome.success);
        vm.assertGe(paymaster.debtOf(account), outcome.lostWei);
    }

    function test_Attack_PostOpGasLimitIsChangedAfterSigning() public {
        for (uint8 mode = SPONSOR; mode <= TANK; ++mode) {
            PackedUserOperation memory operation = paidOperation("", mode);
            operation.paymasterAndData[50] ^= 0x01;
            signByOwner(operation, userKey);
            _expectFailedOp(operation, "AA34 signature error");
        }
    }

    function test_Attack_GasPriceIsRaisedAfterSigning() public {
        PackedUserOperation memory operation = paidOperation("", TOKEN);
        operation.gasFees = bytes32(abi.encodePacked(uint128(3 gwei), uint128(3 gwei)));
        signByOwner(operation, userKey);
        _expectFailedOp(operation, "AA34 signature error");
    }

    function test_Attack_UnusedGasPenaltyAtThreeMillionCallGas() public {
        Gas memory gas = ampleGas();
        gas.callGasLimit = 3_000_000;
        Outcome memory outcome = landAndRead(paidOperation(calling(beneficiary, ""), gas, termsOf(TOKEN)));
        vm.assertGt(outcome.gasUsed, 300_000);
        vm.assertGe(outcome.chargeWei, outcome.lostWei);
        vm.assertLe(outcome.chargeWei * 100, outcome.lostWei * 104);
    }

    function test_Attack_TwoOperationsShareOneBalance() public {
        uint256 heldWei = maxCostOf(ampleGas(), termsOf(TOKEN));
        uint256 balanceWei = token.balanceOf(account);
        vm.prank(account);
        token.transfer(operator, balanceWei - heldWei * 3 / 2);
        PackedUserOperation[] memory operations = new PackedUserOperation[](2);
        operations[0] = paidOperation("", TOKEN);
        operations[1] = operationOf(account, "", ampleGas());
        operations[1].nonce = entryPoint.getNonce(account, 1);
        signForPaymaster(operations[1], termsOf(TOKEN));
        signByOwner(operations[1], userKey);
        vm.expectRevert();
        vm.prank(bundler, bundler);
        entryPoint.handleOps(operations, beneficiary);
        vm.assertTrue(lands(operations[0]), "each alone is paid for");
        vm.assertTrue(lands(operations[1]), "each alone is paid for");
    }

    /// @dev A refund to a balance that was zero before the transaction costs 20,000 gas more than any other.
    function test_Attack_ABundlerStagesADearRefund() public {
        StagedBundle bundle = new StagedBundle();
        Terms memory terms = termsOf(TOKEN);
        (, uint256 maximum) = paymaster.postOpGasLimitBounds(TOKEN);
        terms.postOpGasLimit = uint128(maximum);
        uint256 heldWei = maxCostOf(ampleGas(), terms);
        (address owner, uint256 ownerKey) = makeAddrAndKey("accomplice");
        (account, userKey) = (factory.createAccount(owner, 0), ownerKey);
        approve(account, type(uint256).max);
        fundTokens(address(bundle), heldWei);
        PackedUserOperation[] memory operations = new PackedUserOperation[](1);
        operations[0] = paidOperation(calling(beneficiary, ""), ampleGas(), terms);
        vm.recordLogs();
        vm.prank(bundler, bundler);
        vm.assertTrue(bundle.tryLand(entryPoint, token, operations, heldWei), "landed");
        Outcome memory outcome = readOutcome(vm.getRecordedLogs(), entryPoint.getUserOpHash(operations[0]));
        vm.assertTrue(outcome.postOpReverted);
        vm.assertEq(token.balanceOf(address(paymaster)) - 1, heldWei);
        vm.assertGe(heldWei, outcome.lostWei);
    }

    function test_Attack_TheOwnerTakesPrepaymentsOutOfARunningBundle() public {
        // The owner becomes an account, so that it can act from inside a bundle.
        (address owner, uint256 ownerKey) = makeAddrAndKey("insider");
        address insider = factory.createAccount(owner, 0);
        vm.prank(operator);
        (bool offered,) =
            address(paymaster).call(abi.encodeWithSignature("transferOwnership(address)", insider));
        vm.prank(insider);
        (bool taken,) = address(paymaster).call(abi.encodeWithSignature("acceptOwnership()"));
        vm.assertTrue(offered && taken);

        bytes[2] memory thefts = [
            abi.encodeCall(paymaster.withdrawRevenue, (insider, 1)),
            abi.encodeCall(paymaster.refillDeposit, (1))
        ];
        for (uint256 i = 0; i < thefts.length; ++i) {
            PackedUserOperation memory theft =
                operationOf(insider, calling(address(paymaster), thefts[i]), ampleGas());
            signForPaymaster(theft, termsOf(SPONSOR));
            signByOwner(theft, ownerKey);
            PackedUserOperation memory victim = paidOperation("", TOKEN);
            vm.recordLogs();
            landBoth(theft, victim);
            vm.assertFalse(
                readOutcome(vm.getRecordedLogs(), entryPoint.getUserOpHash(theft)).success, "theft failed"
            );
        }
        // Outside a bundle the same owner may.
        vm.prank(insider);
        paymaster.withdrawRevenue(insider, 1);
    }

    function test_Attack_SignatureIsReplayedOnAnotherPaymaster() public {
        IComputePaymaster other =
            IComputePaymaster(deploy("ComputePaymaster", abi.encode(entryPoint, token, operator)));
        vm.startPrank(operator);
        other.setSigner(signer, true);
        other.deposit{value: 1 ether}();
        vm.stopPrank();
        PackedUserOperation memory operation = paidOperation("", SPONSOR);
        bytes20 otherAddress = bytes20(address(other));
        for (uint256 i = 0; i < 20; ++i) {
            operation.paymasterAndData[i] = otherAddress[i];
        }
        signByOwner(operation, userKey);
        _expectFailedOp(operation, "AA34 signature error");
    }

    function test_Attack_SignatureIsReplayedOnAnotherChain() public {
        PackedUserOperation memory operation = paidOperation("", SPONSOR);
        vm.chainId(104);
        signByOwner(operation, userKey);
        _expectFailedOp(operation, "AA34 signature error");
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _expectFailedOp(PackedUserOperation memory operation, string memory reason) private {
        PackedUserOperation[] memory operations = new PackedUserOperation[](1);
        operations[0] = operation;
        vm.expectRevert(abi.encodeWithSelector(IEntryPoint.FailedOp.selector, 0, reason));
        vm.prank(bundler, bundler);
        entryPoint.handleOps(operations, beneficiary);
    }
}
