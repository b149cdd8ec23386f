// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputePaymaster} from "../../src/paymaster/IComputePaymaster.sol";
import {PaymasterTest} from "../support/PaymasterTest.sol";
import {Vm} from "../support/Vm.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";
import {ERC20 as Erc20Base} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

contract PlainCoin is Erc20Base {
    constructor(address holder) Erc20Base("Plain", "PLN") {
        _mint(holder, type(uint128).max);
    }
}

/// @notice Which operations the paymaster lets pass, and what a signature binds.
contract ValidationTest is PaymasterTest {
    bytes private constant CALL_DATA = hex"b61d27f6";

    // ─── Refused ─────────────────────────────────────────────────────────────

    function test_RevertWhen_CalledByAnyoneButTheEntryPoint() public {
        PackedUserOperation memory operation = paidOperation("", SPONSOR);
        vm.expectRevert(abi.encodeWithSelector(IComputePaymaster.NotEntryPoint.selector, address(this)));
        paymaster.validatePaymasterUserOp(operation, bytes32(0), 0);
    }

    function test_RevertWhen_PaymasterDataHasNoMode() public {
        PackedUserOperation memory operation = paidOperation("", SPONSOR);
        operation.paymasterAndData = abi.encodePacked(paymaster, uint128(30_000), uint128(0));
        _expectInvalid(
            operation, abi.encodeWithSelector(IComputePaymaster.InvalidPaymasterDataLength.selector, 52, 146)
        );
    }

    function testFuzz_RevertWhen_PaymasterDataIsNotAsLongAsItsMode(uint8 mode, uint256 length) public {
        mode = uint8(bound(mode, SPONSOR, TANK));
        uint256 expected = mode == SPONSOR ? 146 : 164;
        length = bound(length, 53, 300);
        vm.assume(length != expected);
        PackedUserOperation memory operation = paidOperation("", mode);
        bytes memory data = new bytes(length);
        for (uint256 i = 0; i < length && i < expected; ++i) {
            data[i] = operation.paymasterAndData[i];
        }
        operation.paymasterAndData = data;
        _expectInvalid(
            operation,
            abi.encodeWithSelector(IComputePaymaster.InvalidPaymasterDataLength.selector, length, expected)
        );
    }

    function testFuzz_RevertWhen_TheModeIsUnknown(uint8 mode) public {
        mode = uint8(bound(mode, ERC20 + 1, 255));
        PackedUserOperation memory operation = paidOperation("", SPONSOR);
        operation.paymasterAndData[52] = bytes1(mode);
        _expectInvalid(operation, abi.encodeWithSelector(IComputePaymaster.UnknownMode.selector, mode));
    }

    function test_RevertWhen_PostOpGasLimitIsStarved() public {
        _expectPostOpLimitRefused(TOKEN, -1);
        _expectPostOpLimitRefused(TOKEN_DEFERRED, -1);
        _expectPostOpLimitRefused(TANK, -1);
    }

    function test_RevertWhen_PostOpGasLimitIsInflated() public {
        _expectPostOpLimitRefused(TOKEN, 1);
        _expectPostOpLimitRefused(TOKEN_DEFERRED, 1);
        _expectPostOpLimitRefused(TANK, 1);
    }

    function test_RevertWhen_TheOperationIsExpired() public {
        Terms memory terms = termsOf(SPONSOR);
        terms.validUntil = 1000;
        PackedUserOperation memory operation = paidOperation("", ampleGas(), terms);
        vm.warp(1001);
        _expectFailedOp(operation, "AA32 paymaster expired or not due");
    }

    function test_RevertWhen_TheOperationIsNotYetDue() public {
        Terms memory terms = termsOf(SPONSOR);
        terms.validAfter = 1000;
        PackedUserOperation memory operation = paidOperation("", ampleGas(), terms);
        vm.warp(999);
        _expectFailedOp(operation, "AA32 paymaster expired or not due");
    }

    function test_RevertWhen_TheSignerIsNoLongerOne() public {
        PackedUserOperation memory operation = paidOperation("", SPONSOR);
        vm.prank(operator);
        paymaster.setSigner(signer, false);
        _expectFailedOp(operation, "AA34 signature error");
    }

    function testFuzz_RevertWhen_ASignedByteOfThePaymasterDataChanges(uint256 index, uint8 change, uint8 mode)
        public
    {
        mode = uint8(bound(mode, SPONSOR, TANK));
        change = uint8(bound(change, 1, 255));
        PackedUserOperation memory operation = paidOperation("", mode);
        index = bound(index, 20, operation.paymasterAndData.length - 66);
        vm.assume(index != 52); // another mode has another length or other rules: tested by itself
        operation.paymasterAndData[index] ^= bytes1(change);
        vm.assertTrue(_sigFailedByEntryPoint(operation), "refused");
    }

    function test_RevertWhen_TheModeChangesAfterSigning() public {
        PackedUserOperation memory operation = paidOperation("", TOKEN);
        for (uint8 mode = TOKEN_DEFERRED; mode <= TANK; ++mode) {
            operation.paymasterAndData[52] = bytes1(mode);
            vm.assertTrue(_sigFailedByEntryPoint(operation), "refused");
        }
    }

    function testFuzz_RevertWhen_AFieldOfTheOperationChangesAfterSigning(uint8 field, uint256 change) public {
        vm.assume(change != 0);
        PackedUserOperation memory operation = paidOperation(CALL_DATA, TOKEN);
        field = uint8(bound(field, 0, 6));
        if (field == 0) {
            operation.sender = address(uint160(operation.sender) ^ uint160(bound(change, 1, 255)));
        } else if (field == 1) {
            operation.nonce ^= change;
        } else if (field == 2) {
            operation.initCode = abi.encode(change);
        } else if (field == 3) {
            operation.callData = abi.encode(change);
        } else if (field == 4) {
            operation.accountGasLimits ^= bytes32(change);
        } else if (field == 5) {
            operation.preVerificationGas ^= change;
        } else {
            operation.gasFees ^= bytes32(change);
        }
        vm.assertTrue(_sigFailedByEntryPoint(operation), "refused");
    }

    function testFuzz_ABrokenSignatureIsReportedAndNotThrown(bytes32 r, bytes32 s, uint8 v, uint8 mode)
        public
    {
        mode = uint8(bound(mode, SPONSOR, TANK));
        Terms memory terms = termsOf(mode);
        (terms.validUntil, terms.validAfter) = (2000, 1000);
        PackedUserOperation memory operation = paidOperation("", ampleGas(), terms);
        operation.paymasterAndData = bytes.concat(packTerms(terms), abi.encodePacked(r, s, v));
        uint256 balanceWei = token.balanceOf(account);

        vm.prank(address(entryPoint));
        (bytes memory context, uint256 validationData) =
            paymaster.validatePaymasterUserOp(operation, bytes32(0), 1 ether);

        vm.assertEq(validationData, 1 | (uint256(2000) << 160) | (uint256(1000) << 208));
        vm.assertEq(context.length, 0);
        vm.assertEq(token.balanceOf(account), balanceWei);
        vm.assertEq(paymaster.debtOf(account), 0);
    }

    // ─── Accepted ────────────────────────────────────────────────────────────

    function test_AnySignerOfSeveralIsAccepted() public {
        vm.prank(operator);
        paymaster.setSigner(makeAddr("second"), true);
        (, signerKey) = makeAddrAndKey("second");
        vm.assertTrue(landAndRead(paidOperation("", SPONSOR)).success);
    }

    function test_ValidityEndsAreInclusive() public {
        Terms memory terms = termsOf(SPONSOR);
        (terms.validAfter, terms.validUntil) = (1000, 1000);
        PackedUserOperation memory operation = paidOperation("", ampleGas(), terms);
        vm.warp(1000);
        vm.assertTrue(landAndRead(operation).success);
    }

    function test_ASponsoredOperationLeavesNoContextAndTakesNoToken() public {
        PackedUserOperation memory operation = paidOperation("", SPONSOR);
        uint256 balanceWei = token.balanceOf(account);
        vm.prank(address(entryPoint));
        (bytes memory context, uint256 validationData) =
            paymaster.validatePaymasterUserOp(operation, bytes32(0), 1 ether);
        vm.assertEq(context.length, 0);
        vm.assertEq(validationData, 0);
        vm.assertEq(token.balanceOf(account), balanceWei);
    }

    function test_TheHashIsTheDocumentedEip712Hash() public view {
        PackedUserOperation memory operation = paidOperation(CALL_DATA, TOKEN);
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("ComputePaymaster"),
                keccak256("1"),
                block.chainid,
                paymaster
            )
        );
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "SponsoredUserOperation(address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes paymasterTerms)"
                ),
                operation.sender,
                operation.nonce,
                keccak256(operation.initCode),
                keccak256(operation.callData),
                operation.accountGasLimits,
                operation.preVerificationGas,
                operation.gasFees,
                keccak256(packTerms(termsOf(TOKEN)))
            )
        );
        vm.assertEq(paymaster.hashOf(operation), keccak256(abi.encodePacked(hex"1901", domain, structHash)));
    }

    function test_RevertWhen_TheSignatureIsTheTwinOfAGoodOne() public {
        PackedUserOperation memory operation = paidOperation("", SPONSOR);
        bytes memory unsigned = packTerms(termsOf(SPONSOR));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(signerKey, paymaster.hashOf(operation));
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        bytes memory twin = abi.encodePacked(r, order - uint256(s), v == 27 ? uint8(28) : uint8(27));
        operation.paymasterAndData = bytes.concat(unsigned, twin);
        vm.assertTrue(_sigFailedByEntryPoint(operation), "refused");
    }

    function test_ValidationExecutesNoBannedOpcode() public {
        fillTank(account, 10 ether);
        for (uint8 mode = SPONSOR; mode <= TANK; ++mode) {
            _assertLawfulValidation(paidOperation("", mode));
        }
        PlainCoin coin = new PlainCoin(account);
        vm.prank(account);
        coin.approve(address(paymaster), type(uint256).max);
        Terms memory terms = termsOf(ERC20);
        (terms.erc20, terms.rate) = (address(coin), 2.5e18);
        _assertLawfulValidation(paidOperation("", ampleGas(), terms));
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _expectPostOpLimitRefused(uint8 mode, int128 beyond) private {
        (uint256 minimum, uint256 maximum) = paymaster.postOpGasLimitBounds(mode);
        Terms memory terms = termsOf(mode);
        terms.postOpGasLimit = uint128(beyond < 0 ? minimum - 1 : maximum + 1);
        _expectInvalid(
            paidOperation("", ampleGas(), terms),
            abi.encodeWithSelector(
                IComputePaymaster.PostOpGasLimitOutOfBounds.selector, terms.postOpGasLimit, minimum, maximum
            )
        );
    }

    function _expectInvalid(PackedUserOperation memory operation, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(address(entryPoint));
        paymaster.validatePaymasterUserOp(operation, bytes32(0), 0);
    }

    function _expectFailedOp(PackedUserOperation memory operation, string memory reason) private {
        PackedUserOperation[] memory operations = new PackedUserOperation[](1);
        operations[0] = operation;
        vm.expectRevert(abi.encodeWithSelector(IEntryPoint.FailedOp.selector, 0, reason));
        vm.prank(bundler, bundler);
        entryPoint.handleOps(operations, beneficiary);
    }

    function _sigFailedByEntryPoint(PackedUserOperation memory operation) private returns (bool) {
        vm.prank(address(entryPoint));
        (bytes memory context, uint256 validationData) =
            paymaster.validatePaymasterUserOp(operation, bytes32(0), 1 ether);
        return context.length == 0 && uint160(validationData) == 1;
    }

    /// @dev ERC-7562 [OP-011], [OP-012]: opcodes banned during validation, and GAS unless a call follows.
    function _assertLawfulValidation(PackedUserOperation memory operation) private {
        vm.startDebugTraceRecording();
        vm.prank(address(entryPoint));
        paymaster.validatePaymasterUserOp(operation, bytes32(0), 1 ether);
        Vm.DebugStep[] memory steps = vm.stopAndReturnDebugTraceRecording();
        uint256 seen;
        for (uint256 i = 0; i < steps.length; ++i) {
            address contractAddr = steps[i].contractAddr;
            if (contractAddr != address(paymaster) && contractAddr != address(token)) continue;
            ++seen;
            uint8 opcode = steps[i].opcode;
            if (opcode == 0x5a) opcode = _isCall(steps[i + 1].opcode) ? 0 : opcode;
            vm.assertFalse(_isBanned(opcode), string.concat("banned opcode ", vm.toString(opcode)));
        }
        vm.assertGt(seen, 300);
    }

    function _isCall(uint8 opcode) private pure returns (bool) {
        return opcode == 0xf1 || opcode == 0xf2 || opcode == 0xf4 || opcode == 0xfa;
    }

    /// @dev ORIGIN, GASPRICE, BLOCKHASH to DIFFICULTY, GASLIMIT, SELFBALANCE, BALANCE, BASEFEE, GAS, CREATE,
    /// CREATE2, SELFDESTRUCT, INVALID.
    function _isBanned(uint8 opcode) private pure returns (bool) {
        return opcode == 0x31 || opcode == 0x32 || opcode == 0x3a || (opcode >= 0x40 && opcode <= 0x45)
            || opcode == 0x47 || opcode == 0x48 || opcode == 0x5a || opcode == 0xf0 || opcode == 0xf5
            || opcode == 0xfe || opcode == 0xff;
    }
}
