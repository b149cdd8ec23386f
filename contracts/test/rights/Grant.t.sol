// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    ACT_ALL,
    ACT_EXTEND,
    ACT_GRANT,
    ACT_STOP,
    ACT_USE,
    IUsageRights
} from "../../src/rights/IUsageRights.sol";
import {WholeMarketTest} from "../support/WholeMarketTest.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

contract GrantTest is WholeMarketTest {
    uint256 private rootId;

    function setUp() public override {
        super.setUp();
        rootId = rootOf(openSession());
    }

    // ─── Reverts ─────────────────────────────────────────────────────────────

    function test_RevertWhen_TheParentIsNot() public {
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.UnknownRight.selector, 5));
        grant(payer, grantTo(5, student, 1));
    }

    function testFuzz_RevertWhen_TheCallerDoesNotOwnTheParent(address caller) public {
        vm.assume(caller != payer);
        vm.expectRevert(
            abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, caller, rootId)
        );
        grant(caller, grantTo(rootId, caller, 1));
    }

    function test_RevertWhen_TheCallerIsOnlyTheUserOfTheParent() public {
        vm.expectRevert(
            abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, signer, rootId)
        );
        grant(signer, grantTo(rootId, signer, 1));
    }

    function test_RevertWhen_TheParentIsNotInForce() public {
        uint256 childId = grant(payer, grantTo(rootId, student, 2));
        uint256 grandchildId = grant(student, grantTo(childId, student, 1));
        revoke(payer, childId);
        uint256[2] memory dead = [childId, grandchildId];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IUsageRights.RightNotInForce.selector, dead[i]));
            grant(student, grantTo(dead[i], stranger, 1));
        }
        vm.warp(block.timestamp + DAY + 1);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.RightNotInForce.selector, rootId));
        grant(payer, grantTo(rootId, student, 1));
    }

    function test_RevertWhen_NothingMayBeDone() public {
        IUsageRights.Grant memory terms = grantTo(rootId, student, 1);
        terms.acts = 0;
        vm.expectRevert(IUsageRights.NoActs.selector);
        grant(payer, terms);
    }

    function testFuzz_RevertWhen_TheParentMayNotDoWhatItGrants(uint8 parentActs, uint8 acts) public {
        IUsageRights.Grant memory terms = grantTo(rootId, student, 1);
        terms.acts = uint8(bound(parentActs, 1, ACT_ALL));
        uint256 parentId = grant(payer, terms);
        acts = uint8(bound(acts, 1, 255));
        uint8 needed = acts | ACT_GRANT;
        vm.assume(terms.acts & needed != needed);
        terms.parentId = parentId;
        terms.acts = acts;
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.ActNotAllowed.selector, parentId, needed));
        grant(student, terms);
    }

    function test_RevertWhen_TheActsAreNoneAtAll() public {
        IUsageRights.Grant memory terms = grantTo(rootId, student, 1);
        terms.acts = 32;
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.ActNotAllowed.selector, rootId, 32 | ACT_GRANT));
        grant(payer, terms);
    }

    function testFuzz_RevertWhen_TheEndpointIsAnother(bytes32 endpointHash) public {
        vm.assume(endpointHash != "one");
        IUsageRights.Grant memory terms = grantTo(rootId, student, 1);
        terms.endpointHash = "one";
        uint256 parentId = grant(payer, terms);
        terms.parentId = parentId;
        terms.endpointHash = endpointHash;
        vm.expectRevert(
            abi.encodeWithSelector(IUsageRights.EndpointNotAllowed.selector, parentId, endpointHash)
        );
        grant(student, terms);
    }

    function test_RevertWhen_ItExpiresInThePastOrAfterTheParent() public {
        uint48 parentExpires = uint48(block.timestamp) + DAY;
        uint48[2] memory bad = [uint48(block.timestamp) - 1, parentExpires + 1];
        for (uint256 i = 0; i < 2; ++i) {
            IUsageRights.Grant memory terms = grantTo(rootId, student, 1);
            terms.expires = bad[i];
            vm.expectRevert(
                abi.encodeWithSelector(IUsageRights.ExpiryOutOfRange.selector, bad[i], parentExpires)
            );
            grant(payer, terms);
        }
    }

    function testFuzz_RevertWhen_ABudgetExceedsWhatAnyRightAboveHasLeft(uint96 spentWei, uint96 overWei)
        public
    {
        spentWei = uint96(bound(spentWei, 1, BUDGET - 1));
        overWei = uint96(bound(overWei, BUDGET - spentWei + 1, type(uint96).max));
        uint256 childId = grant(payer, grantTo(rootId, student, BUDGET));
        redeem(signedVoucher(1, spentWei, 1));
        uint256[2] memory parents = [rootId, childId];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IUsageRights.BudgetExceeded.selector, parents[i], overWei, BUDGET - spentWei
                )
            );
            grant(i == 0 ? payer : student, grantTo(parents[i], stranger, overWei));
        }
    }

    function test_RevertWhen_TheTreeWouldGrowTooDeep() public {
        uint256 id = rootId;
        address owner = payer;
        for (uint256 depth = 0; depth < rights.MAX_DEPTH(); ++depth) {
            id = grant(owner, grantTo(id, student, 1));
            owner = student;
        }
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.TooDeep.selector, 4));
        grant(student, grantTo(id, student, 1));
    }

    function test_RevertWhen_NobodyIsToReceiveIt() public {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(0)));
        grant(payer, grantTo(rootId, address(0), 1));
    }

    // ─── What it does ────────────────────────────────────────────────────────

    function testFuzz_AChildMaySpendWhatItWasGrantedAndItsParentNoLess(
        uint96 budgetWei,
        uint48 lifeSeconds,
        uint8 acts,
        bytes32 endpointHash
    ) public {
        IUsageRights.Grant memory terms = IUsageRights.Grant({
            parentId: rootId,
            to: student,
            budgetWei: uint96(bound(budgetWei, 0, BUDGET)),
            expires: uint48(block.timestamp + bound(lifeSeconds, 0, DAY)),
            acts: uint8(bound(acts, 1, ACT_ALL)),
            endpointHash: endpointHash
        });
        uint256 childId = rights.childIdOf(rootId, 0);
        vm.expectEmit(address(rights));
        emit IUsageRights.RightGranted(
            childId, rootId, student, terms.budgetWei, terms.expires, terms.acts, endpointHash
        );
        vm.assertEq(grant(payer, terms), childId);
        IUsageRights.Right memory expected = IUsageRights.Right({
            spentWei: 0,
            expires: terms.expires,
            acts: terms.acts,
            depth: 1,
            revokedAtBlock: 0,
            childCount: 0,
            budgetWei: terms.budgetWei,
            parentId: rootId,
            endpointHash: endpointHash
        });
        vm.assertEq(abi.encode(rights.rightOf(childId)), abi.encode(expected));
        vm.assertEq(rights.ownerOf(childId), student);
        vm.assertEq(rights.restOf(childId), terms.budgetWei);
        vm.assertEq(rights.restOf(rootId), BUDGET);
        vm.assertEq(rights.rightOf(rootId).childCount, 1);
        vm.assertTrue(rights.isInForce(childId));
        (address market, uint96 agreementId) = rights.agreementOf(childId);
        vm.assertEq(market, address(session));
        vm.assertEq(agreementId, 1);
    }

    function test_EveryChildHasAnIdOfItsOwnThatIsKnownBefore() public {
        uint256 first = grant(payer, grantTo(rootId, student, 1));
        uint256 second = grant(payer, grantTo(rootId, student, 1));
        uint256 grandchild = grant(student, grantTo(first, stranger, 1));
        vm.assertEq(first, rights.childIdOf(rootId, 0));
        vm.assertEq(second, rights.childIdOf(rootId, 1));
        vm.assertEq(grandchild, rights.childIdOf(first, 0));
        vm.assertEq(rights.balanceOf(student), 2);
    }

    /// @dev A budget is a limit: who comes first spends what several were allowed.
    function testFuzz_ChildrenMayTogetherBeAllowedMoreThanTheirParentHas(uint96 spentWei) public {
        spentWei = uint96(bound(spentWei, 1, BUDGET));
        uint256 first = grant(payer, grantTo(rootId, student, BUDGET));
        uint256 second = grant(payer, grantTo(rootId, stranger, BUDGET));
        redeem(studentVoucher(1, first, spentWei, 1));
        vm.assertEq(rights.restOf(second), BUDGET - spentWei);
        vm.assertEq(rights.rightOf(second).budgetWei, BUDGET);
    }

    function test_TheLineOfARightTellsWhatEachInItHasLeft() public {
        uint256 childId = grant(payer, grantTo(rootId, student, 4 ether));
        uint256 grandchildId = grant(student, grantTo(childId, student, 3 ether));
        redeem(signedVoucher(1, 1 ether, 1));
        redeem(studentVoucher(1, childId, 2 ether, 1));
        (uint256[] memory ids, uint256[] memory restsWei) = rights.lineOf(grandchildId);
        vm.assertEq(abi.encode(ids), abi.encode(_three(grandchildId, childId, rootId)));
        vm.assertEq(abi.encode(restsWei), abi.encode(_three(3 ether, 2 ether, BUDGET - 3 ether)));
        vm.assertEq(rights.restOf(grandchildId), 2 ether);
        vm.expectRevert(abi.encodeWithSelector(IUsageRights.UnknownRight.selector, 5));
        rights.lineOf(5);
    }

    function _three(uint256 a, uint256 b, uint256 c) private pure returns (uint256[] memory list) {
        list = new uint256[](3);
        (list[0], list[1], list[2]) = (a, b, c);
    }

    function test_WhomTheOwnerApprovedMayGrant() public {
        vm.prank(payer);
        rights.approve(stranger, rootId);
        uint256 rightId = grant(stranger, grantTo(rootId, student, 1 ether));
        vm.assertEq(rights.ownerOf(rightId), student);
    }

    function test_AnEndpointCanBeNarrowedAndKept() public {
        IUsageRights.Grant memory terms = grantTo(rootId, student, 2);
        terms.endpointHash = "one";
        terms.parentId = grant(payer, terms);
        uint256 rightId = grant(student, terms);
        vm.assertEq(rights.rightOf(rightId).endpointHash, "one");
    }

    function test_AChildWithoutTheActToGrantCanPassNothingOn() public {
        IUsageRights.Grant memory terms = grantTo(rootId, student, 2);
        terms.acts = ACT_USE | ACT_STOP | ACT_EXTEND;
        uint256 rightId = grant(payer, terms);
        vm.expectRevert(
            abi.encodeWithSelector(IUsageRights.ActNotAllowed.selector, rightId, ACT_USE | ACT_GRANT)
        );
        grant(student, grantTo(rightId, stranger, 1));
    }
}
