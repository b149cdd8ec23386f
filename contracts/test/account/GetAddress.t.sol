// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {PasskeyTest} from "../support/PasskeyTest.sol";

/// @notice An address is bound to its owner and salt.
contract GetAddressTest is PasskeyTest {
    /// @dev Money sent there would be lost.
    function testFuzz_RevertWhen_TheOwnerCannotSign(bytes calldata owner_, uint256 salt) public {
        vm.assume(owner_.length != 20);
        vm.expectRevert(abi.encodeWithSelector(IComputeAccount.InvalidOwner.selector, owner_));
        accountFactory.getAddress(owner_, salt);
    }

    function testFuzz_OtherOwnersAndSaltsHaveOtherAddresses(address owner_, uint256 salt) public view {
        vm.assume(owner_ != address(0) && owner_ != owner && salt != 0);
        address own = address(account);
        vm.assertNotEq(_asWord(accountFactory.getAddress(abi.encodePacked(owner_), 0)), _asWord(own));
        vm.assertNotEq(_asWord(accountFactory.getAddress(abi.encodePacked(owner), salt)), _asWord(own));
        vm.assertNotEq(_asWord(accountFactory.getAddress(passkeyOwner, salt)), _asWord(own));
    }

    function test_StaysTheSameOnceTheAccountExists() public view {
        vm.assertEq(accountFactory.getAddress(abi.encodePacked(owner), 0), address(account));
        vm.assertEq(accountFactory.getAddress(passkeyOwner, 0), address(passkeyAccount));
    }

    function _asWord(address account_) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account_)));
    }
}
