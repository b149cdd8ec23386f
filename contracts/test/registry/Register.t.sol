// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IProviderRegistry} from "../../src/market/IProviderRegistry.sol";
import {MarketTest} from "../support/MarketTest.sol";

contract RegisterTest is MarketTest {
    function test_RevertWhen_RegisteringTwice() public {
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.AlreadyRegistered.selector, provider));
        vm.prank(provider);
        registry.register(payout, "");
    }

    function test_RevertWhen_ThePayoutCouldNotBePaid() public {
        address[2] memory unpayable = [address(0), address(token)];
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory reason =
                abi.encodeWithSelector(IProviderRegistry.InvalidPayout.selector, unpayable[i]);
            vm.expectRevert(reason);
            vm.prank(stranger);
            registry.register(unpayable[i], "");
            vm.expectRevert(reason);
            vm.prank(provider);
            registry.setPayout(unpayable[i]);
        }
    }

    function test_RevertWhen_TheMetadataIsTooLong() public {
        string memory tooLong = string(new bytes(513));
        bytes memory reason = abi.encodeWithSelector(IProviderRegistry.MetadataTooLong.selector, 513, 512);
        vm.expectRevert(reason);
        vm.prank(stranger);
        registry.register(payout, tooLong);
        vm.expectRevert(reason);
        vm.prank(provider);
        registry.setMetadataURI(tooLong);
    }

    function test_RevertWhen_AnUnregisteredAccountActsAsProvider() public {
        bytes[6] memory calls = [
            abi.encodeCall(registry.setPayout, (payout)),
            abi.encodeCall(registry.setMetadataURI, ("")),
            abi.encodeCall(registry.setMarket, (address(lease), true)),
            abi.encodeCall(registry.stake, (1)),
            abi.encodeCall(registry.requestUnstake, (1)),
            abi.encodeCall(registry.withdraw, ())
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.NotRegistered.selector, stranger));
            vm.prank(stranger);
            (bool reverted,) = address(registry).call(calls[i]);
            vm.assertTrue(reverted, "expectRevert saw the revert");
        }
    }

    function test_RevertWhen_TheZeroAddressIsAllowedAsMarket() public {
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.InvalidMarket.selector, address(0)));
        vm.prank(provider);
        registry.setMarket(address(0), true);
    }

    function test_ANewProviderIsRegisteredWithNothingStaked() public {
        vm.expectEmit(address(registry));
        emit IProviderRegistry.ProviderRegistered(stranger, payout, "ipfs://me");
        vm.prank(stranger);
        registry.register(payout, "ipfs://me");
        IProviderRegistry.Provider memory entry = registry.providerOf(stranger);
        vm.assertTrue(registry.isRegistered(stranger));
        vm.assertEq(entry.payout, payout);
        vm.assertEq(entry.metadataURI, "ipfs://me");
        vm.assertEq(entry.bondWei, 0);
        vm.assertEq(registry.availableBondOf(stranger), 0);
    }

    function test_AProviderChangesItsPayoutAndMetadata() public {
        vm.expectEmit(address(registry));
        emit IProviderRegistry.PayoutChanged(provider, stranger);
        vm.prank(provider);
        registry.setPayout(stranger);
        vm.expectEmit(address(registry));
        emit IProviderRegistry.MetadataChanged(provider, "ipfs://new");
        vm.prank(provider);
        registry.setMetadataURI("ipfs://new");
        vm.assertEq(registry.payoutOf(provider), stranger);
        vm.assertEq(registry.providerOf(provider).metadataURI, "ipfs://new");
    }

    function test_AProviderAllowsAndDisallowsMarkets() public {
        vm.expectEmit(address(registry));
        emit IProviderRegistry.MarketChanged(provider, stranger, true);
        vm.prank(provider);
        registry.setMarket(stranger, true);
        vm.assertTrue(registry.isMarketAllowed(provider, stranger));
        vm.prank(provider);
        registry.setMarket(stranger, false);
        vm.assertFalse(registry.isMarketAllowed(provider, stranger));
    }
}
