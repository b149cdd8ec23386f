// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Call} from "../../src/account/Call.sol";
import {ISessionKeys} from "../../src/account/ISessionKeys.sol";
import {IComputeToken} from "../../src/token/IComputeToken.sol";
import {SessionTest} from "../support/SessionTest.sol";
import {Test} from "../support/Test.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @dev Pulls, counts what it pulled, and pays back.
contract CountingTill {
    IComputeToken private immutable TOKEN;
    uint256 public pulledWei;

    constructor(IComputeToken token) {
        TOKEN = token;
    }

    function pull(uint256 amountWei) external {
        pulledWei += amountWei;
        TOKEN.transferFrom(msg.sender, address(this), amountWei);
    }

    function refund(address recipient, uint256 amountWei) external {
        TOKEN.transfer(recipient, amountWei);
    }
}

/// @dev Two sessions of one key and all they can think of, in any lane.
contract SessionActor is SessionTest {
    CountingTill public till;
    address public sink = makeAddr("sink");
    uint256 public landed;
    uint256 private _gasWorthWei;

    function setUp() public override {
        super.setUp();
        till = new CountingTill(token);
        fund(owner);
        vm.prank(owner);
        token.approve(address(account), type(uint256).max);
        ISessionKeys.Permission[] memory permissions = tokenAnd(address(till), till.pull.selector);
        bytes4[] memory selectors = new bytes4[](2);
        (selectors[0], selectors[1]) = (till.pull.selector, till.refund.selector);
        permissions[1].selectors = selectors;
        grant(termsFor(permissions));
        grant(termsFor(permissions));
        _gasWorthWei = _worthWei();
    }

    function transfers(uint256 session, uint64 lane, uint256 amountWei) external {
        bytes memory data = abi.encodeCall(token.transfer, (sink, _amount(amountWei)));
        _try(session, lane, callsOf(address(token), data));
    }

    function movesWhatTheOwnerLetsItMove(uint256 session, uint64 lane, uint256 amountWei) external {
        bytes memory data = abi.encodeCall(token.transferFrom, (owner, sink, _amount(amountWei)));
        _try(session, lane, callsOf(address(token), data));
    }

    /// @dev Every other time exactly, for else an allowance is left.
    function approvesAndPulls(uint256 session, uint64 lane, uint256 approvedWei, uint256 pulledWei) external {
        if (lane % 2 == 0) pulledWei = approvedWei;
        bytes memory approving = abi.encodeCall(token.approve, (address(till), _amount(approvedWei)));
        bytes memory pulling = abi.encodeCall(till.pull, (_amount(pulledWei)));
        _try(session, lane, callsOf(address(token), approving, address(till), pulling));
    }

    function pullsAndRefunds(uint256 session, uint64 lane, uint256 pulledWei, uint256 refundWei) external {
        bytes memory pulling = abi.encodeCall(till.pull, (_amount(pulledWei)));
        bytes memory refunding = abi.encodeCall(till.refund, (address(account), _amount(refundWei)));
        _try(session, lane, callsOf(address(till), pulling, address(till), refunding));
    }

    /// @dev Anything that may stand behind a paymaster of zero: gas limits, a mode, a greatest charge, a signature.
    function paysByAPaymasterThatIsNone(uint256 session, uint64 lane, uint8 mode, bytes calldata rest)
        external
    {
        PackedUserOperation memory operation =
            _operation(session, lane, callsOf(address(token), abi.encodeCall(token.transfer, (sink, 0))));
        operation.paymasterAndData =
            bytes.concat(new bytes(52), bytes1(mode % 5), rest, new bytes(mode % 2 == 0 ? 93 : 111));
        operation.preVerificationGas = 1_000_000;
        _land(operation);
    }

    function theOwnerApproves(uint256 amountWei) external {
        vm.prank(address(account));
        token.approve(address(till), _amount(amountWei));
    }

    // ─── What is always so ───────────────────────────────────────────────────

    function spentWei() external view returns (uint256 total) {
        for (uint128 id = 2; id <= 3; ++id) {
            total += TOKEN_BUDGET - account.sessionOf(id).tokenLeftWei;
        }
    }

    function leftTheAccountWei() external view returns (uint256) {
        return token.balanceOf(sink) + till.pulledWei();
    }

    function countedGasWei() external view returns (uint256 total) {
        for (uint128 id = 2; id <= 3; ++id) {
            total += GAS_BUDGET - account.sessionOf(id).gasLeftWei;
        }
    }

    function burntGasWei() external view returns (uint256) {
        return _gasWorthWei - _worthWei();
    }

    function ownerIsUnchanged() external view returns (bool) {
        return keccak256(account.owner()) == keccak256(abi.encodePacked(owner));
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    /// @dev Small enough that many fit into a budget, and some do not.
    function _amount(uint256 seed) private pure returns (uint256) {
        return seed % 3 ether;
    }

    function _try(uint256 session, uint64 lane, Call[] memory calls) private {
        _land(_operation(session, lane, calls));
    }

    function _operation(uint256 session, uint64 lane, Call[] memory calls)
        private
        view
        returns (PackedUserOperation memory operation)
    {
        operation = rawSessionOperation(uint128(2 + session % 2), lane % 3, sessionCallData(calls));
        operation.gasFees = bytes32(uint256(0.5 gwei) << 128 | 0.5 gwei);
    }

    function _land(PackedUserOperation memory operation) private {
        signBySession(operation);
        PackedUserOperation[] memory operations = new PackedUserOperation[](1);
        operations[0] = operation;
        vm.prank(bundler, bundler);
        try entryPoint.handleOps(operations, beneficiary) {
            ++landed;
        } catch {}
    }

    function _worthWei() private view returns (uint256) {
        return address(account).balance + entryPoint.balanceOf(address(account));
    }
}

/// @notice Whatever sessions do, in whatever order: budgets count exactly what left.
contract SessionInvariantTest is Test {
    SessionActor private actor;

    function setUp() public {
        actor = new SessionActor();
        actor.setUp();
        targetContract(address(actor));
        bytes4[] memory selectors = new bytes4[](6);
        selectors[0] = actor.transfers.selector;
        selectors[1] = actor.movesWhatTheOwnerLetsItMove.selector;
        selectors[2] = actor.approvesAndPulls.selector;
        selectors[3] = actor.pullsAndRefunds.selector;
        selectors[4] = actor.theOwnerApproves.selector;
        selectors[5] = actor.paysByAPaymasterThatIsNone.selector;
        targetSelector(address(actor), selectors);
    }

    /// @dev One campaign for all laws: forge would run one for each, and most of the time goes into the acts.
    function invariant_BudgetsCountWhatLeftAndTheOwnerStays() public view {
        vm.assertEq(actor.spentWei(), actor.leftTheAccountWei(), "budgets count exactly what left");
        vm.assertLe(actor.burntGasWei(), actor.countedGasWei(), "gas never costs more than was counted");
        vm.assertTrue(actor.ownerIsUnchanged(), "the owner stays the owner");
    }
}
