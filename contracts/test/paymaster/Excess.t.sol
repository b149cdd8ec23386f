// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PaymasterTest} from "../support/PaymasterTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @dev Uses as much gas as it is told, and fails if it is told so.
contract Worker {
    function work(uint256 gasToUse, bool fails) external view {
        uint256 start = gasleft();
        while (start - gasleft() < gasToUse) {}
        require(!fails);
    }
}

/// @notice How much more is taken than is lost, over operations as wallets send them: verification limits up to a
/// tenth above need, call gas limits up to four times it, any work, one in four failing. Kept in
/// contracts/snapshots/Paymaster.json.
contract ExcessTest is PaymasterTest {
    uint256 private constant OPERATIONS = 64;

    function test_TokenModeTakesAtMostThreePercentMore() public {
        _measure(TOKEN, "token", 300);
    }

    function test_TokenDeferredModeTakesAtMostThreePercentMore() public {
        _measure(TOKEN_DEFERRED, "token deferred", 300);
    }

    function test_TankModeTakesAtMostThreePercentMore() public {
        _measure(TANK, "tank", 300);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _measure(uint8 mode, string memory name, uint256 mostBps) private {
        Worker worker = new Worker();
        fillTank(account, 5 ether);
        land(paidOperation("", TOKEN));
        Gas memory need = ampleGas();
        Terms memory needTerms = termsOf(mode);
        tighten(calling(address(worker), abi.encodeCall(Worker.work, (0, false))), need, needTerms);
        (uint256 lostWei, uint256 takenWei) = (0, 0);
        for (uint256 i = 0; i < OPERATIONS; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            uint256 gasToUse = seed % 500_000;
            Gas memory gas = ampleGas();
            gas.callGasLimit = uint128((gasToUse + 40_000) * (100 + (seed >> 32) % 300) / 100);
            gas.verificationGasLimit = uint128(need.verificationGasLimit * (100 + (seed >> 64) % 11) / 100);
            gas.maxPriorityFeePerGasWei = uint128(1 + (seed >> 96) % 2 gwei);
            Terms memory terms = termsOf(mode);
            terms.verificationGasLimit =
                uint128(needTerms.verificationGasLimit * (100 + (seed >> 128) % 11) / 100);
            bytes memory call = abi.encodeCall(Worker.work, (gasToUse, (seed >> 160) % 4 == 0));
            Outcome memory outcome = landAndRead(paidOperation(calling(address(worker), call), gas, terms));
            vm.assertTrue(outcome.charged);
            vm.assertGe(outcome.chargeWei, outcome.lostWei);
            lostWei += outcome.lostWei;
            takenWei += outcome.chargeWei;
        }
        uint256 bps = (takenWei - lostWei) * 10_000 / lostWei;
        vm.snapshotValue(
            "Paymaster", string.concat("taken more than lost over 64 operations, bps, ", name), bps
        );
        vm.assertLe(bps, mostBps);
    }
}
