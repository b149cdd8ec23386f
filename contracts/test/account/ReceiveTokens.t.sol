// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ComputeAccountTest} from "../support/ComputeAccountTest.sol";
import {IAccount} from "@account-abstraction/interfaces/IAccount.sol";
import {IAccountExecute} from "@account-abstraction/interfaces/IAccountExecute.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

contract Nft is ERC721("Nft", "NFT") {
    function mint(address recipient) external {
        _safeMint(recipient, 1);
    }
}

contract MultiToken is ERC1155("") {
    function mint(address recipient, uint256[] calldata ids, uint256[] calldata amounts) external {
        _mint(recipient, ids[0], amounts[0], "");
        _mintBatch(recipient, ids, amounts, "");
    }
}

/// @notice Leases' rights and models are NFTs: an account must be able to hold them.
contract ReceiveTokensTest is ComputeAccountTest {
    function test_ReceivesNfts() public {
        Nft nft = new Nft();
        nft.mint(address(account));
        vm.assertEq(nft.ownerOf(1), address(account));
    }

    function test_ReceivesMultiTokens() public {
        MultiToken multiToken = new MultiToken();
        uint256[] memory numbers = new uint256[](1);
        numbers[0] = 5;
        multiToken.mint(address(account), numbers, numbers);
        vm.assertEq(multiToken.balanceOf(address(account), 5), 10);
    }

    function test_SaysWhatItIs() public view {
        IERC165 asked = IERC165(address(account));
        vm.assertTrue(asked.supportsInterface(type(IERC165).interfaceId));
        vm.assertTrue(asked.supportsInterface(type(IAccount).interfaceId));
        vm.assertTrue(asked.supportsInterface(type(IAccountExecute).interfaceId));
        vm.assertTrue(asked.supportsInterface(type(IERC1271).interfaceId));
        vm.assertTrue(asked.supportsInterface(type(IERC721Receiver).interfaceId));
        vm.assertTrue(asked.supportsInterface(type(IERC1155Receiver).interfaceId));
        vm.assertFalse(asked.supportsInterface(0xffffffff));
    }
}
