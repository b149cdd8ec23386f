// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {OddRegistry} from "./OddRegistry.sol";
import {PaymasterTest} from "./PaymasterTest.sol";
import {Vm} from "./Vm.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice A paymaster that tips, and a registry in which `bundler` is number 7 and in turn.
abstract contract LeaderTipsTest is PaymasterTest {
    uint32 internal constant LEADER = 7;
    uint128 internal constant TIP_WEI = 20_000 gwei;

    OddRegistry internal registry;
    address internal leaderOperator = makeAddr("leader's operator");

    function setUp() public virtual override {
        super.setUp();
        registry = new OddRegistry();
        registry.add(LEADER, leaderOperator, bundler);
        setTip(address(registry), TIP_WEI);
    }

    function setTip(address registry_, uint128 tipWei) internal {
        vm.prank(operator);
        paymaster.setLeaderTip(registry_, tipWei);
    }

    /// @notice Terms of a sponsored operation that carries a tip.
    function tippingTerms() internal view returns (Terms memory terms) {
        terms = termsOf(SPONSOR);
        terms.postOpGasLimit = uint128(paymaster.leaderTipPostOpGasLimit());
    }

    function tippingOperation(bytes memory callData) internal view returns (PackedUserOperation memory) {
        return paidOperation(callData, ampleGas(), tippingTerms());
    }

    /// @notice Lands a sponsored operation and returns what the leader was told to be owed for it.
    function landTipping() internal returns (Outcome memory outcome, uint256 tipWei) {
        PackedUserOperation memory operation = tippingOperation(calling(beneficiary, ""));
        vm.recordLogs();
        land(operation);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        outcome = readOutcome(logs, entryPoint.getUserOpHash(operation));
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != keccak256("LeaderTipped(bytes32,uint32,uint256)")) continue;
            vm.assertEq(logs[i].topics[1], entryPoint.getUserOpHash(operation));
            tipWei += abi.decode(logs[i].data, (uint256));
        }
    }

    function owedToLeader() internal view returns (uint256) {
        return paymaster.tipsOf(address(registry), LEADER);
    }
}
