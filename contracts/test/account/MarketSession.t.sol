// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Call} from "../../src/account/Call.sol";
import {ISessionKeys} from "../../src/account/ISessionKeys.sol";
import {IInstanceLease} from "../../src/market/IInstanceLease.sol";
import {IOfferBook} from "../../src/market/IOfferBook.sol";
import {IProviderRegistry} from "../../src/market/IProviderRegistry.sol";
import {SessionTest} from "../support/SessionTest.sol";

/// @notice A session that rents, in the real market: its calls pull tokens by prices that no argument shows.
contract MarketSessionTest is SessionTest {
    uint128 private constant PRICE_PER_SECOND = 0.001 ether;
    uint128 private constant PING_DEPOSIT = 0.5 ether;

    IInstanceLease private lease;
    uint256 private offerId;
    address private provider = makeAddr("provider");

    function setUp() public override {
        super.setUp();
        vm.roll(1_000_000);
        IProviderRegistry registry = IProviderRegistry(deploy("ProviderRegistry", abi.encode(token)));
        IOfferBook offers = IOfferBook(deploy("OfferBook", abi.encode(registry)));
        IInstanceLease.Parameters memory parameters =
            IInstanceLease.Parameters(30, 60, 20, 50, 100, PING_DEPOSIT);
        lease = IInstanceLease(
            deploy(
                "InstanceLease", abi.encode(token, registry, offers, deploy("UsageRights", ""), parameters)
            )
        );
        vm.startPrank(provider);
        registry.register(provider, "");
        registry.setMarket(address(lease), true);
        IOfferBook.OfferTerms memory terms;
        (terms.market, terms.capacityUnits, terms.gpuCount, terms.gpuModel) = (address(lease), 4, 1, "H100");
        (terms.pricePerSecondWei, terms.minSeconds, terms.maxSeconds) = (PRICE_PER_SECOND, 60, 30 days);
        offerId = offers.postOffer(terms);
        vm.stopPrank();
        sessionId = grant(termsFor(_rentingPermissions()));
    }

    /// @dev 5,000 s at 0.001 a second: half the budget. The pair of calls is what a dApp sends.
    function test_ApprovesAndOpensALease() public {
        Call[] memory calls = callsOf(
            address(token),
            abi.encodeCall(token.approve, (address(lease), 5 ether)),
            address(lease),
            _opening(5_000)
        );
        vm.assertTrue(landAndRead(sessionOperation(calls)).success);
        vm.assertEq(lease.leaseOf(1).payer, address(account));
        vm.assertEq(tokenLeftWei(), TOKEN_BUDGET - 5 ether);
    }

    function test_CannotOpenBeyondItsBudgetByTheOwnersApproval() public {
        _ownerApprovesTheMarket();
        assertExecutionReverts(
            sessionOperation(address(lease), _opening(10_001)), _exceeded(10.001 ether, TOKEN_BUDGET)
        );
        vm.assertTrue(landAndRead(sessionOperation(address(lease), _opening(10_000))).success);
        vm.assertEq(tokenLeftWei(), 0);
    }

    function test_CannotExtendBeyondItsBudget() public {
        _ownerApprovesTheMarket();
        vm.assertTrue(landAndRead(sessionOperation(address(lease), _opening(9_000))).success);
        _providerMakesItReady();
        bytes memory extending = abi.encodeCall(lease.extend, (1, 1_001));
        assertExecutionReverts(sessionOperation(address(lease), extending), _exceeded(1.001 ether, 1 ether));
        extending = abi.encodeCall(lease.extend, (1, 1_000));
        vm.assertTrue(landAndRead(sessionOperation(address(lease), extending)).success);
        vm.assertEq(tokenLeftWei(), 0);
    }

    function test_CountsADepositThatNoArgumentNames() public {
        _ownerApprovesTheMarket();
        vm.assertTrue(landAndRead(sessionOperation(address(lease), _opening(1_000))).success);
        _providerMakesItReady();
        bytes memory pinging = abi.encodeCall(lease.ping, (1));
        vm.assertTrue(landAndRead(sessionOperation(address(lease), pinging)).success);
        vm.assertEq(tokenLeftWei(), TOKEN_BUDGET - 1 ether - PING_DEPOSIT);
    }

    /// @dev The refund is the owner's: it comes back to the account, and not into the budget.
    function test_Attack_StopsALeaseToSpendItsRefund() public {
        _ownerApprovesTheMarket();
        asOwner(executing(address(lease), _opening(50_000)));
        Call[] memory calls =
            callsOf(address(lease), abi.encodeCall(lease.stop, (1)), address(lease), _opening(50_000));
        uint256 balanceWei = token.balanceOf(address(account));
        assertExecutionReverts(sessionOperation(calls), _exceeded(50 ether, TOKEN_BUDGET));
        vm.assertEq(token.balanceOf(address(account)), balanceWei);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    function _rentingPermissions() private view returns (ISessionKeys.Permission[] memory permissions) {
        permissions = tokenAnd(address(lease), lease.open.selector);
        bytes4[] memory selectors = new bytes4[](4);
        (selectors[0], selectors[1]) = (lease.open.selector, lease.extend.selector);
        (selectors[2], selectors[3]) = (lease.ping.selector, lease.stop.selector);
        permissions[1].selectors = selectors;
        permissions[0].selectors = selectorsOf(token.approve.selector);
    }

    function _opening(uint32 maxSeconds) private view returns (bytes memory) {
        return abi.encodeCall(
            lease.open, (offerId, 1, maxSeconds, PRICE_PER_SECOND, keccak256("image"), address(0), 0, "")
        );
    }

    function _ownerApprovesTheMarket() private {
        asOwner(executing(address(token), abi.encodeCall(token.approve, (address(lease), type(uint256).max))));
    }

    function _providerMakesItReady() private {
        vm.startPrank(provider);
        lease.accept(1);
        lease.ready(1, "");
        vm.stopPrank();
    }

    function _exceeded(uint256 requiredWei, uint256 leftWei) private view returns (bytes memory) {
        return
            abi.encodeWithSelector(ISessionKeys.TokenBudgetExceeded.selector, sessionId, requiredWei, leftWei);
    }
}
