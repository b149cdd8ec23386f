// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IServerlessSession} from "../../src/market/IServerlessSession.sol";
import {ACT_ALL, ACT_USE, IUsageRights} from "../../src/rights/IUsageRights.sol";
import {WholeMarketTest} from "./WholeMarketTest.sol";

/// @notice A provider that takes vouchers by the rule of the SDK's `verifyVoucher`, and payers and holders who sign, grant,
/// revoke, transfer, lend, let expire and close in any order before it redeems them.
contract VoucherActors is WholeMarketTest {
    /// @dev A voucher that was taken, and when.
    struct Taken {
        IServerlessSession.SignedVoucher signed;
        uint256 atBlock;
        uint256 atSecond;
    }

    uint256[] public rightIds;
    uint256 public takenCount;
    uint256 public redeemedCount;
    address[4] private _people;
    mapping(address account => uint256) private _keyOf;
    mapping(uint256 rightId => uint256) private _sessionOf;
    mapping(uint256 rightId => Taken) private _taken;

    function setUp() public override {
        super.setUp();
        string[4] memory names = ["payer", "signer", "student", "colleague"];
        for (uint256 i = 0; i < 4; ++i) {
            (address account, uint256 key) = makeAddrAndKey(names[i]);
            (_people[i], _keyOf[account]) = (account, key);
        }
        opens(2 hours);
        opens(20 minutes);
    }

    // ─── The provider ────────────────────────────────────────────────────────

    /// @dev Its owner's voucher, its user's, or that of somebody who holds nothing; of all that is left, or of a part.
    function takesAVoucher(uint256 which, uint256 who, uint96 amountWei) public {
        uint256 rightId = _right(which);
        address by = who % 3 == 0 ? rights.userOf(rightId) : rights.ownerOf(rightId);
        if (who % 16 == 15 || by == address(0)) by = _people[who % 4];
        IServerlessSession.Voucher memory voucher = _next(rightId, uint96(bound(amountWei, 1, 6 ether)));
        if (!_isTaken(voucher, by)) return;
        _taken[rightId] = Taken(sign(voucher, _keyOf[by]), block.number, block.timestamp);
        ++takenCount;
    }

    /// @dev One after the other, of whatever rights: budgets that are shared run short.
    function takesVouchers(uint256 seed) external {
        for (uint256 i = 0; i < 8; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            takesAVoucher(random, random >> 64, uint96(random >> 128));
        }
    }

    function redeems(uint256 which) external {
        Taken memory taken = _taken[_right(which)];
        require(taken.atBlock != 0, "nothing taken");
        vm.prank(provider);
        session.redeem(taken.signed);
        ++redeemedCount;
    }

    /// @notice Redeems all it has taken within the last hour of blocks; reverts if one of them is not paid.
    function redeemAll(bool backwards) external {
        uint256 count = rightIds.length;
        for (uint256 i = 0; i < count; ++i) {
            uint256 rightId = rightIds[backwards ? count - 1 - i : i];
            if (!_isWithinItsHour(_taken[rightId]) || _owedWei(rightId) == 0) continue;
            uint256 owedWei = _owedWei(rightId);
            vm.prank(provider);
            vm.assertEq(session.redeem(_taken[rightId].signed), owedWei, "paid");
        }
    }

    // ─── Payers and holders ──────────────────────────────────────────────────

    function opens(uint48 lifeSeconds) public {
        uint48 expires = uint48(block.timestamp + bound(lifeSeconds, 10 minutes, 1 days));
        vm.prank(payer);
        uint256 sessionId = session.open(useOfferId, BUDGET, PRICE, signer, expires);
        _remember(rootOf(sessionId), sessionId);
    }

    function grants(uint256 which, uint256 who, uint96 budgetWei, uint48 lifeSeconds, bool all) external {
        uint256 parentId = _right(which);
        IUsageRights.Right memory parent = rights.rightOf(parentId);
        uint256 restWei = rights.restOf(parentId);
        address owner = rights.ownerOf(parentId);
        uint256 expires = block.timestamp + bound(lifeSeconds, 0, 1 hours);
        IUsageRights.Grant memory terms = grantTo(parentId, _people[who % 4], 0);
        terms.budgetWei = uint96(all ? restWei : bound(budgetWei, 0, restWei));
        terms.expires = expires < parent.expires ? uint48(expires) : parent.expires;
        terms.acts = ACT_ALL & parent.acts;
        vm.prank(owner);
        _remember(rights.grant(terms), _sessionOf[parentId]);
    }

    function revokes(uint256 which, uint256 who) external {
        vm.prank(_people[who % 4]);
        rights.revoke(_right(which));
    }

    function transfers(uint256 which, uint256 who) external {
        uint256 rightId = _right(which);
        address owner = rights.ownerOf(rightId);
        vm.prank(owner);
        rights.transferFrom(owner, _people[who % 4], rightId);
    }

    /// @dev To somebody, to nobody, or to its user of now for less time; for a while, to its end, or for ever.
    function lends(uint256 which, uint256 who, uint64 lifeSeconds) external {
        uint256 rightId = _right(which);
        address owner = rights.ownerOf(rightId);
        address user = who % 6 == 4 ? address(0) : who % 6 == 5 ? rights.userOf(rightId) : _people[who % 4];
        uint64 expires = uint64(block.timestamp + bound(lifeSeconds, 0, 1 hours));
        if (lifeSeconds % 4 == 0) expires = rights.rightOf(rightId).expires;
        if (lifeSeconds % 16 == 1) expires = type(uint64).max;
        vm.prank(owner);
        rights.setUser(rightId, user, expires);
    }

    function closes(uint256 which, uint256 who) external {
        if (_isRare(which)) return;
        vm.prank(_people[who % 4]);
        session.close(_session(which));
    }

    function finalizes(uint256 which) external {
        session.finalize(_session(which));
    }

    function topsUp(uint256 which, uint96 amountWei) external {
        vm.prank(payer);
        session.topUp(_session(which), uint96(bound(amountWei, 1, 2 ether)));
    }

    // ─── Time ────────────────────────────────────────────────────────────────

    /// @dev Over an hour, blocks of proof of work come every two to fifteen seconds.
    function waits(uint256 blocks, uint256 secondsEach) external {
        blocks = bound(blocks, 1, blocks % 4 == 0 ? 400 : 40);
        vm.roll(block.number + blocks);
        vm.warp(block.timestamp + blocks * bound(secondsEach, 2, 15));
    }

    function letsExpire(uint256 which) external {
        if (_isRare(which)) return;
        uint256 expires = rights.rightOf(_right(which)).expires;
        if (block.timestamp > expires) return;
        vm.roll(block.number + (expires - block.timestamp) / 10 + 1);
        vm.warp(expires + 1);
    }

    // ─── Inside ──────────────────────────────────────────────────────────────

    /// @dev What ends everything is done less often than what it ends.
    function _isRare(uint256 which) private pure returns (bool) {
        return uint256(keccak256(abi.encode(which))) % 4 != 0;
    }

    function _session(uint256 which) private view returns (uint256) {
        return 1 + which % session.sessionCount();
    }

    /// @dev Mostly a late one: sessions of long ago are closed.
    function _right(uint256 which) private view returns (uint256) {
        uint256 count = rightIds.length;
        uint256 latest = which % 4 == 0 || count < 6 ? count : 6;
        return rightIds[count - 1 - (which / 4) % latest];
    }

    function _remember(uint256 rightId, uint256 sessionId) private {
        rightIds.push(rightId);
        _sessionOf[rightId] = sessionId;
    }

    function _next(uint256 rightId, uint96 amountWei)
        private
        view
        returns (IServerlessSession.Voucher memory)
    {
        uint256 sessionId = _sessionOf[rightId];
        IServerlessSession.Lane memory lane = session.laneOf(sessionId, rightId);
        IServerlessSession.Voucher memory last = _taken[rightId].signed.voucher;
        bool isNewer = last.cumulativeWei > lane.cumulativeWei;
        uint96 lastWei = isNewer ? last.cumulativeWei : lane.cumulativeWei;
        uint64 sequence = isNewer ? last.sequence : lane.sequence;
        IServerlessSession.Voucher memory voucher = voucherOf(sessionId, lastWei + amountWei, sequence + 1);
        voucher.rightId = rightId;
        return voucher;
    }

    /// @dev The rule of `verifyVoucher`: the session is open, the signer holds a right in force, and every right from it
    /// to the root has left what this voucher and all others taken below it come to.
    function _isTaken(IServerlessSession.Voucher memory voucher, address by) private view returns (bool) {
        if (sessionState(voucher.sessionId) != IServerlessSession.SessionState.Open) return false;
        if (!rights.isRightAuthorized(voucher.rightId, by, ACT_USE, 0)) return false;
        uint96 paidWei = session.laneOf(voucher.sessionId, voucher.rightId).cumulativeWei;
        (uint256[] memory line, uint256[] memory restsWei) = rights.lineOf(voucher.rightId);
        for (uint256 i = 0; i < line.length; ++i) {
            uint256 othersWei = _takenBelowWei(line[i], voucher.rightId);
            if (voucher.cumulativeWei - paidWei + othersWei > restsWei[i]) return false;
        }
        return true;
    }

    /// @dev What was taken and not redeemed of the right and all below it, but for one of them.
    function _takenBelowWei(uint256 rightId, uint256 butId) private view returns (uint256 sumWei) {
        for (uint256 i = 0; i < rightIds.length; ++i) {
            uint256 owedWei = rightIds[i] == butId ? 0 : _owedWei(rightIds[i]);
            if (owedWei == 0) continue;
            (uint256[] memory line,) = rights.lineOf(rightIds[i]);
            for (uint256 k = 0; k < line.length; ++k) {
                if (line[k] == rightId) sumWei += owedWei;
            }
        }
    }

    function _owedWei(uint256 rightId) private view returns (uint256) {
        uint96 takenWei = _taken[rightId].signed.voucher.cumulativeWei;
        uint96 paidWei = session.laneOf(_sessionOf[rightId], rightId).cumulativeWei;
        return takenWei > paidWei ? takenWei - paidWei : 0;
    }

    function _isWithinItsHour(Taken memory taken) private view returns (bool) {
        return taken.atBlock != 0 && block.number <= taken.atBlock + HONOUR_BLOCKS
            && block.timestamp <= taken.atSecond + rights.HONOUR_SECONDS();
    }
}
