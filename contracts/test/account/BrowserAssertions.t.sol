// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeAccount} from "../../src/account/IComputeAccount.sol";
import {PasskeyTest} from "../support/PasskeyTest.sol";
import {PackedUserOperation} from "@account-abstraction/interfaces/PackedUserOperation.sol";

/// @notice Assertions that real browsers gave over one challenge, as published with the test suites of viem
/// and of Base's webauthn-sol; checked by node:crypto besides.
contract BrowserAssertionsTest is PasskeyTest {
    bytes32 private constant CHALLENGE = 0xf631058a3ba1116acce12396fad0a125b5041c43f8e15723709f81aa8d5f4ccf;

    // The credential of the Chrome and Safari assertions.
    uint256 private constant X =
        28573233055232466711029625910063034642429572463461595413086259353299906450061;
    uint256 private constant Y =
        39367742072897599771788408398752356480431855827262528811857788332151452825281;

    function test_Chrome() public {
        _assertLetIn(
            abi.encode(X, Y),
            hex"49960de5880e8c687434170f6476605b8fe4aeb9a28632c7995cf3ba831d9763050000010a",
            '{"type":"webauthn.get","challenge":"9jEFijuhEWrM4SOW-tChJbUEHEP44VcjcJ-Bqo1fTM8","origin":"http://localhost:3005","crossOrigin":false}',
            29739767516584490820047863506833955097567272713519339793744591468032609909569,
            45947455641742997809691064512762075989493430661170736817032030660832793108102
        );
    }

    function test_Safari() public {
        _assertLetIn(
            abi.encode(X, Y),
            hex"49960de5880e8c687434170f6476605b8fe4aeb9a28632c7995cf3ba831d97630500000101",
            '{"type":"webauthn.get","challenge":"9jEFijuhEWrM4SOW-tChJbUEHEP44VcjcJ-Bqo1fTM8","origin":"http://localhost:3005"}',
            43684192885701841787131392247364253107519555363555461570655060745499568693242,
            22655632649588629308599201066602670461698485748654492451178007896016452673579
        );
    }

    /// @dev By an extension that keeps the passkey; it is synchronised, and the counter stays at zero.
    function test_FirefoxWithAPasswordManager() public {
        _assertLetIn(
            abi.encode(
                44614816799078269475358047303051634413161263247311473071495733982312972971969,
                46167236825796363714760407637183215339795593866991122305568923653847108814360
            ),
            hex"49960de5880e8c687434170f6476605b8fe4aeb9a28632c7995cf3ba831d97631d00000000",
            '{"type":"webauthn.get","challenge":"9jEFijuhEWrM4SOW-tChJbUEHEP44VcjcJ-Bqo1fTM8","origin":"http://localhost:5173"}',
            113791849669138837781667788757552147501372344687388971338283671717487200515057,
            5390836038580862917709632535460377625750500964730124261384576347991859205326
        );
    }

    function _assertLetIn(
        bytes memory owner_,
        bytes memory authenticatorData,
        bytes memory clientDataJSON,
        uint256 r,
        uint256 s
    ) private {
        IComputeAccount its = createAccount(owner_, 0);
        PackedUserOperation memory operation = operationOf(address(its), "", passkeyGas());
        operation.signature =
            abi.encode(Assertion(authenticatorData, clientDataJSON, 23, 1, bytes32(r), bytes32(s)));
        vm.prank(address(entryPoint));
        vm.assertEq(its.validateUserOp(operation, CHALLENGE, 0), 0);
        vm.prank(address(entryPoint));
        vm.assertEq(its.validateUserOp(operation, keccak256("another challenge"), 0), 1);
    }
}
