// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "../support/Test.sol";
import {VoucherActors} from "../support/VoucherActors.sol";

/// @notice Payable for an hour of blocks, whatever the payer does: at every moment, all that was taken within the last
/// hour can be redeemed, the first right first or the last.
contract VoucherInvariantTest is Test {
    VoucherActors private actors;

    function setUp() public {
        actors = new VoucherActors();
        actors.setUp();
        // Something to lose before the first act.
        actors.takesAVoucher(0, 0, 1 ether);
        actors.grants(0, 2, 0, 1 hours, true);
        actors.takesAVoucher(0, 1, 1 ether);
        vm.assertEq(actors.takenCount(), 2);
        targetContract(address(actors));
        bytes4[] memory selectors = new bytes4[](15);
        selectors[0] = actors.takesAVoucher.selector;
        selectors[1] = actors.redeems.selector;
        selectors[2] = actors.grants.selector;
        selectors[3] = actors.revokes.selector;
        selectors[4] = actors.transfers.selector;
        selectors[5] = actors.lends.selector;
        selectors[6] = actors.closes.selector;
        selectors[7] = actors.finalizes.selector;
        selectors[8] = actors.topsUp.selector;
        selectors[9] = actors.waits.selector;
        selectors[10] = actors.letsExpire.selector;
        selectors[11] = actors.opens.selector;
        // More often than the rest.
        selectors[12] = actors.takesAVoucher.selector;
        selectors[13] = actors.takesVouchers.selector;
        selectors[14] = actors.grants.selector;
        targetSelector(address(actors), selectors);
    }

    function invariant_WhatWasTakenIsPaidForAnHourWhateverThePayerDoes() public {
        uint256 state = vm.snapshotState();
        actors.redeemAll(false);
        vm.revertToState(state);
        actors.redeemAll(true);
        vm.revertToState(state);
    }
}
