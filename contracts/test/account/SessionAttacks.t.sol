// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Call} from "../../src/account/Call.sol";
import {IGuardianRecovery} from "../../src/account/IGuardianRecovery.sol";
import {ISessionKeys} from "../../src/account/ISessionKeys.sol";
import {IComputeToken} from "../../src/token/IComputeToken.sol";
import {SessionTest} from "../support/SessionTest.sol";
import {IAccountExecute} from "@account-abstraction/interfaces/IAccountExecute.sol";
import {IEntryPoint} from "@account-abstraction/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @dev The owner took it for a harmless target; it belongs to the thief.
contract Trap {
    IComputeToken private immutable TOKEN;
    IEntryPoint private immutable ENTRY_POINT;

    constructor(IComputeToken token, IEntryPoint entryPoint) {
        TOKEN = token;
        ENTRY_POINT = entryPoint;
    }

    function take(address victim, uint256 amountWei) external {
        TOKEN.transferFrom(victim, address(this), amountWei);
    }

    /// @dev Calls back into the account, and makes the EntryPoint do it.
    function callBack(address victim, bytes calldata data) external returns (bool direct, bool bundled) {
        (direct,) = victim.call(data);
        PackedUserOperation[] memory operations = new PackedUserOperation[](1);
        operations[0].sender = victim;
        operations[0].callData = data;
        try ENTRY_POINT.handleOps(operations, payable(msg.sender)) {
            bundled = true;
        } catch {}
        require(!direct && !bundled, "the account obeyed a stranger");
    }
}

/// @dev Runs as the EntryPoint, through its function that always reverts.
contract EvilDelegate {
    function drain(address victim, address token, bytes calldata data)
        external
        returns (bytes memory result)
    {
        (bool success, bytes memory answer) = victim.call(
            abi.encodeWithSignature("execute(address,uint256,bytes)", token, 0, data)
        );
        require(success, "not obeyed");
        return answer;
    }
}

