// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {ComputeAccountTest} from "../support/ComputeAccountTest.sol";
import {IERC1822Proxiable} from "@openzeppelin/contracts/interfaces/draft-IERC1822.sol";

interface IUpgradeable {
    error ERC1967InvalidImplementation(address implementation);
    error UUPSUnauthorizedCallContext();

    event Upgraded(address indexed implementation);

    function upgradeToAndCall(address implementation, bytes calldata data) external payable;
}

/// @dev What an account could be upgraded to.
contract NextAccount is IERC1822Proxiable {
    function proxiableUUID() external pure returns (bytes32) {
        return bytes32(uint256(keccak256("eip1967.proxy.implementation")) - 1);
    }

    function version() external pure returns (uint256) {
        return 2;
    }
}

/// @notice Only the owner may change what the account runs.
contract UpgradeToAndCallTest is ComputeAccountTest {
    address private next;

    function setUp() public override {
        super.setUp();
        next = address(new NextAccount());
    }

    function testFuzz_RevertWhen_AnyoneButTheOwnerCalls(address caller) public {
        vm.assume(caller != address(entryPoint) && caller != address(account));
        vm.expectRevert(abi.encodeWithSelector(IComputeAccount.NotOwner.selector, caller));
        vm.prank(caller);
        IUpgradeable(address(account)).upgradeToAndCall(next, "");
    }

    function test_RevertWhen_ItIsTheImplementationThatIsCalled() public {
        vm.expectRevert(IUpgradeable.UUPSUnauthorizedCallContext.selector);
        IUpgradeable(implementation).upgradeToAndCall(next, "");
    }

    function test_RevertWhen_TheNextCouldNotBeUpgradedAgain() public {
        asOwnerReverting(
            abi.encodeCall(IUpgradeable.upgradeToAndCall, (address(token), "")),
            abi.encodeWithSelector(IUpgradeable.ERC1967InvalidImplementation.selector, token)
        );
    }

    function test_UpgradesByTheOwnersOperation() public {
        vm.expectEmit(address(account));
        emit IUpgradeable.Upgraded(next);
        land(ownerOperation(abi.encodeCall(IUpgradeable.upgradeToAndCall, (next, ""))));
        vm.assertEq(NextAccount(address(account)).version(), 2);
        vm.assertEq(token.balanceOf(address(account)), 100 ether);
    }

    function test_UpgradesInABatch() public {
        asOwner(executing(address(account), abi.encodeCall(IUpgradeable.upgradeToAndCall, (next, ""))));
        vm.assertEq(NextAccount(address(account)).version(), 2);
    }
}
