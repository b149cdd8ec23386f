// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IBundlerRegistry} from "../../src/bundling/IBundlerRegistry.sol";
import {IPromiseCourt} from "../../src/bundling/IPromiseCourt.sol";
import {BundlerRegistryTest} from "./BundlerRegistryTest.sol";
import {EntryPointTest} from "./EntryPointTest.sol";
import {FickleAccount} from "./FickleAccount.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice A registry with its court before the real EntryPoint, a bundler that has promised an operation of a fickle
/// account, and somebody who watches.
abstract contract PromiseCourtTest is BundlerRegistryTest, EntryPointTest {
    uint256 internal constant FINE = 1 ether;
    uint256 internal constant DEPOSIT = 0.1 ether;
    uint256 internal constant CHALLENGE_BLOCKS = 360;
    uint256 internal constant ANSWER_BLOCKS = 60;

    IPromiseCourt internal court;
    Joined internal joined;
    FickleAccount internal account;
    address internal watcher = makeAddr("watcher");
    address internal stranger = makeAddr("stranger");

    function setUp() public virtual override {
        deployEntryPoint();
        registry = IBundlerRegistry(deploy("BundlerRegistry", abi.encode(entryPoint, _terms())));
        court = IPromiseCourt(registry.court());
        vm.roll(40 * EPOCH_BLOCKS);
        vm.warp(1_800_000_000);
        joined = registered("honest", MINIMUM_STAKE);
        account = new FickleAccount();
        vm.deal(address(account), 10 ether);
        vm.deal(watcher, 100 ether);
        vm.deal(stranger, 100 ether);
        vm.deal(beneficiary, 1);
        vm.deal(bundler, 100 ether);
    }

    /// @notice The deposit went to who answered, as far as that cost gas, the rest back to the challenger. An isolated
    /// call has no gas price: AnswerPay.t.sol, whose calls are not isolated, looks at how much.
    function assertPaidForAnswer(address by, address challenger) internal view {
        uint256 paidWei = court.creditOf(by);
        if (tx.gasprice != 0) vm.assertLe(paidWei, DEPOSIT / 100);
        vm.assertEq(court.creditOf(challenger), DEPOSIT - paidWei);
    }

    // ─── What is promised ────────────────────────────────────────────────────

    function operation() internal view returns (PackedUserOperation memory) {
        return operationOf(address(account), "", ampleGas());
    }

    /// @notice Of `operation_`, by the bundler, for ten blocks from now and any base fee.
    function promiseOf(PackedUserOperation memory operation_)
        internal
        view
        returns (IPromiseCourt.InclusionPromise memory)
    {
        return IPromiseCourt.InclusionPromise({
            bundlerId: joined.id,
            userOpHash: entryPoint.getUserOpHash(operation_),
            sender: operation_.sender,
            nonce: operation_.nonce,
            latestBlock: uint64(block.number + 10),
            maxBaseFeePerGas: type(uint128).max
        });
    }

    function signPromise(IPromiseCourt.InclusionPromise memory promise_)
        internal
        view
        returns (bytes memory)
    {
        return signHash(joined.nodeSecret, court.hashOf(promise_));
    }

    function signHash(uint256 key, bytes32 hash) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, hash);
        return abi.encodePacked(r, s, v);
    }

    // ─── Acts ────────────────────────────────────────────────────────────────

    function challengeBy(address challenger, IPromiseCourt.InclusionPromise memory promise_)
        internal
        returns (bytes32)
    {
        bytes memory signature = signPromise(promise_);
        vm.prank(challenger);
        return court.challenge{value: DEPOSIT}(promise_, signature);
    }

    /// @notice A promise that was not kept, and was challenged in the block after.
    function brokenAndChallenged()
        internal
        returns (IPromiseCourt.InclusionPromise memory promise_, PackedUserOperation memory operation_)
    {
        operation_ = operation();
        promise_ = promiseOf(operation_);
        vm.roll(promise_.latestBlock + 1);
        challengeBy(watcher, promise_);
    }

    function attemptBy(
        address by,
        IPromiseCourt.InclusionPromise memory promise_,
        PackedUserOperation memory operation_
    ) internal returns (bool) {
        vm.prank(by, by);
        return court.attempt(promise_, operation_, beneficiary);
    }

    function stateOf(IPromiseCourt.InclusionPromise memory promise_)
        internal
        view
        returns (IPromiseCourt.State)
    {
        return court.caseOf(court.hashOf(promise_)).state;
    }

    function assertState(IPromiseCourt.InclusionPromise memory promise_, IPromiseCourt.State expected)
        internal
        view
    {
        vm.assertEq(uint256(stateOf(promise_)), uint256(expected));
    }

    function lostWei() internal view returns (uint256) {
        return MINIMUM_STAKE - stakeOf(joined.id);
    }
}
