// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Call} from "../../src/account/Call.sol";
import {ISessionKeys} from "../../src/account/ISessionKeys.sol";
import {PasskeyTest} from "../support/PasskeyTest.sol";
import {SessionTest} from "../support/SessionTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice What it costs, kept in contracts/snapshots/account.json: whole transactions of one operation each,
/// from an account that has sent one before, with SimpleAccount beside; and the gas that validation needs.
contract GasTest is PasskeyTest, SessionTest {
    address private recipient = makeAddr("recipient");

    function setUp() public override(PasskeyTest, SessionTest) {
        super.setUp();
        vm.deal(beneficiary, 1);
        vm.deal(address(this), 1);
        token.depositTo{value: 1}(recipient);
    }

    function test_Creation() public {
        accountFactory.createAccount(abi.encodePacked(recipient), 0);
        vm.snapshotGasLastCall("account", "createAccount: address");
        accountFactory.createAccount(publicKeyOf(1), 0);
        vm.snapshotGasLastCall("account", "createAccount: passkey");
    }

    function test_SimpleAccount() public {
        (address user, uint256 userKey) = makeAddrAndKey("user");
        address simple = factory.createAccount(user, 0);
        fund(simple);
        for (uint256 i = 0; i < 2; ++i) {
            PackedUserOperation memory operation =
                operationOf(simple, calling(address(token), _transfer()), ampleGas());
            signByOwner(operation, userKey);
            land(operation);
        }
        vm.snapshotGasLastCall("account", "token transfer by SimpleAccount");
    }

    function test_Address() public {
        land(ownerOperation(executing(stranger, "")));
        land(ownerOperation(executing(address(token), _transfer())));
        vm.snapshotGasLastCall("account", "token transfer by address");
        _snapshotVerificationGas("address", ownerOperation(""), ownerKey);
    }

    function test_Passkey() public {
        land(passkeyOperation(executing(stranger, "")));
        land(passkeyOperation(executing(address(token), _transfer())));
        vm.snapshotGasLastCall("account", "token transfer by passkey");
        _snapshotVerificationGas("passkey", passkeyOperation(""), 0);
    }

    function test_Session() public {
        land(sessionOperation(address(token), _transfer()));
        land(sessionOperation(address(token), _transfer()));
        vm.snapshotGasLastCall("account", "token transfer by session");
        _snapshotVerificationGas("session", sessionOperation(address(token), _transfer()), sessionKey);
    }

    function test_Batch() public {
        land(ownerOperation(executing(stranger, "")));
        Call[] memory calls = callsOf(address(token), _transfer(), address(token), _transfer());
        land(ownerOperation(batching(calls)));
        vm.snapshotGasLastCall("account", "two token transfers by address");
        land(sessionOperation(calls));
        land(sessionOperation(calls));
        vm.snapshotGasLastCall("account", "two token transfers by session");
    }

    function test_Grant() public {
        ISessionKeys.SessionTerms memory terms = termsFor(permissionsFor(address(token), tokenSelectors()));
        land(ownerOperation(abi.encodeCall(account.grantSession, (terms))));
        vm.snapshotGasLastCall("account", "grantSession: 1 target");
        terms.permissions = new ISessionKeys.Permission[](4);
        for (uint256 i = 0; i < 4; ++i) {
            bytes4[] memory selectors = new bytes4[](8);
            for (uint256 j = 0; j < 8; ++j) {
                selectors[j] = bytes4(uint32(1 + j));
            }
            terms.permissions[i] = ISessionKeys.Permission(address(uint160(0x1000 + i)), selectors);
        }
        land(ownerOperation(abi.encodeCall(account.grantSession, (terms))));
        vm.snapshotGasLastCall("account", "grantSession: 4 targets of 8 functions");
        land(ownerOperation(abi.encodeCall(account.revokeSession, (1))));
        vm.snapshotGasLastCall("account", "revokeSession");
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _transfer() private view returns (bytes memory) {
        return abi.encodeCall(token.transfer, (recipient, 1 gwei));
    }

    /// @dev The least verificationGasLimit with which the operation lands. @param key 0 for the passkey.
    function _snapshotVerificationGas(string memory name, PackedUserOperation memory operation, uint256 key)
        private
    {
        uint256 limit = 1_000_000;
        for (uint256 step = 500_000; step > 1; step /= 2) {
            limit -= step;
            operation.accountGasLimits = bytes32(limit << 128 | 200_000);
            if (key != 0) signByOwner(operation, key);
            else operation.signature = abi.encode(assertionOf(entryPoint.getUserOpHash(operation)));
            if (!lands(operation)) limit += step;
        }
        vm.snapshotValue("account", string.concat("verificationGasLimit needed: ", name), limit);
    }
}
