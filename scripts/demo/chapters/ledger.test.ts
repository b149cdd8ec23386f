import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { waitForTransaction } from '@worldland-aa/sdk/account/waitForTransaction'
import { getComputeEvents } from '@worldland-aa/sdk/events/getComputeEvents'
import { type Anvil, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import { type Hash, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { deployAll } from '../../deploy/deployAll.ts'
import { createDeploymentClient, type DeploymentClient } from '../../deploy/deploymentClient.ts'
import { devnetKeys } from '../../devnet/devnetKeys.ts'
import type { DevnetFile } from '../../devnet/startDevnet.ts'
import { createNodeClient } from '../marketClient.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { tankLines } from './tankBooks.ts'

describe('the ledger of the story', () => {
  let anvil: Anvil
  let faucet: DeploymentClient
  let network: DevnetFile
  let ledger: Ledger
  const alice = privateKeyToAddress(generatePrivateKey())

  beforeAll(async () => {
    anvil = await startAnvil()
    const privateKey = devnetKeys().deployer.privateKey
    faucet = await createDeploymentClient({ rpcUrl: anvil.url, privateKey, pollMilliseconds: 20 })
    const deployed = await deployAll({ client: faucet })
    if (!deployed.ok) throw new Error(deployed.refusal.message)
    network = {
      ...deployed.value,
      chainId: 103,
      rpcUrl: anvil.url,
      bundlerUrl: 'http://127.0.0.1:1',
      paymasterUrl: 'http://127.0.0.1:1',
      faucetKey: privateKey,
    }
    await depositTo(faucet.account.address, parseEther('1'))
  })
  afterAll(async () => anvil.stop())
  beforeEach(async () => {
    ledger = await openLedger(network, {
      client: createNodeClient(network),
      people: [{ name: 'alice', address: alice }],
    })
  })

  const mined = async (hash: Hash) => await waitForTransaction(faucet, { hash })
  const token = () => ({ address: network.contracts.token, abi: computeTokenAbi })
  const depositTo = async (to: `0x${string}`, value: bigint) =>
    await mined(await faucet.writeContract({ ...token(), functionName: 'depositTo', args: [to], value }))

  it('says who gained what, chapter by chapter', async () => {
    await depositTo(alice, 7n)
    const first = await ledger.close()
    expect(first.accounts.filter(({ changeWei }) => changeWei !== 0n)).toMatchObject([
      { name: 'alice', wei: 7n, changeWei: 7n },
      { name: 'not in circulation', changeWei: -7n },
    ])
    await depositTo(alice, 5n)
    const second = await ledger.close()
    expect(second.fromBlock).toBe(first.toBlock + 1n)
    expect(second.accounts[0]).toMatchObject({ name: 'alice', wei: 12n, changeWei: 5n })
  })

  it('does not close when a single wei came from where no event of the market says', async () => {
    await mined(await faucet.writeContract({ ...token(), functionName: 'transfer', args: [alice, 1n] }))
    await expect(ledger.close()).rejects.toThrow('do not add up: alice: 1 wei instead of 0 wei')
  })

  it('does not close when a stranger gained what is in nobody else’s books', async () => {
    await depositTo(faucet.account.address, 3n)
    await expect(ledger.close()).rejects.toThrow('do not add up: all together')
  })

  it('holds every gas tank against what the events say went in', async () => {
    const { contracts } = network
    const client = createNodeClient(network)
    const tank = { address: contracts.paymaster, abi: computePaymasterAbi, functionName: 'fillTank' } as const
    const approval = { ...token(), functionName: 'approve', args: [contracts.paymaster, 5n] } as const
    await mined(await faucet.writeContract(approval))
    const { blockNumber } = await mined(await faucet.writeContract({ ...tank, args: [alice, 5n] }))
    const range = { contracts, fromBlock: blockNumber, toBlock: blockNumber }
    const people = [{ name: 'alice', address: alice }]
    const events = await getComputeEvents(client, range)
    expect(await tankLines(client, { ...range, people, events })).toEqual([
      { name: 'gas tank of alice', actualWei: 5n, expectedWei: 5n },
      { name: 'all gas tanks', actualWei: 5n, expectedWei: 5n },
    ])
    const withoutEvents = await tankLines(client, { ...range, people, events: [] })
    expect(withoutEvents.map(({ expectedWei }) => expectedWei)).toEqual([0n, 0n])
  })

  it('does not close when somebody holds native coin', async () => {
    await mined(await faucet.sendTransaction({ to: alice, value: 1n }))
    await expect(ledger.close()).rejects.toThrow('native coin of alice')
  })
})
