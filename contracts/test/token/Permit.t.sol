// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeToken} from "../../src/token/IComputeToken.sol";
import {Test} from "../support/Test.sol";
import {Vm} from "../support/Vm.sol";

/// @dev An account contract that accepts its key's signatures by ERC-1271.
contract SigningAccount {
    address private immutable _key;

    constructor(address key) {
        _key = key;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        address signer =
            ecrecover(hash, uint8(signature[64]), bytes32(signature[:32]), bytes32(signature[32:64]));
        return signer == _key ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
    }
}

contract PermitTest is Test {
    IComputeToken private token;
    address private owner;
    uint256 private key;
    address private accountOwner;
    address private spender = makeAddr("spender");

    function setUp() public {
        vm.warp(1_750_000_000);
        token = IComputeToken(deploy("ComputeToken", ""));
        (owner, key) = makeAddrAndKey("owner");
        accountOwner = address(new SigningAccount(owner));
    }

    // ─── Refused ─────────────────────────────────────────────────────────────

    function testFuzz_RevertWhen_TheDeadlineHasPassed(uint256 deadline) public {
        deadline = bound(deadline, 0, block.timestamp - 1);
        bytes memory signature = _sign(owner, 1 ether, deadline);
        vm.expectRevert(abi.encodeWithSelector(IComputeToken.PermitExpired.selector, deadline));
        token.permit(owner, spender, 1 ether, deadline, signature);
    }

    function test_RevertWhen_AnotherKeySigned() public {
        (, key) = makeAddrAndKey("another");
        address[2] memory owners = [owner, accountOwner];
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory signature = _sign(owners[i], 1 ether, type(uint256).max);
            vm.expectRevert(abi.encodeWithSelector(IComputeToken.InvalidPermitSignature.selector, owners[i]));
            token.permit(owners[i], spender, 1 ether, type(uint256).max, signature);
        }
    }

    function testFuzz_RevertWhen_TheAmountIsNotTheSignedOne(uint256 amountWei) public {
        vm.assume(amountWei != 1 ether);
        bytes memory signature = _sign(owner, 1 ether, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(IComputeToken.InvalidPermitSignature.selector, owner));
        token.permit(owner, spender, amountWei, type(uint256).max, signature);
    }

    function test_RevertWhen_APermitIsReplayed() public {
        bytes memory signature = _sign(owner, 1 ether, type(uint256).max);
        token.permit(owner, spender, 1 ether, type(uint256).max, signature);
        vm.expectRevert(abi.encodeWithSelector(IComputeToken.InvalidPermitSignature.selector, owner));
        token.permit(owner, spender, 1 ether, type(uint256).max, signature);
    }

    function test_RevertWhen_APermitIsReplayedOnAnotherChain() public {
        bytes memory signature = _sign(owner, 1 ether, type(uint256).max);
        vm.chainId(104);
        vm.expectRevert(abi.encodeWithSelector(IComputeToken.InvalidPermitSignature.selector, owner));
        token.permit(owner, spender, 1 ether, type(uint256).max, signature);
    }

    function test_RevertWhen_TheZeroAddressWouldPermit() public {
        vm.expectRevert(abi.encodeWithSelector(IComputeToken.InvalidPermitSignature.selector, address(0)));
        token.permit(address(0), spender, 1, type(uint256).max, new bytes(65));
    }

    // ─── Works ───────────────────────────────────────────────────────────────

    function testFuzz_KeysAndContractsPermit(
        uint256 amountWei,
        uint256 deadline,
        bool isContract,
        bool asBytes
    ) public {
        deadline = bound(deadline, block.timestamp, type(uint256).max);
        address account = isContract ? accountOwner : owner;
        bytes memory signature = _sign(account, amountWei, deadline);
        if (asBytes) {
            token.permit(account, spender, amountWei, deadline, signature);
        } else {
            (bytes32 r, bytes32 s, uint8 v) = _split(signature);
            token.permit(account, spender, amountWei, deadline, v, r, s);
        }
        vm.assertEq(token.allowance(account, spender), amountWei);
        vm.assertEq(token.nonces(account), 1);
    }

    function test_AnEndlessDeadlineNeverReadsTheClock() public {
        vm.assertEq(_timestampReads(type(uint256).max), 0);
    }

    function test_AnyOtherDeadlineReadsTheClock() public {
        vm.assertEq(_timestampReads(type(uint256).max - 1), 1);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _timestampReads(uint256 deadline) private returns (uint256 reads) {
        bytes memory signature = _sign(accountOwner, 1, deadline);
        vm.startDebugTraceRecording();
        token.permit(accountOwner, spender, 1, deadline, signature);
        Vm.DebugStep[] memory steps = vm.stopAndReturnDebugTraceRecording();
        for (uint256 i = 0; i < steps.length; ++i) {
            if (steps[i].opcode == 0x42) ++reads;
        }
        vm.assertGt(steps.length, 500);
    }

    function _sign(address account, uint256 amountWei, uint256 deadline) private view returns (bytes memory) {
        bytes32 typehash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 structHash =
            keccak256(abi.encode(typehash, account, spender, amountWei, token.nonces(account), deadline));
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(key, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash)));
        return abi.encodePacked(r, s, v);
    }

    function _split(bytes memory signature) private pure returns (bytes32 r, bytes32 s, uint8 v) {
        assembly {
            r := mload(add(signature, 32))
            s := mload(add(signature, 64))
            v := byte(0, mload(add(signature, 96)))
        }
    }
}
