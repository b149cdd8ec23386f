// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {MarketTest} from "../support/MarketTest.sol";

contract ConstructTest is MarketTest {
    function test_RevertWhen_TheContractsDoNotBelongTogether() public {
        address otherToken = deploy("ComputeToken", "");
        address otherRegistry = deploy("ProviderRegistry", abi.encode(token));
        _expectInvalid(otherToken, address(registry), ordinaryParameters(), "registry");
        _expectInvalid(address(token), otherRegistry, ordinaryParameters(), "offerBook");
    }

    function test_RevertWhen_ADeadlineIsZeroOrOutlastsTheBond() public {
        IInstanceLease.Parameters memory parameters = ordinaryParameters();
        parameters.acceptBlocks = 0;
        _expectInvalid(address(token), address(registry), parameters, "acceptBlocks");
        parameters = ordinaryParameters();
        parameters.readyBlocks = 0;
        _expectInvalid(address(token), address(registry), parameters, "readyBlocks");
        parameters = ordinaryParameters();
        parameters.pongBlocks = 0;
        _expectInvalid(address(token), address(registry), parameters, "pongBlocks");
        parameters.pongBlocks = uint32(registry.UNSTAKE_DELAY_BLOCKS());
        _expectInvalid(address(token), address(registry), parameters, "pongBlocks");
    }

    function test_ItSaysWhatItWasBuiltWith() public view {
        vm.assertEq(address(lease.token()), address(token));
        vm.assertEq(address(lease.registry()), address(registry));
        vm.assertEq(address(lease.offerBook()), address(offers));
        vm.assertEq(address(lease.rights()), address(rights));
        vm.assertEq(keccak256(abi.encode(lease.parameters())), keccak256(abi.encode(ordinaryParameters())));
    }

    function deployLease(address token_, address registry_, IInstanceLease.Parameters calldata parameters)
        external
    {
        deploy("InstanceLease", abi.encode(token_, registry_, offers, rights, parameters));
    }

    function _expectInvalid(
        address token_,
        address registry_,
        IInstanceLease.Parameters memory parameters,
        string memory name
    ) private {
        vm.expectRevert(abi.encodeWithSelector(IInstanceLease.InvalidParameter.selector, name));
        this.deployLease(token_, registry_, parameters);
    }
}
