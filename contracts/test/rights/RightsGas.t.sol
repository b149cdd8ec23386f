// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ACT_ALL, IUsageRights} from "../../src/rights/IUsageRights.sol";
import {WholeMarketTest} from "../support/WholeMarketTest.sol";

/// @notice What each act with a right costs, as a transaction of its own. Kept in contracts/snapshots/Rights.json.
contract RightsGasTest is WholeMarketTest {
    function test_ARightFromGrantToRevocation() public {
        uint256 rootId = rootOf(openSession());
        grant(payer, grantTo(rootId, stranger, 1 ether));
        uint256 rightId = grant(payer, grantTo(rootId, student, 1 ether));
        _snapshot("grant");
        uint256 childId = grant(student, grantTo(rightId, broker, 0.5 ether));
        _snapshot("grant from a child");
        vm.prank(student);
        rights.setUser(rightId, signer, uint64(block.timestamp) + 60);
        _snapshot("setUser");
        vm.prank(broker);
        rights.transferFrom(broker, stranger, childId);
        _snapshot("transferFrom");
        vm.prank(stranger);
        rights.chooseRight(childId);
        _snapshot("chooseRight");
        revoke(payer, childId);
        _snapshot("revoke, from two above");
    }

    function test_WhatEveryTokenOfItsKindCanDo() public {
        uint256 rootId = rootOf(openSession());
        vm.startPrank(payer);
        rights.approve(stranger, rootId);
        _snapshot("approve");
        rights.setApprovalForAll(stranger, true);
        _snapshot("setApprovalForAll");
        rights.safeTransferFrom(payer, student, rootId);
        _snapshot("safeTransferFrom");
        vm.stopPrank();
    }

    function test_LeasesThroughRights() public {
        uint256 leaseId = readyLease();
        vm.prank(payer);
        lease.fund(leaseId, 1 ether);
        _snapshot("fund a lease");
        IUsageRights.Grant memory terms = grantTo(leaseRootOf(leaseId), student, 1 ether);
        terms.acts = ACT_ALL;
        uint256 rightId = grant(payer, terms);
        vm.prank(student);
        lease.extendByRight(leaseId, rightId, 60);
        _snapshot("extendByRight");
        vm.prank(student);
        lease.stop(leaseId);
        _snapshot("stop by a child's holder");
    }

    function _snapshot(string memory name) private {
        vm.snapshotGasLastCall("Rights", name);
    }
}