/// @notice A thief has the session key, as many contracts as he likes, and a bundler of his own.
contract SessionAttacksTest is SessionTest {
    Trap private trap;
    address private thief = makeAddr("thief");

    function setUp() public override {
        super.setUp();
        trap = new Trap(token, entryPoint);
        sessionId = grant(termsFor(tokenAnd(address(trap), trap.take.selector)));
        vm.deal(address(this), 1 ether);
        entryPoint.depositTo{value: 1 ether}(address(account));
    }

    // ─── Speaking as the owner ───────────────────────────────────────────────

    function test_Attack_CallsTheAccountItself() public {
        bytes[] memory acts = _ownersActs();
        for (uint256 i = 0; i < acts.length; ++i) {
            assertCallRefused(address(account), acts[i]);
        }
    }

    /// @dev execute → self.executeBatch → …, and deeper.
    function test_Attack_HidesTheCallInNestedBatches() public {
        bytes[] memory acts = _ownersActs();
        for (uint256 i = 0; i < acts.length; ++i) {
            bytes memory nested = batching(callsOf(address(account), acts[i]));
            assertCallRefused(address(account), nested);
            assertCallRefused(address(account), executing(address(account), nested));
            assertRefused(
                sessionOperation(callsOf(address(token), _transfer(1), address(account), nested)),
                abi.encodeWithSelector(ISessionKeys.CallNotAllowed.selector, account, bytes4(nested))
            );
        }
    }

    function test_Attack_SendsTheOwnersActsAsItsOwnCallData() public {
        bytes[] memory acts = _ownersActs();
        for (uint256 i = 0; i < acts.length; ++i) {
            assertRefused(rawSessionOperation(sessionId, 0, acts[i]), _invalid(bytes4(acts[i])));
        }
    }

    /// @dev `executeUserOp` within `executeUserOp`, and an act straight behind it.
    function test_Attack_HidesTheActBehindExecuteUserOp() public {
        bytes[] memory acts = _ownersActs();
        bytes4 prefix = IAccountExecute.executeUserOp.selector;
        for (uint256 i = 0; i < acts.length; ++i) {
            bytes4 selector = bytes4(acts[i]);
            // These two are read as calls of the session itself; the tests above forbid what they hold.
            if (selector == account.execute.selector || selector == account.executeBatch.selector) continue;
            assertRefused(
                rawSessionOperation(sessionId, 0, bytes.concat(prefix, acts[i])), _invalid(selector)
            );
            assertRefused(
                rawSessionOperation(sessionId, 0, bytes.concat(prefix, prefix, acts[i])), _invalid(prefix)
            );
        }
    }

    /// @dev The EntryPoint would hand the account a userOp of the thief's making, were it not the validated one.
    function test_Attack_EncodesAnotherOperationForExecuteUserOp() public {
        PackedUserOperation memory forged = ownerOperation(executing(address(token), _transfer(50 ether)));
        bytes memory callData = abi.encodeCall(account.executeUserOp, (forged, bytes32(0)));
        PackedUserOperation memory operation = rawSessionOperation(sessionId, 0, callData);
        // Behind the selector stands the ABI's offset, which is no call of the session.
        assertRefused(operation, _invalid(bytes4(0)));
    }

    function test_Attack_SignsInTheOwnersLanes() public {
        PackedUserOperation memory operation =
            operationOf(address(account), executing(address(token), _transfer(1)), accountGas());
        signBySession(operation);
        assertSignatureRefused(operation);
        operation.nonce = entryPoint.getNonce(address(account), type(uint64).max);
        signBySession(operation);
        assertSignatureRefused(operation);
    }

    function test_Attack_SignsForTheAccount() public view {
        bytes32 hash = keccak256("an order, a login, a voucher");
        bytes32[3] memory digests = [
            hash,
            account.replaySafeHash(hash),
            keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", hash))
        ];
        for (uint256 i = 0; i < digests.length; ++i) {
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(sessionKey, digests[i]);
            vm.assertEq(
                bytes32(account.isValidSignature(hash, abi.encodePacked(r, s, v))),
                bytes32(bytes4(0xffffffff))
            );
        }
    }

    /// @dev The token asks the account by ERC-1271.
    function test_Attack_SignsAPermit() public {
        bytes32 permit = keccak256(
            abi.encode(
                keccak256(
                    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
                ),
                account,
                thief,
                type(uint256).max,
                0,
                type(uint256).max
            )
        );
        bytes32 hash = keccak256(abi.encodePacked("\x19\x01", token.DOMAIN_SEPARATOR(), permit));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(sessionKey, account.replaySafeHash(hash));
        vm.expectRevert(abi.encodeWithSignature("InvalidPermitSignature(address)", account));
        token.permit(address(account), thief, type(uint256).max, type(uint256).max, abi.encodePacked(r, s, v));
    }

    function test_Attack_CallsBackFromAnAllowedTarget() public {
        sessionId = grant(termsFor(permissionsFor(address(trap), selectorsOf(trap.callBack.selector))));
        bytes[] memory acts = _ownersActs();
        for (uint256 i = 0; i < acts.length; ++i) {
            bytes memory calling = abi.encodeCall(trap.callBack, (address(account), acts[i]));
            vm.assertTrue(landAndRead(sessionOperation(address(trap), calling)).success);
        }
        vm.assertEq(account.owner(), abi.encodePacked(owner));
    }

    /// @dev It can be made to call the account as itself, but everything is undone.
    function test_Attack_MakesTheEntryPointSpeakForTheOwner() public {
        EvilDelegate evil = new EvilDelegate();
        bytes memory draining =
            abi.encodeCall(evil.drain, (address(account), address(token), _transfer(100 ether)));
        vm.expectRevert(); // DelegateAndRevert, always
        entryPoint.delegateAndRevert(address(evil), draining);
        vm.assertEq(token.balanceOf(thief), 0);
        vm.assertEq(token.balanceOf(address(account)), 100 ether);
    }

    // ─── The EntryPoint and the factory ──────────────────────────────────────

    function test_Attack_CallsTheEntryPoint() public {
        bytes[6] memory acts = [
            abi.encodeCall(entryPoint.withdrawTo, (payable(thief), 1 ether)),
            abi.encodeCall(entryPoint.depositTo, (thief)),
            abi.encodeCall(entryPoint.incrementNonce, (0)),
            abi.encodeCall(entryPoint.addStake, (1)),
            abi.encodeCall(entryPoint.unlockStake, ()),
            abi.encodeCall(entryPoint.withdrawStake, (payable(thief)))
        ];
        for (uint256 i = 0; i < acts.length; ++i) {
            assertCallRefused(address(entryPoint), acts[i]);
        }
    }

    function test_Attack_CallsTheFactory() public {
        assertCallRefused(
            address(accountFactory),
            abi.encodeCall(accountFactory.createAccount, (abi.encodePacked(thief), 0))
        );
    }

    // ─── Tokens ──────────────────────────────────────────────────────────────

    function test_Attack_TransfersMoreThanTheBudgetInManyCalls() public {
        Call[] memory calls = new Call[](11);
        for (uint256 i = 0; i < calls.length; ++i) {
            calls[i] = Call(address(token), 0, _transfer(1 ether));
        }
        assertRefused(sessionOperation(calls), _exceeded(11 ether));
    }

    function test_Attack_ApprovesAnAttacker() public {
        assertRefused(
            sessionOperation(address(token), abi.encodeCall(token.approve, (thief, type(uint256).max))),
            abi.encodeWithSelector(ISessionKeys.SpenderNotAllowed.selector, thief)
        );
    }

    function test_Attack_ApprovesAnAllowedTargetOfTheAttackersForLater() public {
        assertExecutionReverts(
            sessionOperation(
                address(token), abi.encodeCall(token.approve, (address(trap), type(uint256).max))
            ),
            abi.encodeWithSelector(ISessionKeys.AllowanceLeft.selector, trap, type(uint256).max, 0)
        );
    }

    function test_Attack_ApprovesAnAllowedTargetOfTheAttackersAndLetsItPull() public {
        Call[] memory calls = callsOf(
            address(token),
            abi.encodeCall(token.approve, (address(trap), 100 ether)),
            address(trap),
            abi.encodeCall(trap.take, (address(account), 100 ether))
        );
        assertExecutionReverts(sessionOperation(calls), _exceeded(100 ether));
        vm.assertEq(token.balanceOf(address(account)), 100 ether);
    }

    /// @dev An endless approval is not lowered by pulling, so it would be left.
    function test_Attack_ApprovesEndlesslyAndPullsLittle() public {
        Call[] memory calls = callsOf(
            address(token),
            abi.encodeCall(token.approve, (address(trap), type(uint256).max)),
            address(trap),
            abi.encodeCall(trap.take, (address(account), 1))
        );
        assertExecutionReverts(
            sessionOperation(calls),
            abi.encodeWithSelector(ISessionKeys.AllowanceLeft.selector, trap, type(uint256).max, 0)
        );
    }

    function test_Attack_PullsByAnApprovalTheOwnerGave() public {
        asOwner(executing(address(token), abi.encodeCall(token.approve, (address(trap), type(uint256).max))));
        assertExecutionReverts(
            sessionOperation(address(trap), abi.encodeCall(trap.take, (address(account), 100 ether))),
            _exceeded(100 ether)
        );
        vm.assertEq(token.balanceOf(address(account)), 100 ether);
    }

    function test_Attack_TurnsTokensIntoCoin() public {
        assertCallRefused(address(token), abi.encodeCall(token.withdraw, (1)));
        assertCallRefused(address(token), abi.encodeCall(token.withdrawTo, (thief, 1)));
    }

    function test_Attack_SendsCoin() public {
        Call[] memory calls = callsOf(address(token), _transfer(1));
        calls[0].value = 1;
        assertRefused(
            sessionOperation(calls), abi.encodeWithSelector(ISessionKeys.CoinNotAllowed.selector, token, 1)
        );
    }

    /// @dev There is no delegatecall to be had: whatever says so is an unknown act.
    function test_Attack_AsksForADelegatecall() public {
        bytes memory asking = abi.encodeWithSignature(
            "execute(bytes32,bytes)", bytes32(bytes1(0xff)), abi.encodePacked(trap, new bytes(4))
        );
        bytes memory callData = bytes.concat(IAccountExecute.executeUserOp.selector, asking);
        assertRefused(rawSessionOperation(sessionId, 0, callData), _invalid(bytes4(asking)));
        asking = abi.encodeWithSignature("execute(address,uint256,bytes,uint8)", address(trap), 0, "", 1);
        callData = bytes.concat(IAccountExecute.executeUserOp.selector, asking);
        assertRefused(rawSessionOperation(sessionId, 0, callData), _invalid(bytes4(asking)));
    }

    // ─── Gas ─────────────────────────────────────────────────────────────────

    /// @dev With a bundler of his own, the thief earns what the account pays: at most the gas budget.
    function test_Attack_BurnsTheDepositByFailingOperations() public {
        uint256 worthWei = address(account).balance + entryPoint.balanceOf(address(account));
        bytes memory failing = abi.encodeCall(token.transferFrom, (thief, stranger, 1));
        uint256 landed;
        while (true) {
            PackedUserOperation memory operation = sessionOperation(address(token), failing);
            operation.gasFees = bytes32(uint256(20 gwei) << 128 | 20 gwei);
            signBySession(operation);
            if (!lands(operation)) break;
            vm.assertFalse(landAndRead(operation).success);
            ++landed;
        }
        vm.assertGt(landed, 1);
        uint256 leftWei = address(account).balance + entryPoint.balanceOf(address(account));
        vm.assertLe(worthWei - leftWei, GAS_BUDGET);
    }

    function test_Attack_UsesAPaymasterThatTheOwnerDidNotName() public {
        PackedUserOperation memory operation = transferring(stranger, 1);
        operation.paymasterAndData = abi.encodePacked(thief, uint128(100_000), uint128(0), new bytes(94));
        signBySession(operation);
        assertRefused(operation, abi.encodeWithSelector(ISessionKeys.PaymasterNotAllowed.selector, thief));
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    /// @dev All that only the owner may do: spend, upgrade, recover, hand over, grant, revoke.
    function _ownersActs() private view returns (bytes[] memory acts) {
        ISessionKeys.SessionTerms memory wider = termsFor(permissionsFor(address(token), tokenSelectors()));
        wider.tokenBudgetWei = type(uint128).max;
        address[] memory guardians = new address[](1);
        guardians[0] = thief;
        acts = new bytes[](11);
        acts[0] = executing(address(token), _transfer(100 ether));
        acts[1] = batching(callsOf(address(token), _transfer(100 ether)));
        acts[2] = abi.encodeCall(account.setOwner, (abi.encodePacked(thief)));
        acts[3] = abi.encodeCall(account.grantSession, (wider));
        acts[4] = abi.encodeCall(account.revokeSession, (1));
        acts[5] = abi.encodeCall(account.revokeAllSessions, ());
        acts[6] = abi.encodeCall(IGuardianRecovery.setGuardians, (guardians, 1, 8_640));
        acts[7] = abi.encodeCall(IGuardianRecovery.cancelRecovery, ());
        acts[8] = abi.encodeWithSignature("upgradeToAndCall(address,bytes)", address(trap), "");
        acts[9] = abi.encodeCall(account.initialize, (abi.encodePacked(thief)));
        acts[10] = abi.encodeCall(IGuardianRecovery.supportRecovery, (abi.encodePacked(thief)));
    }

    function _transfer(uint256 amountWei) private view returns (bytes memory) {
        return abi.encodeCall(token.transfer, (thief, amountWei));
    }

    function _invalid(bytes4 selector) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISessionKeys.InvalidSessionCall.selector, selector);
    }

    function _exceeded(uint256 requiredWei) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            ISessionKeys.TokenBudgetExceeded.selector, sessionId, requiredWei, TOKEN_BUDGET
        );
    }
}
