// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {ProvenanceTest} from "./ProvenanceTest.sol";

/// @notice The market with the parameters it is deployed with (scripts/deploy/leaseParameters.ts). Everybody's tokens
/// are counted before and after: contracts/GAME.md tells what each deviation gains and costs.
abstract contract GameTest is ProvenanceTest {
    uint32 internal constant DEFAULT_ACCEPT_BLOCKS = 60;
    uint32 internal constant DEFAULT_READY_BLOCKS = 180;
    uint32 internal constant DEFAULT_PONG_BLOCKS = 24;
    uint32 internal constant DEFAULT_PING_INTERVAL_BLOCKS = 60;
    uint32 internal constant DEFAULT_MAX_PAUSE_BLOCKS = 360;
    uint128 internal constant DEFAULT_PING_DEPOSIT = 0.01 ether;

    mapping(address account => uint256) private _countedWei;

    function ordinaryParameters() internal pure override returns (IInstanceLease.Parameters memory) {
        return IInstanceLease.Parameters({
            acceptBlocks: DEFAULT_ACCEPT_BLOCKS,
            readyBlocks: DEFAULT_READY_BLOCKS,
            pongBlocks: DEFAULT_PONG_BLOCKS,
            pingIntervalBlocks: DEFAULT_PING_INTERVAL_BLOCKS,
            maxPauseBlocks: DEFAULT_MAX_PAUSE_BLOCKS,
            pingDepositWei: DEFAULT_PING_DEPOSIT
        });
    }

    // ─── Who has gained what ─────────────────────────────────────────────────

    /// @notice From here on `gained` counts.
    function count() internal {
        address[8] memory all = [payer, provider, payout, broker, student, stranger, buyer, BURN];
        for (uint256 i = 0; i < all.length; ++i) {
            _countedWei[all[i]] = token.balanceOf(all[i]) + registry.providerOf(all[i]).bondWei;
        }
    }

    /// @notice What came to the account since `count`, its bond included; negative: what it lost.
    function gained(address account) internal view returns (int256) {
        uint256 nowWei = token.balanceOf(account) + registry.providerOf(account).bondWei;
        return int256(nowWei) - int256(_countedWei[account]);
    }

    /// @notice The same of a provider: its account, its bond and where its earnings go.
    function providerGained() internal view returns (int256) {
        return gained(provider) + gained(payout);
    }

    function assertGained(address account, int256 expectedWei) internal view {
        vm.assertTrue(gained(account) == expectedWei, "gained");
    }

    function assertProviderGained(int256 expectedWei) internal view {
        vm.assertTrue(providerGained() == expectedWei, "provider gained");
    }

    function wei_(uint256 seconds_) internal pure returns (int256) {
        return int256(uint256(PRICE) * seconds_);
    }
}
