// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {ISessionKeys} from "../../src/account/ISessionKeys.sol";
import {AccountVm} from "../support/AccountVm.sol";
import {PasskeyTest} from "../support/PasskeyTest.sol";
import {Vm} from "../support/Vm.sol";
import {IAccountExecute} from "@account-abstraction/interfaces/IAccountExecute.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";

/// @notice Validation keeps the rules for an unstaked account, and creation those for an unstaked factory:
/// every opcode executed and every slot touched is looked at.
contract Erc7562Test is PasskeyTest {
    uint8 private constant BALANCE_ACCESS = 7;

    function test_AnAddress() public {
        PackedUserOperation memory operation = ownerOperation(executing(stranger, ""));
        _assertLawful(account, operation, entryPoint.getUserOpHash(operation), 500);
    }

    /// @dev The full trace of a P-256 verification is too long for forge to hand over. So the signature is one
    /// whose two scalars are 1, for a key computed to match: the same code runs, its loop soon ends.
    function test_APasskey() public {
        for (uint256 i = 0;; ++i) {
            bytes32 userOpHash = bytes32(i);
            bytes memory clientData = clientDataOf(userOpHash);
            bytes memory authenticatorData = authenticatorDataOf(FLAGS);
            bytes32 hash = sha256(bytes.concat(authenticatorData, sha256(clientData)));
            (bytes32 x, bytes32 y) = P256.recovery(hash, 0, hash, hash);
            if (x == 0) continue;
            IComputeAccount its = createAccount(abi.encode(x, y), 0);
            vm.deal(address(its), 1 ether);
            PackedUserOperation memory operation = operationOf(address(its), "", passkeyGas());
            operation.signature = abi.encode(Assertion(authenticatorData, clientData, 23, 1, hash, hash));
            _assertLawful(its, operation, userOpHash, 10_000);
            return;
        }
    }

    function test_ASession() public {
        (address key, uint256 sessionKey) = makeAddrAndKey("session key");
        bytes4[] memory selectors = new bytes4[](2);
        (selectors[0], selectors[1]) = (token.transfer.selector, token.approve.selector);
        ISessionKeys.SessionTerms memory terms;
        (terms.key, terms.validUntil) = (key, type(uint48).max);
        (terms.tokenBudgetWei, terms.gasBudgetWei) = (1 ether, 1 ether);
        terms.permissions = new ISessionKeys.Permission[](1);
        terms.permissions[0] = ISessionKeys.Permission(address(token), selectors);
        asOwner(abi.encodeCall(account.grantSession, (terms)));

        bytes memory calls = batching(
            callsOf(
                address(token),
                abi.encodeCall(token.transfer, (stranger, 1)),
                address(token),
                abi.encodeCall(token.approve, (address(token), 0))
            )
        );
        PackedUserOperation memory operation = operationOf(
            address(account), bytes.concat(IAccountExecute.executeUserOp.selector, calls), accountGas()
        );
        operation.nonce = entryPoint.getNonce(address(account), account.nonceKeyOf(1, 0));
        signByOwner(operation, sessionKey);
        _assertLawful(account, operation, entryPoint.getUserOpHash(operation), 500);
    }

    function test_TheFactory() public {
        _assertCreationIsLawful(abi.encodePacked(owner));
        _assertCreationIsLawful(passkeyOwner);
    }

    // ─── Validation ──────────────────────────────────────────────────────────

    /// @param fewestSteps Less than what is looked at, lest nothing is.
    function _assertLawful(
        IComputeAccount its,
        PackedUserOperation memory operation,
        bytes32 userOpHash,
        uint256 fewestSteps
    ) private {
        vm.startDebugTraceRecording();
        accountVm().startStateDiffRecording();
        vm.prank(address(entryPoint));
        uint256 validationData = its.validateUserOp(operation, userOpHash, 1 gwei);
        AccountVm.AccountAccess[] memory accesses = accountVm().stopAndReturnStateDiff();
        Vm.DebugStep[] memory steps = vm.stopAndReturnDebugTraceRecording();

        vm.assertEq(uint160(validationData), 0);
        vm.assertGt(_checkOpcodes(steps, address(its)), fewestSteps);
        for (uint256 i = 0; i < accesses.length; ++i) {
            _checkAccess(accesses[i], address(its));
        }
    }

    /// @dev ERC-7562 [OP-011], [OP-012]: opcodes banned during validation, and GAS unless a call follows.
    function _checkOpcodes(Vm.DebugStep[] memory steps, address sender) private view returns (uint256 seen) {
        for (uint256 i = 0; i < steps.length; ++i) {
            address executing_ = steps[i].contractAddr;
            if (executing_ != sender && executing_ != implementation && executing_ != address(accountFactory))
            {
                continue;
            }
            ++seen;
            uint8 opcode = steps[i].opcode;
            if (opcode == 0x5a && _isCall(steps[i + 1].opcode)) continue;
            if (_isBanned(opcode)) {
                vm.assertTrue(false, string.concat("banned opcode ", vm.toString(opcode)));
            }
        }
    }

    /// @dev [STO-010]: own storage only. [OP-061], [OP-062], [OP-080]: calls go to the implementation, to
    /// precompiles and, with the prefund, to the EntryPoint [OP-053]; no balance is read.
    function _checkAccess(AccountVm.AccountAccess memory access, address sender) private view {
        if (access.account != address(entryPoint)) {
            for (uint256 i = 0; i < access.storageAccesses.length; ++i) {
                vm.assertEq(access.storageAccesses[i].account, sender);
            }
        }
        if (access.accessor != sender) return; // What this test itself did.
        vm.assertTrue(access.kind != BALANCE_ACCESS, "reads a balance");
        bool paysEntryPoint =
            access.account == address(entryPoint) && access.value == 1 gwei && access.data.length == 0;
        vm.assertTrue(
            paysEntryPoint || access.account == sender || access.account == implementation
                || uint160(access.account) <= 9,
            "calls another"
        );
    }

    // ─── Creation ────────────────────────────────────────────────────────────

    /// @dev [OP-031]: one CREATE2; besides it the same rules, the factory itself having no storage to touch.
    function _assertCreationIsLawful(bytes memory owner_) private {
        address expected = accountFactory.getAddress(owner_, 7);
        vm.startDebugTraceRecording();
        accountVm().startStateDiffRecording();
        accountFactory.createAccount(owner_, 7);
        AccountVm.AccountAccess[] memory accesses = accountVm().stopAndReturnStateDiff();
        Vm.DebugStep[] memory steps = vm.stopAndReturnDebugTraceRecording();

        uint256 creations;
        for (uint256 i = 0; i < steps.length; ++i) {
            if (steps[i].opcode != 0xf5) continue;
            ++creations;
            steps[i].opcode = 0;
        }
        vm.assertEq(creations, 1);
        vm.assertGt(_checkOpcodes(steps, expected), 500);
        for (uint256 i = 0; i < accesses.length; ++i) {
            for (uint256 j = 0; j < accesses[i].storageAccesses.length; ++j) {
                vm.assertEq(accesses[i].storageAccesses[j].account, expected);
            }
        }
    }

    // ─── Opcodes ─────────────────────────────────────────────────────────────

    function _isCall(uint8 opcode) private pure returns (bool) {
        return opcode == 0xf1 || opcode == 0xf2 || opcode == 0xf4 || opcode == 0xfa;
    }

    /// @dev ORIGIN, GASPRICE, BLOCKHASH to DIFFICULTY, GASLIMIT, SELFBALANCE, BALANCE, BASEFEE, GAS, CREATE,
    /// CREATE2, SELFDESTRUCT, INVALID.
    function _isBanned(uint8 opcode) private pure returns (bool) {
        return opcode == 0x31 || opcode == 0x32 || opcode == 0x3a || (opcode >= 0x40 && opcode <= 0x45)
            || opcode == 0x47 || opcode == 0x48 || opcode == 0x5a || opcode == 0xf0 || opcode == 0xf5
            || opcode == 0xfe || opcode == 0xff;
    }
}
