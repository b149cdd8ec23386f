// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IComputePaymaster} from "../../src/paymaster/IComputePaymaster.sol";
import {IComputeToken} from "../../src/token/IComputeToken.sol";
import {EntryPointTest} from "./EntryPointTest.sol";
import {Vm} from "./Vm.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice A staked, funded ComputePaymaster with one signer, and an account that holds tokens.
abstract contract PaymasterTest is EntryPointTest {
    uint8 internal constant SPONSOR = 0;
    uint8 internal constant TOKEN = 1;
    uint8 internal constant TOKEN_DEFERRED = 2;
    uint8 internal constant TANK = 3;
    uint8 internal constant ERC20 = 4;
    bytes16 internal constant POLICY = "policy-1";

    struct Terms {
        uint8 mode;
        uint48 validUntil;
        uint48 validAfter;
        uint16 markupBps;
        uint128 maxChargeWei;
        uint128 verificationGasLimit;
        uint128 postOpGasLimit;
        address erc20;
        uint128 rate;
    }

    IComputeToken internal token;
    IComputePaymaster internal paymaster;
    address internal operator = makeAddr("operator");
    address internal signer;
    uint256 internal signerKey;
    address internal user;
    uint256 internal userKey;
    address internal account;

    function setUp() public virtual {
        (signer, signerKey) = makeAddrAndKey("signer");
        (user, userKey) = makeAddrAndKey("user");
        deployEntryPoint();
        token = IComputeToken(deploy("ComputeToken", ""));
        paymaster = IComputePaymaster(deploy("ComputePaymaster", abi.encode(entryPoint, token, operator)));
        vm.deal(operator, 1000 ether);
        vm.startPrank(operator);
        paymaster.addStake{value: 1 ether}(86_400);
        paymaster.deposit{value: 100 ether}();
        paymaster.setSigner(signer, true);
        token.depositTo{value: 1}(address(paymaster));
        vm.stopPrank();
        vm.deal(beneficiary, 1);
        account = factory.createAccount(user, 0);
        fundTokens(account, 10 ether);
        approve(account, type(uint256).max);
    }

    function fundTokens(address holder, uint256 amountWei) internal {
        vm.deal(address(this), amountWei);
        token.depositTo{value: amountWei}(holder);
    }

    function approve(address holder, uint256 amountWei) internal {
        vm.prank(holder);
        token.approve(address(paymaster), amountWei);
    }

    function fillTank(address holder, uint256 amountWei) internal {
        fundTokens(address(this), amountWei);
        token.approve(address(paymaster), amountWei);
        paymaster.fillTank(holder, amountWei);
    }

    // ─── Terms ───────────────────────────────────────────────────────────────

    function termsOf(uint8 mode) internal view returns (Terms memory terms) {
        (uint256 minimum, uint256 maximum) = paymaster.postOpGasLimitBounds(mode);
        // Unoptimised, as coverage is counted, postOp needs more than it ever will on the chain.
        bool optimised = !vm.isContext(Vm.ForgeContext.Coverage);
        terms.mode = mode;
        terms.maxChargeWei = type(uint128).max;
        terms.verificationGasLimit = mode == SPONSOR ? 30_000 : mode == ERC20 ? 110_000 : 70_000;
        terms.postOpGasLimit = uint128(optimised || mode == SPONSOR ? minimum : maximum);
    }

    /// @notice An operation of `account` that has been signed by the paymaster's signer and its owner.
    function paidOperation(bytes memory callData, Gas memory gas, Terms memory terms)
        internal
        view
        returns (PackedUserOperation memory operation)
    {
        operation = operationOf(account, callData, gas);
        signForPaymaster(operation, terms);
        signByOwner(operation, userKey);
    }

    function paidOperation(bytes memory callData, uint8 mode)
        internal
        view
        returns (PackedUserOperation memory)
    {
        return paidOperation(callData, ampleGas(), termsOf(mode));
    }

    function signForPaymaster(PackedUserOperation memory operation, Terms memory terms) internal view {
        bytes memory unsigned = packTerms(terms);
        operation.paymasterAndData = bytes.concat(unsigned, new bytes(65));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(signerKey, paymaster.hashOf(operation));
        operation.paymasterAndData = bytes.concat(unsigned, abi.encodePacked(r, s, v));
    }

    function packTerms(Terms memory terms) internal view returns (bytes memory packed) {
        packed = abi.encodePacked(
            paymaster,
            terms.verificationGasLimit,
            terms.postOpGasLimit,
            terms.mode,
            terms.validUntil,
            terms.validAfter,
            POLICY
        );
        if (terms.mode != SPONSOR) packed = abi.encodePacked(packed, terms.markupBps, terms.maxChargeWei);
        if (terms.mode == ERC20) packed = abi.encodePacked(packed, terms.erc20, terms.rate);
    }

    /// @notice As the service signs it: no room for a debt.
    function exactTermsOf(uint8 mode, Gas memory gas) internal view returns (Terms memory terms) {
        terms = termsOf(mode);
        terms.maxChargeWei = uint128(paymaster.maxChargeOf(maxCostOf(gas, terms), terms.markupBps));
    }

    function maxCostOf(Gas memory gas, Terms memory terms) internal pure returns (uint256) {
        return (gas.preVerificationGas
                + gas.verificationGasLimit
                + gas.callGasLimit
                + terms.verificationGasLimit
                + terms.postOpGasLimit) * gas.maxFeePerGasWei;
    }

    /// @notice Sets both validation gas limits to the least with which the operation lands.
    function tighten(bytes memory callData, Gas memory gas, Terms memory terms) internal {
        gas.verificationGasLimit = 1_000_000;
        terms.verificationGasLimit = 1_000_000;
        uint128 step = 500_000;
        for (; step > 1; step /= 2) {
            gas.verificationGasLimit -= step;
            if (!lands(paidOperation(callData, gas, terms))) gas.verificationGasLimit += step;
        }
        for (step = 500_000; step > 1; step /= 2) {
            terms.verificationGasLimit -= step;
            if (!lands(paidOperation(callData, gas, terms))) terms.verificationGasLimit += step;
        }
    }

    // ─── What landing did ────────────────────────────────────────────────────

    /// @dev What the chain says of one operation's end.
    struct Outcome {
        bool success;
        uint256 gasUsed;
        uint256 lostWei;
        bool charged;
        uint256 chargeWei;
        uint256 refundWei;
        bool postOpReverted;
    }

    function landAndRead(PackedUserOperation memory operation) internal returns (Outcome memory outcome) {
        vm.recordLogs();
        land(operation);
        return readOutcome(vm.getRecordedLogs(), entryPoint.getUserOpHash(operation));
    }

    function readOutcome(Vm.Log[] memory logs, bytes32 userOpHash)
        internal
        pure
        returns (Outcome memory outcome)
    {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics.length < 2 || logs[i].topics[1] != userOpHash) continue;
            bytes32 topic = logs[i].topics[0];
            if (
                topic == keccak256("UserOperationEvent(bytes32,address,address,uint256,bool,uint256,uint256)")
            ) {
                (, outcome.success, outcome.lostWei, outcome.gasUsed) =
                    abi.decode(logs[i].data, (uint256, bool, uint256, uint256));
            } else if (topic == keccak256("TokenCharged(bytes32,address,bytes16,uint256,uint256)")) {
                outcome.charged = true;
                (, outcome.chargeWei, outcome.refundWei) =
                    abi.decode(logs[i].data, (bytes16, uint256, uint256));
            } else if (topic == keccak256("Erc20Charged(bytes32,address,address,bytes16,uint256,uint256)")) {
                outcome.charged = true;
                (, outcome.chargeWei, outcome.refundWei) =
                    abi.decode(logs[i].data, (bytes16, uint256, uint256));
            } else if (topic == keccak256("TankCharged(bytes32,address,bytes16,uint256)")) {
                outcome.charged = true;
                (, outcome.chargeWei) = abi.decode(logs[i].data, (bytes16, uint256));
            } else if (topic == keccak256("PostOpRevertReason(bytes32,address,uint256,bytes)")) {
                outcome.postOpReverted = true;
            }
        }
    }
}
