// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice An ERC-20 of any number of decimals that can be told to behave as real tokens do, and as none should.
contract OddToken {
    enum Manner {
        Plain,
        NoAnswer,
        FalseAnswer,
        Reverts,
        BurnsGas,
        LongAnswer,
        Wasteful
    }

    uint8 public immutable decimals;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    mapping(address => bool) public isBlacklisted;
    uint256 public feeBps;
    Manner public pulling;
    Manner public refunding;

    error Blacklisted(address account);
    error InsufficientBalance(uint256 balance);
    error InsufficientAllowance(uint256 allowance);
    error Paused();

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function mint(address holder, uint256 amount) external {
        balanceOf[holder] += amount;
    }

    function setManner(Manner pulling_, Manner refunding_) external {
        (pulling, refunding) = (pulling_, refunding_);
    }

    function setFee(uint256 feeBps_) external {
        feeBps = feeBps_;
    }

    function setBlacklisted(address account, bool isBlacklisted_) external {
        isBlacklisted[account] = isBlacklisted_;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address recipient, uint256 amount) external {
        _answer(refunding, msg.sender, recipient, amount);
    }

    function transferFrom(address owner, address recipient, uint256 amount) external {
        uint256 allowed = allowance[owner][msg.sender];
        if (allowed < amount) revert InsufficientAllowance(allowed);
        allowance[owner][msg.sender] = allowed - amount;
        _answer(pulling, owner, recipient, amount);
    }

    function _answer(Manner manner, address owner, address recipient, uint256 amount) private {
        if (manner == Manner.Reverts) revert Paused();
        if (manner == Manner.BurnsGas) while (true) {}
        // Succeeds with next to nothing left.
        if (manner == Manner.Wasteful) while (gasleft() > 6_200) {}
        if (manner == Manner.FalseAnswer) _return(0, 32);
        _move(owner, recipient, amount);
        if (manner == Manner.NoAnswer) return;
        _return(1, manner == Manner.LongAnswer ? 20_000 : 32);
    }

    function _move(address owner, address recipient, uint256 amount) private {
        if (isBlacklisted[recipient]) revert Blacklisted(recipient);
        uint256 balance = balanceOf[owner];
        if (balance < amount) revert InsufficientBalance(balance);
        balanceOf[owner] = balance - amount;
        balanceOf[recipient] += amount - amount * feeBps / 10_000;
    }

    function _return(uint256 word, uint256 length) private pure {
        assembly {
            let at := mload(0x40)
            mstore(at, word)
            return(at, length)
        }
    }
}
