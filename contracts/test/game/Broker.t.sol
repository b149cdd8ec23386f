// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {GameTest} from "../support/GameTest.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

/// @notice What a broker gains by each deviation, and what it costs.
contract BrokerGameTest is GameTest {
    function test_AskingForTooMuchEarnsNothingFromAProviderThatDeclines() public {
        uint256 id = _open(payer, broker, 9_999);
        count();
        vm.prank(provider);
        lease.stop(id);
        assertGained(broker, 0);
        assertGained(payer, wei_(HOUR));
    }

    function test_TheShareIsOfWhatWasEarnedAndNeverOfTheEscrow() public {
        uint256 id = _open(payer, broker, 1_000);
        count();
        vm.startPrank(provider);
        lease.accept(id);
        lease.ready(id, "");
        vm.stopPrank();
        mine(10);
        vm.prank(payer);
        lease.stop(id);
        lease.settle(id);
        assertGained(broker, wei_(100) / 10);
        assertProviderGained(wei_(100) - wei_(100) / 10);
        assertGained(payer, wei_(HOUR) - wei_(100));
    }

    function test_ABrokeredLeaseThatNeverRanEarnsNothing() public {
        uint256 id = _open(payer, broker, 10_000);
        count();
        mine(DEFAULT_ACCEPT_BLOCKS + 1);
        vm.prank(broker);
        lease.expire(id);
        assertGained(broker, 0);
    }

    function test_OpeningInAPayersNameSpendsTheBrokersOwnMoney() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector, address(lease), 0, uint256(PRICE) * HOUR
            )
        );
        _open(broker, broker, 10_000);
    }

    /// @dev A discount in disguise, which the provider sees before it accepts.
    function test_APayerThatBrokersForItselfGetsOnlyWhatTheProviderAccepted() public {
        uint256 id = _open(payer, payer, 5_000);
        vm.assertEq(lease.leaseOf(id).brokerBps, 5_000);
        count();
        vm.prank(provider);
        lease.stop(id);
        assertProviderGained(0);
        assertGained(payer, wei_(HOUR));
    }

    function test_ABrokerThatCannotBePaidCannotHoldUpTheSettlement() public {
        address[2] memory bad = [address(token), address(lease)];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IInstanceLease.InvalidBroker.selector, bad[i], 100));
            _open(payer, bad[i], 100);
        }
    }

    function test_ABrokerCommandsNothing() public {
        uint256 id = _open(payer, broker, 1_000);
        vm.startPrank(provider);
        lease.accept(id);
        lease.ready(id, "");
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.NotStoppableBy.selector, id, broker));
        vm.prank(broker);
        lease.stop(id);
    }

    function _open(address caller, address broker_, uint16 brokerBps) private returns (uint256) {
        vm.prank(caller);
        return lease.open(offerId, 1, HOUR, PRICE, IMAGE, broker_, brokerBps, "");
    }
}
