// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPromiseCourt} from "../../src/bundling/IPromiseCourt.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice A beneficiary that takes coins only as long as it likes.
contract MoodyBeneficiary {
    bool public refuses;

    function refuse(bool refuses_) external {
        refuses = refuses_;
    }

    receive() external payable {
        require(!refuses);
    }
}

/// @notice Pays for every operation, after spending gas.
contract SpendingPaymaster {
    uint256 private immutable _gas;

    constructor(uint256 gas_) {
        _gas = gas_;
    }

    function validatePaymasterUserOp(PackedUserOperation calldata, bytes32, uint256)
        external
        view
        returns (bytes memory context, uint256 validationData)
    {
        uint256 gasAtStart = gasleft();
        while (gasAtStart - gasleft() < _gas) {}
        return ("", 0);
    }
}

/// @notice Concludes, in the middle of whatever calls it, what it was told to.
contract Meddler {
    IPromiseCourt private immutable _court;
    IPromiseCourt.InclusionPromise private _promise;
    uint256 public concluded;
    uint256 public refused;

    constructor(IPromiseCourt court_) {
        _court = court_;
    }

    function aim(IPromiseCourt.InclusionPromise calldata promise_) external {
        _promise = promise_;
    }

    function meddle() external {
        try _court.conclude(_promise) {
            ++concluded;
        } catch {
            ++refused;
        }
    }
}
