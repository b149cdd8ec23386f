// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISessionKeys} from "../../src/account/ISessionKeys.sol";
import {IComputePaymaster} from "../../src/paymaster/IComputePaymaster.sol";
import {SessionTest} from "../support/SessionTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice A session whose gas a ComputePaymaster pays, and takes from the account in tokens.
contract PaymasterSessionTest is SessionTest {
    uint8 private constant SPONSOR = 0;
    uint8 private constant TOKEN = 1;
    uint8 private constant TOKEN_DEFERRED = 2;
    uint8 private constant TANK = 3;

    IComputePaymaster private paymaster;
    uint256 private signerKey;

    function setUp() public override {
        super.setUp();
        address signer;
        (signer, signerKey) = makeAddrAndKey("signer");
        address operator = makeAddr("operator");
        paymaster = IComputePaymaster(deploy("ComputePaymaster", abi.encode(entryPoint, token, operator)));
        vm.deal(operator, 10 ether);
        vm.startPrank(operator);
        paymaster.addStake{value: 1 ether}(86_400);
        paymaster.deposit{value: 5 ether}();
        paymaster.setSigner(signer, true);
        vm.stopPrank();
        asOwner(
            executing(address(token), abi.encodeCall(token.approve, (address(paymaster), type(uint256).max)))
        );
        ISessionKeys.SessionTerms memory terms = termsFor(permissionsFor(address(token), tokenSelectors()));
        terms.paymaster = address(paymaster);
        sessionId = grant(terms);
    }

    function test_RefusesAChargeAboveTheGasBudget() public {
        assertRefused(
            _paid(TOKEN, GAS_BUDGET + 1),
            abi.encodeWithSelector(
                ISessionKeys.GasBudgetExceeded.selector, sessionId, GAS_BUDGET + 1, GAS_BUDGET
            )
        );
    }

    function test_RefusesAPaymasterWhereTheSessionHasNone() public {
        sessionId = grant(termsFor(permissionsFor(address(token), tokenSelectors())));
        assertRefused(
            _paid(SPONSOR, 0), abi.encodeWithSelector(ISessionKeys.PaymasterNotAllowed.selector, paymaster)
        );
    }

    /// @dev Whatever is not laid out as a ComputePaymaster's data might cost anything.
    function test_RefusesPaymasterDataThatItCannotRead() public {
        PackedUserOperation memory operation = transferring(stranger, 1);
        operation.paymasterAndData = abi.encodePacked(paymaster, uint128(1), uint128(1), new bytes(46));
        signBySession(operation);
        assertRefused(
            operation,
            abi.encodeWithSelector(
                ISessionKeys.GasBudgetExceeded.selector, sessionId, type(uint256).max, GAS_BUDGET
            )
        );
    }

    /// @dev A session's gas budget is in the compute token: what another ERC-20 is worth nobody here can say.
    function test_RefusesGasThatIsPaidInAnotherErc20() public {
        PackedUserOperation memory operation = transferring(stranger, 1);
        operation.paymasterAndData = abi.encodePacked(
            paymaster, uint128(100_000), uint128(80_000), uint8(4), new bytes(30), uint128(1), new bytes(101)
        );
        vm.assertEq(operation.paymasterAndData.length, 200);
        signBySession(operation);
        assertRefused(
            operation,
            abi.encodeWithSelector(
                ISessionKeys.GasBudgetExceeded.selector, sessionId, type(uint256).max, GAS_BUDGET
            )
        );
    }

    function test_SponsoredGasCostsNoBudget() public {
        (uint256 coinWei, uint256 tokenWei) = _worthWei();
        vm.assertTrue(landAndRead(_paid(SPONSOR, 0)).success);
        (uint256 coinAfterWei, uint256 tokenAfterWei) = _worthWei();
        vm.assertEq(coinAfterWei, coinWei);
        vm.assertEq(tokenAfterWei, tokenWei - 1 ether);
        vm.assertEq(gasLeftWei(), GAS_BUDGET);
    }

    function testFuzz_NeverLosesMoreTokensToGasThanItCounts(bool deferred, uint16 markupBps) public {
        (, uint256 tokenWei) = _worthWei();
        PackedUserOperation memory operation =
            _paid(deferred ? TOKEN_DEFERRED : TOKEN, 0.05 ether, uint16(bound(markupBps, 0, 50_000)));
        vm.assertTrue(landAndRead(operation).success);
        (, uint256 tokenAfterWei) = _worthWei();
        uint256 chargedWei = tokenWei - 1 ether - tokenAfterWei;
        vm.assertGt(chargedWei, 0);
        vm.assertEq(gasLeftWei(), GAS_BUDGET - 0.05 ether);
        vm.assertLe(chargedWei, GAS_BUDGET - gasLeftWei());
        vm.assertEq(tokenLeftWei(), TOKEN_BUDGET - 1 ether);
    }

    function test_GasOutOfTheTankCountsAgainstTheBudget() public {
        asOwner(
            executing(address(paymaster), abi.encodeCall(paymaster.fillTank, (address(account), 1 ether)))
        );
        assertRefused(
            _paid(TANK, GAS_BUDGET + 1),
            abi.encodeWithSelector(
                ISessionKeys.GasBudgetExceeded.selector, sessionId, GAS_BUDGET + 1, GAS_BUDGET
            )
        );
        (, uint256 tokenWei) = _worthWei();
        vm.assertTrue(landAndRead(_paid(TANK, 0.05 ether)).success);
        (, uint256 tokenAfterWei) = _worthWei();
        vm.assertEq(tokenAfterWei, tokenWei - 1 ether);
        vm.assertEq(gasLeftWei(), GAS_BUDGET - 0.05 ether);
        vm.assertLe(paymaster.tankSpentOf(address(account)), 0.05 ether);
    }

    /// @dev A session key that may not call the paymaster does not empty the tank either.
    function test_Attack_ASessionKeyWithdrawsTheTank() public {
        asOwner(
            executing(address(paymaster), abi.encodeCall(paymaster.fillTank, (address(account), 1 ether)))
        );
        PackedUserOperation memory theft = transferring(stranger, 1);
        theft.callData =
            executing(address(paymaster), abi.encodeCall(paymaster.withdrawTank, (stranger, 1 ether)));
        signBySession(theft);
        vm.assertFalse(lands(theft));
        vm.assertEq(paymaster.tankOf(address(account)), 1 ether);
    }

    /// @dev The thief and an operator who signs him any price, over as many operations as they like.
    function test_Attack_APaymasterChargesTheTokensAway() public {
        (, uint256 tokenWei) = _worthWei();
        uint256 landed;
        while (lands(_paid(TOKEN, 0.04 ether, 50_000))) {
            land(_paid(TOKEN, 0.04 ether, 50_000));
            ++landed;
        }
        (, uint256 tokenAfterWei) = _worthWei();
        vm.assertEq(landed, 2);
        vm.assertLe(tokenWei - tokenAfterWei - 2 ether, GAS_BUDGET);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _paid(uint8 mode, uint128 maxChargeWei) private view returns (PackedUserOperation memory) {
        return _paid(mode, maxChargeWei, 100);
    }

    /// @dev A session's transfer of one token, with the paymaster's signed terms.
    function _paid(uint8 mode, uint128 maxChargeWei, uint16 markupBps)
        private
        view
        returns (PackedUserOperation memory operation)
    {
        operation = transferring(stranger, 1 ether);
        (uint256 postOpGas,) = paymaster.postOpGasLimitBounds(mode);
        bytes memory terms = abi.encodePacked(
            paymaster, uint128(100_000), uint128(postOpGas), mode, uint48(0), uint48(0), bytes16("policy")
        );
        if (mode != SPONSOR) terms = abi.encodePacked(terms, markupBps, maxChargeWei);
        operation.paymasterAndData = bytes.concat(terms, new bytes(65));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(signerKey, paymaster.hashOf(operation));
        operation.paymasterAndData = bytes.concat(terms, abi.encodePacked(r, s, v));
        signBySession(operation);
    }

    function _worthWei() private view returns (uint256 coinWei, uint256 tokenWei) {
        coinWei = address(account).balance + entryPoint.balanceOf(address(account));
        tokenWei = token.balanceOf(address(account));
    }
}
