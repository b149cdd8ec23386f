// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

// Accounts and paymasters that each do one thing a bundler must notice, and are otherwise in order.

struct PackedUserOperation {
    address sender;
    uint256 nonce;
    bytes initCode;
    bytes callData;
    bytes32 accountGasLimits;
    uint256 preVerificationGas;
    bytes32 gasFees;
    bytes paymasterAndData;
    bytes signature;
}

interface IEntryPoint {
    function balanceOf(address account) external view returns (uint256);
}

/// Somebody else's contract.
contract Stranger {
    uint256 public visits;

    function visit() external payable {
        visits += 1;
    }

    receive() external payable {}
}

interface IToken {
    function balanceOf(address holder) external view returns (uint256);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// Harmless while it is shut; once open, whoever approved it and calls it loses its tokens.
contract Trapdoor {
    bool private isOpen;

    function open() external {
        isOpen = true;
    }

    function step(IToken token, address accomplice) external {
        if (isOpen) token.transferFrom(msg.sender, accomplice, token.balanceOf(msg.sender));
    }
}

/// Takes any operation, pays what it owes and executes what it is told.
contract HonestAccount {
    Stranger internal immutable stranger;

    constructor(Stranger aStranger) payable {
        stranger = aStranger;
    }

    function validateUserOp(PackedUserOperation calldata, bytes32, uint256 missingFunds)
        external
        returns (uint256)
    {
        _duringValidation();
        if (missingFunds > 0) {
            (bool paid,) = msg.sender.call{value: missingFunds}("");
            paid; // the EntryPoint looks for itself
        }
        return _validationData();
    }

    function execute(address target, uint256 value, bytes calldata data) external {
        (bool done, bytes memory answer) = target.call{value: value}(data);
        if (!done) {
            assembly {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    function fail(string calldata reason) external pure {
        revert(reason);
    }

    function _duringValidation() internal virtual {}

    function _validationData() internal view virtual returns (uint256) {
        return 0;
    }

    receive() external payable {}
}

contract ReadsTimestamp is HonestAccount {
    constructor(Stranger aStranger) payable HonestAccount(aStranger) {}

    function _duringValidation() internal view override {
        require(block.timestamp > 0);
    }
}

contract ReadsGasLeft is HonestAccount {
    constructor(Stranger aStranger) payable HonestAccount(aStranger) {}

    function _duringValidation() internal view override {
        require(gasleft() > 100);
    }
}

contract ReadsOwnBalance is HonestAccount {
    constructor(Stranger aStranger) payable HonestAccount(aStranger) {}

    function _duringValidation() internal view override {
        require(address(this).balance > 0);
    }
}

contract CreatesContract is HonestAccount {
    constructor(Stranger aStranger) payable HonestAccount(aStranger) {}

    function _duringValidation() internal override {
        new Stranger();
    }
}

contract WritesForeignStorage is HonestAccount {
    constructor(Stranger aStranger) payable HonestAccount(aStranger) {}

    function _duringValidation() internal override {
        stranger.visit();
    }
}

contract ReadsForeignStorage is HonestAccount {
    constructor(Stranger aStranger) payable HonestAccount(aStranger) {}

    function _duringValidation() internal view override {
        require(stranger.visits() == 0);
    }
}

contract CallsWithValue is HonestAccount {
    constructor(Stranger aStranger) payable HonestAccount(aStranger) {}

    function _duringValidation() internal override {
        (bool sent,) = address(stranger).call{value: 1}("");
        sent;
    }
}

contract CallsNobody is HonestAccount {
    constructor(Stranger aStranger) payable HonestAccount(aStranger) {}

    function _duringValidation() internal override {
        (bool answered,) = address(uint160(uint256(keccak256("nobody")))).call("");
        answered;
    }
}

contract AsksEntryPoint is HonestAccount {
    constructor(Stranger aStranger) payable HonestAccount(aStranger) {}

    function _duringValidation() internal view override {
        require(IEntryPoint(msg.sender).balanceOf(address(this)) < type(uint256).max);
    }
}

contract HidesOutOfGas is HonestAccount {
    constructor(Stranger aStranger) payable HonestAccount(aStranger) {}

    function burn() external pure {
        for (uint256 i = 0; i < 1000; i++) {}
    }

    function _duringValidation() internal view override {
        try this.burn{gas: 3000}() {} catch {}
    }
}

contract RefusesSignature is HonestAccount {
    constructor(Stranger aStranger) payable HonestAccount(aStranger) {}

    function _validationData() internal pure override returns (uint256) {
        return 1;
    }
}

contract Expired is HonestAccount {
    constructor(Stranger aStranger) payable HonestAccount(aStranger) {}

    function _validationData() internal pure override returns (uint256) {
        return uint256(1000) << 160; // validUntil: long past
    }
}

contract NotYetValid is HonestAccount {
    constructor(Stranger aStranger) payable HonestAccount(aStranger) {}

    function _validationData() internal pure override returns (uint256) {
        return uint256(0xffffffff) << 208; // validAfter: the year 2106
    }
}

contract RevertsInValidation is HonestAccount {
    constructor(Stranger aStranger) payable HonestAccount(aStranger) {}

    function _duringValidation() internal pure override {
        revert("not today");
    }
}

/// Pays for everybody.
contract GenerousPaymaster {
    function validatePaymasterUserOp(PackedUserOperation calldata, bytes32, uint256)
        external
        virtual
        returns (bytes memory context, uint256 validationData)
    {
        return ("", 0);
    }
}

contract RefusingPaymaster {
    error NotACustomer(address sender);

    function validatePaymasterUserOp(PackedUserOperation calldata operation, bytes32, uint256)
        external
        pure
        returns (bytes memory, uint256)
    {
        revert NotACustomer(operation.sender);
    }
}

contract ForgetfulPaymaster {
    function validatePaymasterUserOp(PackedUserOperation calldata, bytes32, uint256)
        external
        pure
        returns (bytes memory context, uint256 validationData)
    {
        return ("", 1); // does not know its own signature
    }
}
