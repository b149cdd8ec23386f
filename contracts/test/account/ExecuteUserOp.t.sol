// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Call} from "../../src/account/Call.sol";
import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {ISessionKeys} from "../../src/account/ISessionKeys.sol";
import {IComputeToken} from "../../src/token/IComputeToken.sol";
import {SessionTest} from "../support/SessionTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @dev A market as far as an account can see it: pulls what it is allowed to, pays back what it likes.
contract Till {
    IComputeToken private immutable TOKEN;

    constructor(IComputeToken token) {
        TOKEN = token;
    }

    function pull(uint256 amountWei) external {
        TOKEN.transferFrom(msg.sender, address(this), amountWei);
    }

    function refund(address recipient, uint256 amountWei) external {
        TOKEN.transfer(recipient, amountWei);
    }
}

/// @notice What a session's calls do, and how they are counted.
contract ExecuteUserOpTest is SessionTest {
    Till private till;

    function setUp() public override {
        super.setUp();
        till = new Till(token);
        ISessionKeys.Permission[] memory permissions = tokenAnd(address(till), till.pull.selector);
        bytes4[] memory selectors = new bytes4[](2);
        (selectors[0], selectors[1]) = (till.pull.selector, till.refund.selector);
        permissions[1].selectors = selectors;
        sessionId = grant(termsFor(permissions));
    }

    function testFuzz_RevertWhen_AnyoneButTheEntryPointCalls(address caller) public {
        vm.assume(caller != address(entryPoint));
        PackedUserOperation memory operation = transferring(stranger, 1);
        vm.expectRevert(abi.encodeWithSelector(IComputeAccount.NotEntryPoint.selector, caller));
        vm.prank(caller);
        account.executeUserOp(operation, bytes32(0));
    }

    /// @dev The owner needs no such detour, and has no budget to count by.
    function test_RevertWhen_TheOwnerTakesThisWay() public {
        bytes memory callData = sessionCallData(address(token), abi.encodeCall(token.transfer, (stranger, 1)));
        asOwnerReverting(callData, abi.encodeWithSelector(ISessionKeys.UnknownSession.selector, 0));
    }

    function test_RevertWhen_ACallReverts_WithItsRevertData() public {
        assertExecutionReverts(
            sessionOperation(address(till), abi.encodeCall(till.pull, (1))),
            abi.encodeWithSignature(
                "ERC20InsufficientAllowance(address,uint256,uint256)", address(till), 0, 1
            )
        );
    }

    // ─── The token budget ────────────────────────────────────────────────────

    function testFuzz_CountsTransfers(uint256 amountWei) public {
        amountWei = bound(amountWei, 1, TOKEN_BUDGET);
        vm.expectEmit(address(account));
        emit ISessionKeys.SessionSpent(sessionId, amountWei, TOKEN_BUDGET - amountWei);
        land(transferring(stranger, amountWei));
        vm.assertEq(token.balanceOf(stranger), amountWei);
        vm.assertEq(tokenLeftWei(), TOKEN_BUDGET - amountWei);
    }

    function testFuzz_CountsWhatIsPulledByAnEarlierApprovalOfTheOwner(uint256 amountWei) public {
        amountWei = bound(amountWei, 1, 100 ether);
        _ownerApprovesTill(type(uint256).max);
        PackedUserOperation memory operation =
            sessionOperation(address(till), abi.encodeCall(till.pull, (amountWei)));
        if (amountWei <= TOKEN_BUDGET) {
            vm.assertTrue(landAndRead(operation).success);
            vm.assertEq(tokenLeftWei(), TOKEN_BUDGET - amountWei);
        } else {
            assertExecutionReverts(operation, _exceeded(amountWei, TOKEN_BUDGET));
            vm.assertEq(token.balanceOf(address(account)), 100 ether);
        }
    }

    /// @dev The usual pair, counted once.
    function testFuzz_CountsAnApprovalByWhatIsPulled(uint256 amountWei) public {
        amountWei = bound(amountWei, 1, TOKEN_BUDGET);
        vm.assertTrue(landAndRead(sessionOperation(_approveAndPull(amountWei, amountWei))).success);
        vm.assertEq(tokenLeftWei(), TOKEN_BUDGET - amountWei);
        vm.assertEq(token.allowance(address(account), address(till)), 0);
    }

    function test_CountsWhatOthersLetTheAccountMove() public {
        fund(owner);
        vm.prank(owner);
        token.approve(address(account), type(uint256).max);
        bytes memory moving = abi.encodeCall(token.transferFrom, (owner, stranger, 6 ether));
        vm.assertTrue(landAndRead(sessionOperation(address(token), moving)).success);
        vm.assertEq(tokenLeftWei(), TOKEN_BUDGET - 6 ether);
        assertRefused(sessionOperation(address(token), moving), _exceeded(6 ether, 4 ether));
    }

    function test_NeverCountsBackWhatComesIn() public {
        _ownerApprovesTill(type(uint256).max);
        Call[] memory calls = callsOf(
            address(till),
            abi.encodeCall(till.pull, (6 ether)),
            address(till),
            abi.encodeCall(till.refund, (address(account), 6 ether))
        );
        vm.assertTrue(landAndRead(sessionOperation(calls)).success);
        vm.assertEq(token.balanceOf(address(account)), 100 ether);
        vm.assertEq(tokenLeftWei(), TOKEN_BUDGET - 6 ether);
    }

    function test_HoldsOverOperationsAndLanes() public {
        vm.assertTrue(landAndRead(transferring(stranger, 6 ether)).success);
        bytes memory transfer =
            sessionCallData(address(token), abi.encodeCall(token.transfer, (stranger, 5 ether)));
        assertRefused(rawSessionOperation(sessionId, 7, transfer), _exceeded(5 ether, 4 ether));
        vm.assertTrue(landAndRead(transferring(stranger, 4 ether)).success);
        vm.assertEq(tokenLeftWei(), 0);
    }

    /// @dev Both pass validation, for neither has been executed yet.
    function test_HoldsOverTwoLanesInOneBundle() public {
        bytes memory transfer =
            sessionCallData(address(token), abi.encodeCall(token.transfer, (stranger, 6 ether)));
        PackedUserOperation[] memory operations = new PackedUserOperation[](2);
        operations[0] = rawSessionOperation(sessionId, 1, transfer);
        operations[1] = rawSessionOperation(sessionId, 2, transfer);
        vm.recordLogs();
        landAll(operations);
        Landing memory second = readLanding(vm.getRecordedLogs(), entryPoint.getUserOpHash(operations[1]));
        vm.assertFalse(second.success);
        vm.assertEq(second.reason, _exceeded(6 ether, 4 ether));
        vm.assertEq(token.balanceOf(stranger), 6 ether);
    }

    function test_IsNotTouchedByAnOperationThatReverts() public {
        assertExecutionReverts(
            sessionOperation(_approveAndPull(1 ether, 2 ether)),
            abi.encodeWithSignature(
                "ERC20InsufficientAllowance(address,uint256,uint256)", address(till), 1 ether, 2 ether
            )
        );
        vm.assertEq(tokenLeftWei(), TOKEN_BUDGET);
    }

    function test_IsNotWrittenWhereNothingLeaves() public {
        fund(address(till));
        vm.recordLogs();
        land(sessionOperation(address(till), abi.encodeCall(till.refund, (address(account), 1))));
        vm.assertEq(tokenLeftWei(), TOKEN_BUDGET);
        vm.assertEq(token.balanceOf(address(account)), 100 ether + 1);
    }

    // ─── Allowances ──────────────────────────────────────────────────────────

    function testFuzz_RevertWhen_AnAllowanceIsLeft(uint256 approvedWei, uint256 pulledWei) public {
        pulledWei = bound(pulledWei, 0, TOKEN_BUDGET);
        approvedWei = bound(approvedWei, pulledWei + 1, type(uint256).max - 1);
        assertExecutionReverts(
            sessionOperation(_approveAndPull(approvedWei, pulledWei)),
            abi.encodeWithSelector(ISessionKeys.AllowanceLeft.selector, till, approvedWei - pulledWei, 0)
        );
    }

    /// @dev What the owner left may be replaced by less, never by more, in however many steps.
    function test_RevertWhen_AnAllowanceGrowsInSteps() public {
        _ownerApprovesTill(5);
        Call[] memory calls = new Call[](3);
        for (uint256 i = 0; i < 3; ++i) {
            calls[i] = Call(address(token), 0, abi.encodeCall(token.approve, (address(till), 5 + i)));
        }
        assertExecutionReverts(
            sessionOperation(calls), abi.encodeWithSelector(ISessionKeys.AllowanceLeft.selector, till, 7, 5)
        );
    }

    function test_MayLowerWhatTheOwnerAllowed() public {
        _ownerApprovesTill(5);
        bytes memory lowering = abi.encodeCall(token.approve, (address(till), 4));
        vm.assertTrue(landAndRead(sessionOperation(address(token), lowering)).success);
        vm.assertEq(token.allowance(address(account), address(till)), 4);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _approveAndPull(uint256 approvedWei, uint256 pulledWei) private view returns (Call[] memory) {
        return callsOf(
            address(token),
            abi.encodeCall(token.approve, (address(till), approvedWei)),
            address(till),
            abi.encodeCall(till.pull, (pulledWei))
        );
    }

    function _ownerApprovesTill(uint256 amountWei) private {
        asOwner(executing(address(token), abi.encodeCall(token.approve, (address(till), amountWei))));
    }

    function _exceeded(uint256 requiredWei, uint256 leftWei) private view returns (bytes memory) {
        return
            abi.encodeWithSelector(ISessionKeys.TokenBudgetExceeded.selector, sessionId, requiredWei, leftWei);
    }
}
