// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {WholeMarketTest} from "../support/WholeMarketTest.sol";

contract SessionConstructTest is WholeMarketTest {
    function test_RevertWhen_TheContractsDoNotBelongTogether() public {
        address otherToken = deploy("ComputeToken", "");
        address otherRegistry = deploy("ProviderRegistry", abi.encode(token));
        _expectInvalid(otherToken, address(registry), CHALLENGE_BLOCKS, "registry");
        _expectInvalid(address(token), otherRegistry, CHALLENGE_BLOCKS, "offerBook");
    }

    function test_RevertWhen_TheChallengeWindowIsZeroOrOutlastsTheBond() public {
        _expectInvalid(address(token), address(registry), 0, "challengeBlocks");
        uint64 delayBlocks = registry.UNSTAKE_DELAY_BLOCKS();
        _expectInvalid(address(token), address(registry), delayBlocks, "challengeBlocks");
    }

    function test_ItSaysWhatItWasBuiltWith() public view {
        vm.assertEq(address(session.token()), address(token));
        vm.assertEq(address(session.registry()), address(registry));
        vm.assertEq(address(session.offerBook()), address(offers));
        vm.assertEq(address(session.rights()), address(rights));
        vm.assertEq(session.CHALLENGE_BLOCKS(), CHALLENGE_BLOCKS);
    }

    function deploySession(address token_, address registry_, uint64 challengeBlocks) external {
        deploy("ServerlessSession", abi.encode(token_, registry_, offers, rights, challengeBlocks));
    }

    function _expectInvalid(address token_, address registry_, uint64 challengeBlocks, string memory name)
        private
    {
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.InvalidParameter.selector, name));
        this.deploySession(token_, registry_, challengeBlocks);
    }
}
