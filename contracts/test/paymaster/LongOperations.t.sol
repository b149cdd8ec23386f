// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PaymasterTest} from "../support/PaymasterTest.sol";

/// @notice EntryPoint holds an operation's callData in memory while it calls postOp, and memory grows dearer with its
/// length: the charge covers that too, at every length, and not by much more.
contract LongOperationsTest is PaymasterTest {
    uint256 private constant LONG = 500_000;

    function test_TheTanksChargeCoversALongOperation() public {
        fillTank(account, 1 ether);
        _assertCovered(TANK, LONG);
    }

    function test_TheTokensChargeCoversALongOperation() public {
        _assertCovered(TOKEN, LONG);
    }

    function test_TheDeferredChargeCoversALongOperation() public {
        _assertCovered(TOKEN_DEFERRED, LONG);
    }

    function test_TheDeferredChargeOfAFiniteAllowanceCoversALongOperation() public {
        approve(account, 1 ether);
        _assertCovered(TOKEN_DEFERRED, 3 * LONG / 5);
    }

    /// @dev With no gas to spare in validation: what is not covered is lost.
    function _assertCovered(uint8 mode, uint256 callDataBytes) private {
        bytes memory callData = calling(beneficiary, new bytes(callDataBytes));
        Gas memory gas = ampleGas();
        gas.callGasLimit = 4_000_000;
        Terms memory terms = termsOf(mode);
        _tighten(callData, gas, terms);
        Outcome memory outcome = landAndRead(paidOperation(callData, gas, terms));
        vm.assertTrue(outcome.charged, "charged");
        vm.assertGe(outcome.chargeWei, outcome.lostWei, "charge covers the deposit's loss");
        uint256 gasPriceWei = outcome.lostWei / outcome.gasUsed;
        vm.assertLe(outcome.chargeWei - outcome.lostWei, 4_500 * gasPriceWei, "and not by much more");
    }

    /// @dev As `tighten`, from limits that a long operation needs.
    function _tighten(bytes memory callData, Gas memory gas, Terms memory terms) private {
        gas.verificationGasLimit = 4_000_000;
        terms.verificationGasLimit = 4_000_000;
        for (uint128 step = 2_000_000; step > 1; step /= 2) {
            gas.verificationGasLimit -= step;
            if (!lands(paidOperation(callData, gas, terms))) gas.verificationGasLimit += step;
        }
        for (uint128 step = 2_000_000; step > 1; step /= 2) {
            terms.verificationGasLimit -= step;
            if (!lands(paidOperation(callData, gas, terms))) terms.verificationGasLimit += step;
        }
    }
}
