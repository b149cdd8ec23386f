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

    /// @dev A point of P-256 whose x is zero (y is the root of b) is an owner like any other.
    function test_RevertWhen_TheOwnersKeyHasNoX() public {
        uint256 y = 0x66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4;
        IComputeAccount created = createAccount(abi.encode(uint256(0), y), 7);
        vm.expectRevert(IComputeAccount.AlreadyInitialized.selector);
        vm.prank(stranger);
        created.initialize(abi.encodePacked(stranger));
        vm.assertEq(created.owner(), abi.encode(uint256(0), y));
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
