// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {ComputeAccountTest} from "../support/ComputeAccountTest.sol";

/// @notice The first owner, once.
contract InitializeTest is ComputeAccountTest {
    function testFuzz_RevertWhen_TheAccountHasAnOwner(address caller, address owner_) public {
        vm.expectRevert(IComputeAccount.AlreadyInitialized.selector);
        vm.prank(caller);
        account.initialize(abi.encodePacked(owner_));
    }

    function testFuzz_RevertWhen_ItIsTheImplementation(address caller, address owner_) public {
        vm.expectRevert(IComputeAccount.AlreadyInitialized.selector);
        vm.prank(caller);
        IComputeAccount(implementation).initialize(abi.encodePacked(owner_));
    }

    function testFuzz_SetsTheFirstOwner(address owner_, uint256 salt) public {
        vm.assume(owner_ != address(0) && owner_ != owner);
        address expected = accountFactory.getAddress(abi.encodePacked(owner_), salt);
        vm.expectEmit(expected);
        emit IComputeAccount.OwnerChanged("", abi.encodePacked(owner_));
        IComputeAccount created = createAccount(abi.encodePacked(owner_), salt);
        vm.assertEq(created.owner(), abi.encodePacked(owner_));
        vm.assertEq(address(created.entryPoint()), address(entryPoint));
        vm.assertEq(address(created.token()), address(token));
    }
}
