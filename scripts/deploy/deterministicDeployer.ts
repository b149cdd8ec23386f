// The CREATE2 deployer that stands at the same address on every chain (Arachnid's): with it a contract's
// address follows from its code alone. Put on chain by one transaction that nobody holds the key to.

import { waitForTransaction } from '@worldland-aa/sdk/account/waitForTransaction'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { BaseError, type Hex, parseEther } from 'viem'
import type { DeploymentClient } from './deploymentClient.ts'
import { sendTransactions } from './sendTransactions.ts'

export const deterministicDeployerAddress = '0x4e59b44847b379578588920cA78FbF26c0B4956C'
export const deterministicDeployerCode =
  '0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3'

/** Signed without a chain id (before EIP-155), 100,000 gas at 100 gwei; its signature was made up, not made. */
const creationTransaction: Hex =
  '0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222'
const creationSender = '0x3fAB184622Dc19b6109349B94811493BF2a45362'
const creationCostWei = parseEther('0.01')
const creationGasPriceWei = 100_000_000_000n

/** Puts the deployer on the chain where it is missing. A refusal says what a person has to do. */
export async function ensureDeterministicDeployer(
  client: DeploymentClient,
): Promise<Result<{ readonly found: boolean }>> {
  const code = await client.getCode({ address: deterministicDeployerAddress })
  if (code === deterministicDeployerCode) return accept({ found: true })
  if (code !== undefined) {
    return refused(`Other code than the deterministic deployer stands at ${deterministicDeployerAddress}`)
  }
  const { baseFeePerGas } = await client.getBlock({ blockTag: 'latest' })
  if (baseFeePerGas !== null && baseFeePerGas > creationGasPriceWei) {
    return refused(
      `The deterministic deployer can only be created at a gas price of 100 gwei, and the base fee is above it: try again when the chain is quieter`,
    )
  }
  const funds = await client.getBalance({ address: creationSender })
  if (funds < creationCostWei) {
    await sendTransactions(client, [{ to: creationSender, data: '0x', value: creationCostWei - funds }])
  }
  try {
    const hash = await client.sendRawTransaction({ serializedTransaction: creationTransaction })
    await waitForTransaction(client, { hash })
  } catch (error) {
    if (!(error instanceof BaseError)) throw error
    return refused(
      [
        `The deterministic deployer is missing at ${deterministicDeployerAddress}, and this node does not take the transaction that creates it: ${error.details}`,
        'Most nodes refuse transactions signed without a chain id over RPC. The sender is funded, so any way to the chain does:',
        "  - a node of your own, started with --rpc.allow-unprotected-txs (geth's flag), gossips it to the miners;",
        "  - or ask the chain's operators to send it. The raw transaction:",
        `  ${creationTransaction}`,
        'Then run this command again.',
      ].join('\n'),
    )
  }
  return accept({ found: false })
}

function refused(message: string): Result<never> {
  return refuse({ code: 69, message }) // EX_UNAVAILABLE of sysexits.h
}
