// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {WholeMarketTest} from "../support/WholeMarketTest.sol";

/// @notice What each act of a session costs, as a transaction of its own. Kept in contracts/snapshots/Session.json.
contract SessionGasTest is WholeMarketTest {
    function setUp() public override {
        super.setUp();
        // The first session of all writes slots that are dearer than ever after.
        uint256 sessionId = openSession();
        redeem(signedVoucher(sessionId, 1 ether, 1));
    }

    function test_ASessionFromOpenToFinalized() public {
        uint256 sessionId = openSession();
        _snapshot("open");
        vm.prank(payer);
        session.topUp(sessionId, 1 ether);
        _snapshot("topUp");
        redeem(signedVoucher(sessionId, 1 ether, 1));
        _snapshot("redeem, first of its right");
        redeem(signedVoucher(sessionId, 2 ether, 2));
        _snapshot("redeem");
        vm.prank(payer);
        session.close(sessionId);
        _snapshot("close");
        mine(CHALLENGE_BLOCKS + 1);
        session.finalize(sessionId);
        _snapshot("finalize");
    }

    function test_TheProviderClosesAtOnce() public {
        uint256 sessionId = openSession();
        redeem(signedVoucher(sessionId, 1 ether, 1));
        vm.prank(provider);
        session.close(sessionId);
        _snapshot("close by the provider, finalizing");
    }

    function test_RedeemingThroughTheLongestChainOfRights() public {
        uint256 sessionId = openSession();
        uint256 rightId = rootOf(sessionId);
        address owner = payer;
        for (uint256 depth = 0; depth < 4; ++depth) {
            rightId = grant(owner, grantTo(rightId, student, 4 ether));
            owner = student;
        }
        redeem(studentVoucher(sessionId, rightId, 1 ether, 1));
        redeem(studentVoucher(sessionId, rightId, 2 ether, 2));
        _snapshot("redeem, right of depth 4");
    }

    function test_RedeemingTenSessionsTogether() public {
        IServerlessSession.SignedVoucher[] memory signed = new IServerlessSession.SignedVoucher[](10);
        for (uint256 i = 0; i < 10; ++i) {
            uint256 sessionId = i < 3 ? openSession() : 2 + i % 3;
            signed[i] = signedVoucher(sessionId, uint96(1 + i) * 0.1 ether, uint64(1 + i));
        }
        vm.prank(provider);
        session.redeemMany(signed);
        _snapshot("redeemMany, 10 vouchers of 3 sessions");
    }

    function test_FiftyRequestsSettleInOneRedemption() public {
        uint256 sessionId = openSession();
        // Forty-nine vouchers were signed and never seen by the chain; the fiftieth pays for all.
        IServerlessSession.SignedVoucher memory fiftieth = signedVoucher(sessionId, 50 * 0.01 ether, 50);
        vm.prank(provider);
        session.redeem(fiftieth);
        _snapshot("50 requests in one redeem");
        vm.assertEq(token.balanceOf(payout), 1 ether + 0.5 ether);
    }

    function _snapshot(string memory name) private {
        vm.snapshotGasLastCall("Session", name);
    }
}
