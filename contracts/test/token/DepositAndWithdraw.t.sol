// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeToken} from "../../src/token/IComputeToken.sol";
import {Test} from "../support/Test.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

/// @dev Takes its coin and at once asks for it again.
contract Reentrant {
    IComputeToken private immutable _token;
    uint256 public reentries;

    constructor(IComputeToken token_) payable {
        _token = token_;
        token_.deposit{value: msg.value}();
    }

    function attack(uint256 amountWei) external {
        _token.withdraw(amountWei);
    }

    receive() external payable {
        ++reentries;
        _token.withdraw(msg.value);
    }
}

contract Refuser {
    receive() external payable {
        revert();
    }
}

contract DepositAndWithdrawTest is Test {
    IComputeToken private token;
    address private alice = makeAddr("alice");
    address private bob = makeAddr("bob");

    function setUp() public {
        token = IComputeToken(deploy("ComputeToken", ""));
        vm.deal(alice, 10 ether);
        vm.prank(alice);
        token.deposit{value: 4 ether}();
    }

    // ─── Refused ─────────────────────────────────────────────────────────────

    function testFuzz_RevertWhen_WithdrawingMoreThanHeld(uint256 amountWei) public {
        amountWei = bound(amountWei, 4 ether + 1, type(uint256).max);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, alice, 4 ether, amountWei)
        );
        vm.prank(alice);
        token.withdraw(amountWei);
    }

    function test_RevertWhen_WithdrawingToZeroOrToTheToken() public {
        address[2] memory lost = [address(0), address(token)];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IComputeToken.InvalidWithdrawalRecipient.selector, lost[i])
            );
            vm.prank(alice);
            token.withdrawTo(lost[i], 1);
        }
    }

    function test_RevertWhen_TheRecipientRefusesTheCoin() public {
        address refuser = address(new Refuser());
        vm.expectRevert(abi.encodeWithSelector(IComputeToken.NativeTransferFailed.selector, refuser, 1 ether));
        vm.prank(alice);
        token.withdrawTo(refuser, 1 ether);
    }

    function test_RevertWhen_DepositingToZeroOrToTheToken() public {
        address[2] memory lost = [address(0), address(token)];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, lost[i]));
            vm.prank(alice);
            token.depositTo{value: 1}(lost[i]);
        }
    }

    function test_RevertWhen_AWithdrawalIsReentered() public {
        vm.deal(address(this), 2 ether);
        Reentrant reentrant = new Reentrant{value: 1 ether}(token);
        vm.expectRevert(
            abi.encodeWithSelector(IComputeToken.NativeTransferFailed.selector, address(reentrant), 1 ether)
        );
        reentrant.attack(1 ether);
        vm.assertEq(token.balanceOf(address(reentrant)), 1 ether);
        vm.assertEq(address(token).balance, token.totalSupply());
    }

    // ─── Works ───────────────────────────────────────────────────────────────

    function testFuzz_EveryWayInGivesAsManyTokensAsCoins(uint256 amountWei, uint8 way) public {
        amountWei = bound(amountWei, 0, 6 ether);
        way = uint8(bound(way, 0, 2));
        vm.prank(alice);
        if (way == 0) {
            token.deposit{value: amountWei}();
        } else if (way == 1) {
            token.depositTo{value: amountWei}(alice);
        } else {
            (bool sent,) = address(token).call{value: amountWei}("");
            vm.assertTrue(sent);
        }
        vm.assertEq(token.balanceOf(alice), 4 ether + amountWei);
        vm.assertEq(alice.balance, 6 ether - amountWei);
        vm.assertEq(address(token).balance, token.totalSupply());
    }

    function testFuzz_EveryWayOutGivesAsManyCoinsAsTokens(uint256 amountWei, bool toBob) public {
        amountWei = bound(amountWei, 0, 4 ether);
        address recipient = toBob ? bob : alice;
        uint256 beforeWei = recipient.balance;
        vm.expectEmit(address(token));
        emit IComputeToken.Withdrawal(alice, recipient, amountWei);
        vm.prank(alice);
        if (toBob) token.withdrawTo(bob, amountWei);
        else token.withdraw(amountWei);
        vm.assertEq(recipient.balance, beforeWei + amountWei);
        vm.assertEq(token.balanceOf(alice), 4 ether - amountWei);
        vm.assertEq(address(token).balance, token.totalSupply());
    }

    function test_ADepositForAnotherIsAnothers() public {
        vm.expectEmit(address(token));
        emit IComputeToken.Deposit(bob, 1 ether);
        vm.prank(alice);
        token.depositTo{value: 1 ether}(bob);
        vm.assertEq(token.balanceOf(bob), 1 ether);
        vm.assertEq(token.balanceOf(alice), 4 ether);
    }
}
