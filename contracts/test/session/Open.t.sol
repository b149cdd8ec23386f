// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOfferBook} from "../../src/market/IOfferBook.sol";
import {IProviderRegistry} from "../../src/market/IProviderRegistry.sol";
import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {ACT_ALL, IUsageRights} from "../../src/rights/IUsageRights.sol";
import {WholeMarketTest} from "../support/WholeMarketTest.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

contract SessionOpenTest is WholeMarketTest {
    function test_RevertWhen_TheOfferIsOfAnotherKind() public {
        IOfferBook.OfferTerms memory terms = useTerms();
        terms.kind = IOfferBook.OfferKind.Instance;
        vm.prank(provider);
        uint256 id = offers.postOffer(terms);
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.NotServerlessOffer.selector, id));
        _open(id, BUDGET, PRICE, 1);
    }

    function test_RevertWhen_TheOfferIsOfAnotherMarket() public {
        vm.expectRevert(abi.encodeWithSelector(IOfferBook.NotOfferMarket.selector, offerId, address(session)));
        _open(offerId, BUDGET, PRICE, 1);
    }

    function test_RevertWhen_ThePriceIsAboveWhatTheCallerAgreedTo() public {
        vm.expectRevert(
            abi.encodeWithSelector(IServerlessSession.PriceAboveMaximum.selector, PRICE, PRICE - 1)
        );
        _open(useOfferId, BUDGET, PRICE - 1, 1);
    }

    function testFuzz_RevertWhen_TheBudgetIsBelowTheOffersMinimum(uint96 budgetWei) public {
        uint256 minimumWei = uint256(PRICE) * 60;
        budgetWei = uint96(bound(budgetWei, 0, minimumWei - 1));
        vm.expectRevert(
            abi.encodeWithSelector(IServerlessSession.BudgetTooSmall.selector, budgetWei, minimumWei)
        );
        _open(useOfferId, budgetWei, PRICE, 1);
    }

    function test_RevertWhen_ItExpiresNowOrAfterTheOffersLongest() public {
        uint256 latest = block.timestamp + 30 days;
        uint48[2] memory after_ = [uint48(0), 30 days + 1];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IServerlessSession.ExpiryOutOfRange.selector, block.timestamp + after_[i], latest
                )
            );
            _open(useOfferId, BUDGET, PRICE, after_[i]);
        }
    }

    function test_RevertWhen_NoUnitIsFree() public {
        for (uint256 i = 0; i < 4; ++i) {
            openSession();
        }
        vm.expectRevert(abi.encodeWithSelector(IOfferBook.NotEnoughFreeUnits.selector, useOfferId, 1, 0));
        _open(useOfferId, BUDGET, PRICE, 1);
    }

    function test_RevertWhen_TheProviderHasNoFreeBondForIt() public {
        vm.prank(provider);
        registry.requestUnstake(96 ether);
        vm.expectRevert(
            abi.encodeWithSelector(
                IProviderRegistry.InsufficientBond.selector, provider, BOND_PER_UNIT, 4 ether
            )
        );
        _open(useOfferId, BUDGET, PRICE, 1);
    }

    function test_RevertWhen_TheProviderDoesNotLetThisMarketLockItsBond() public {
        vm.prank(provider);
        registry.setMarket(address(session), false);
        vm.expectRevert(
            abi.encodeWithSelector(IProviderRegistry.MarketNotAllowed.selector, provider, address(session))
        );
        _open(useOfferId, BUDGET, PRICE, 1);
    }

    function test_RevertWhen_TheCallerCannotPay() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector, address(session), 0, BUDGET
            )
        );
        vm.prank(stranger);
        session.open(useOfferId, BUDGET, PRICE, signer, uint48(block.timestamp) + DAY);
    }

    function test_RevertWhen_TheOfferIdDoesNotFit() public {
        uint256 id = uint256(type(uint96).max) + 1 + useOfferId;
        vm.expectRevert(abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, 96, id));
        _open(id, BUDGET, PRICE, 1);
    }

    function testFuzz_TheBudgetWaitsInEscrowAndTheTermsAreFrozen(uint96 budgetWei, uint48 lifeSeconds)
        public
    {
        budgetWei = uint96(bound(budgetWei, uint256(PRICE) * 60, 1000 ether));
        lifeSeconds = uint48(bound(lifeSeconds, 1, 30 days));
        uint48 expires = uint48(block.timestamp) + lifeSeconds;
        vm.expectEmit(address(session));
        emit IServerlessSession.SessionOpened(
            1, payer, provider, useOfferId, budgetWei, PRICE, BOND_PER_UNIT, signer, expires
        );
        vm.prank(payer);
        vm.assertEq(session.open(useOfferId, budgetWei, PRICE, signer, expires), 1);

        IOfferBook.OfferTerms memory terms = useTerms();
        terms.pricePerSecondWei = PRICE * 10;
        vm.prank(provider);
        offers.updateOffer(useOfferId, terms);
        IServerlessSession.Session memory expected = IServerlessSession.Session({
            payer: payer,
            state: IServerlessSession.SessionState.Open,
            expires: expires,
            provider: provider,
            offerId: uint96(useOfferId),
            budgetWei: budgetWei,
            spentWei: 0,
            challengeEndBlock: 0,
            pricePerSecondWei: PRICE,
            bondWei: BOND_PER_UNIT
        });
        vm.assertEq(abi.encode(session.sessionOf(1)), abi.encode(expected));
        vm.assertEq(session.sessionCount(), 1);
        vm.assertEq(token.balanceOf(address(session)), budgetWei);
        vm.assertEq(token.balanceOf(payer), 1000 ether - budgetWei);
        vm.assertEq(offers.freeUnitsOf(useOfferId), 3);
        vm.assertEq(registry.lockedBy(provider, address(session)), BOND_PER_UNIT);
    }

    function test_ThePayerReceivesTheRootRightAndTheSignerItsUse() public {
        uint256 sessionId = openSession();
        uint256 rootId = rootOf(sessionId);
        IUsageRights.Right memory root = rights.rightOf(rootId);
        vm.assertEq(rights.ownerOf(rootId), payer);
        vm.assertEq(rights.userOf(rootId), signer);
        vm.assertEq(rights.userExpires(rootId), block.timestamp + DAY);
        vm.assertEq(root.budgetWei, BUDGET);
        vm.assertEq(root.acts, ACT_ALL);
        vm.assertEq(root.expires, block.timestamp + DAY);
        (address market, uint96 agreementId) = rights.agreementOf(rootId);
        vm.assertEq(market, address(session));
        vm.assertEq(agreementId, sessionId);
        (address itsPayer, address itsProvider) = session.partiesOf(sessionId);
        vm.assertEq(itsPayer, payer);
        vm.assertEq(itsProvider, provider);
    }

    function test_ASessionNeedsNoSigner() public {
        vm.prank(payer);
        uint256 sessionId = session.open(useOfferId, BUDGET, PRICE, address(0), uint48(block.timestamp) + DAY);
        vm.assertEq(rights.userOf(rootOf(sessionId)), address(0));
        vm.assertEq(redeem(sign(voucherOf(sessionId, 1 ether, 1), payerKey)), 1 ether);
    }

    function test_RevertWhen_AskingForASessionThatIsNot() public {
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.UnknownSession.selector, 7));
        session.sessionOf(7);
        vm.expectRevert(abi.encodeWithSelector(IServerlessSession.UnknownSession.selector, 0));
        session.partiesOf(0);
    }

    function _open(uint256 id, uint96 budgetWei, uint128 maxPriceWei, uint48 lifeSeconds) private {
        vm.prank(payer);
        session.open(id, budgetWei, maxPriceWei, signer, uint48(block.timestamp) + lifeSeconds);
    }
}
