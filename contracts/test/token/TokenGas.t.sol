// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeToken} from "../../src/token/IComputeToken.sol";
import {Test} from "../support/Test.sol";

/// @notice What each act costs, as a transaction of its own, with balances in use. Kept in
/// contracts/snapshots/Token.json.
contract TokenGasTest is Test {
    IComputeToken private token;
    address private holder;
    uint256 private key;
    address private other = makeAddr("other");

    function setUp() public {
        (holder, key) = makeAddrAndKey("holder");
        token = IComputeToken(deploy("ComputeToken", ""));
        vm.deal(holder, 10 ether);
        vm.deal(other, 1 ether);
        vm.prank(holder);
        token.deposit{value: 1 ether}();
        vm.prank(other);
        token.deposit{value: 1 ether}();
    }

    function test_EveryAct() public {
        vm.startPrank(holder);
        token.deposit{value: 1 ether}();
        _snapshot("deposit");
        token.depositTo{value: 1 ether}(other);
        _snapshot("depositTo");
        token.transfer(other, 1 gwei);
        _snapshot("transfer");
        token.approve(other, 1 ether);
        _snapshot("approve");
        token.withdraw(1 gwei);
        _snapshot("withdraw");
        token.withdrawTo(other, 1 gwei);
        _snapshot("withdrawTo");
        vm.stopPrank();
        vm.prank(other);
        token.transferFrom(holder, other, 1 gwei);
        _snapshot("transferFrom");
    }

    function test_Permit() public {
        bytes32 typehash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 terms = keccak256(abi.encode(typehash, holder, other, 1 ether, 0, type(uint256).max));
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(key, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), terms)));
        vm.prank(other);
        token.permit(holder, other, 1 ether, type(uint256).max, v, r, s);
        _snapshot("permit");
    }

    function _snapshot(string memory name) private {
        vm.snapshotGasLastCall("Token", name);
    }
}
