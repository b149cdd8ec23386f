// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

// A token that is not the compute token, and the places on the chain where its price is told.

contract PlainToken {
    string public name = "Test Dollar";
    string public symbol = "TUSD";
    uint8 public immutable decimals;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    mapping(address => bool) public isBarred;

    event Transfer(address indexed from, address indexed to, uint256 value);

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    /// Tells nobody, as tokens do whose balances grow by themselves.
    function mint(address holder, uint256 amount) external {
        balanceOf[holder] += amount;
    }

    function bar(address holder, bool isBarred_) external {
        isBarred[holder] = isBarred_;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address recipient, uint256 amount) external returns (bool) {
        return _move(msg.sender, recipient, amount);
    }

    function transferFrom(address owner, address recipient, uint256 amount) external returns (bool) {
        allowance[owner][msg.sender] -= amount;
        return _move(owner, recipient, amount);
    }

    function _move(address owner, address recipient, uint256 amount) private returns (bool) {
        require(!isBarred[owner] && !isBarred[recipient], "barred");
        balanceOf[owner] -= amount;
        balanceOf[recipient] += amount;
        emit Transfer(owner, recipient, amount);
        return true;
    }
}

/// As Chainlink's AggregatorV3Interface.
contract PriceFeed {
    uint8 public immutable decimals;
    uint80 private roundId;
    uint80 private answeredInRound;
    int256 private answer;
    uint256 private updatedAt;

    constructor(uint8 decimals_, int256 answer_) {
        decimals = decimals_;
        tell(answer_, block.timestamp);
    }

    function tell(int256 answer_, uint256 updatedAt_) public {
        roundId += 1;
        (answeredInRound, answer, updatedAt) = (roundId, answer_, updatedAt_);
    }

    function tellNow(int256 answer_) external {
        tell(answer_, block.timestamp);
    }

    /// A round that repeats what an earlier one said.
    function carryOver() external {
        roundId += 1;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (roundId, answer, updatedAt, updatedAt, answeredInRound);
    }
}

/// The part of a Uniswap V2 pair that tells prices.
contract PricePair {
    address public immutable token0;
    address public immutable token1;
    uint112 private reserve0;
    uint112 private reserve1;
    uint32 private lastSeconds;
    uint256 public price0CumulativeLast;
    uint256 public price1CumulativeLast;

    constructor(address token0_, address token1_) {
        (token0, token1) = (token0_, token1_);
    }

    function trade(uint112 reserve0_, uint112 reserve1_) external {
        uint32 nowSeconds = uint32(block.timestamp);
        unchecked {
            uint256 elapsed = uint32(nowSeconds - lastSeconds);
            if (elapsed > 0 && reserve0 != 0 && reserve1 != 0) {
                price0CumulativeLast += ((uint256(reserve1) << 112) / reserve0) * elapsed;
                price1CumulativeLast += ((uint256(reserve0) << 112) / reserve1) * elapsed;
            }
        }
        (reserve0, reserve1, lastSeconds) = (reserve0_, reserve1_, nowSeconds);
    }

    function getReserves() external view returns (uint112, uint112, uint32) {
        return (reserve0, reserve1, lastSeconds);
    }
}
