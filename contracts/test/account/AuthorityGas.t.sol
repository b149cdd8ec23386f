// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {GuardianTest} from "../support/GuardianTest.sol";

/// @notice What it costs to change who may act for an account, kept in contracts/snapshots/authority.json: whole
/// transactions, an owner's as one operation of an account that has sent one before.
contract AuthorityGasTest is GuardianTest {
    function setUp() public override {
        super.setUp();
        vm.deal(beneficiary, 1);
        land(ownerOperation(executing(stranger, "")));
    }

    function test_Guardians() public {
        _land("setGuardians: three", abi.encodeCall(account.setGuardians, (ascending(3), 2, DELAY_BLOCKS)));
        support(0, newOwner);
        _snapshot("supportRecovery: first");
        support(1, newOwner);
        _snapshot("supportRecovery: last");
        vm.roll(block.number + DELAY_BLOCKS);
        account.executeRecovery();
        _snapshot("executeRecovery");
    }

    function test_Cancel() public {
        support(0, newOwner);
        support(1, newOwner);
        _land("cancelRecovery", abi.encodeCall(account.cancelRecovery, ()));
    }

    function test_Owner() public {
        _land("revokeAllSessions", abi.encodeCall(account.revokeAllSessions, ()));
        _land("setOwner", abi.encodeCall(account.setOwner, (abi.encodePacked(newOwner))));
    }

    function test_Upgrade() public {
        address next = deploy("ComputeAccount", abi.encode(entryPoint, token));
        _land("upgradeToAndCall", abi.encodeWithSignature("upgradeToAndCall(address,bytes)", next, ""));
    }

    function _land(string memory name, bytes memory callData) private {
        land(ownerOperation(callData));
        _snapshot(name);
    }

    function _snapshot(string memory name) private {
        vm.snapshotGasLastCall("authority", name);
    }
}
