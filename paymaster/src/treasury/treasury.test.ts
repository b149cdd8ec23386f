// What the service checks and does about contracts, stake and deposit, on a real chain.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterEach, describe, expect, it } from 'vitest'
import { landOperation } from '../testing/landOperation.ts'
import {
  approveCall,
  depositOf,
  fees,
  fillTank,
  gas,
  newAccount,
  stranger,
  tokensOf,
  viemClient,
} from '../testing/renter.ts'
import { type Chain, startChain } from '../testing/startChain.ts'
import {
  type PaymasterUnderTest,
  startPaymaster,
  testLogger,
  untilSettled,
} from '../testing/startPaymaster.ts'
import { readContractFacts } from './contractFacts.ts'
import { createTreasury } from './treasury.ts'

let chain: Chain
let service: PaymasterUnderTest | undefined

afterEach(async () => {
  await service?.stop()
  service = undefined
  await chain?.stop()
})

const info = () =>
  chain.client.readContract({
    address: chain.entryPoint,
    abi: entryPoint07Abi,
    functionName: 'getDepositInfo',
    args: [chain.paymaster],
  })

describe('at the start', () => {
  it.each([
    [{ entryPoint: stranger }, /no EntryPoint v0.7 at .* --entry-point/],
    [{ paymaster: stranger }, /no ComputePaymaster at .*npm run deploy/],
    [{ rpcUrl: 'http://127.0.0.1:1' }, /does not answer: is it running, and is --rpc-url right/],
    [{ depositMinimumWei: '2ether' }, /depositMinimumWei is above depositTargetWei/],
    [{ policies: '/nowhere.json' }, /the policy file \(--policies\): there is no file/],
  ])('refuses %j with what is wrong and how to mend it', async (settings, message) => {
    chain = await startChain()
    await expect(startPaymaster(chain, { settings })).rejects.toThrow(message)
  })

  it('refuses a contract that is no paymaster', async () => {
    chain = await startChain()
    const started = startPaymaster(chain, { settings: { paymaster: chain.token } })
    await expect(started).rejects.toThrow(/is no ComputePaymaster: give another by --paymaster/)
  })

  it('refuses a key that the paymaster does not trust, and says who can change that', async () => {
    chain = await startChain()
    const signerKey = generatePrivateKey()
    const { address } = privateKeyToAccount(signerKey)
    await expect(startPaymaster(chain, { settings: { signerKey } })).rejects.toThrow(
      `${address} is not a signer of the paymaster ${chain.paymaster}: its owner ${chain.owner.address} must call setSigner(${address}, true)`,
    )
  })

  it("makes up stake and deposit with the owner's key", async () => {
    chain = await startChain({ depositWei: parseEther('0.2'), stakeWei: 0n })
    const settings = {
      treasuryKey: chain.ownerKey,
      stakeWei: '2ether',
      unstakeDelaySeconds: 3600,
      depositTargetWei: '1.5ether',
    }
    service = await startPaymaster(chain, { settings })
    expect(await info()).toMatchObject({
      deposit: parseEther('1.5'),
      staked: true,
      stake: parseEther('2'),
      unstakeDelaySec: 3600,
    })
  })

  it('spends nothing when there is enough', async () => {
    chain = await startChain({ depositWei: parseEther('1'), stakeWei: parseEther('1') })
    const nonce = () => chain.client.getTransactionCount({ address: chain.owner.address })
    const before = await nonce()
    service = await startPaymaster(chain, { settings: { treasuryKey: chain.ownerKey } })
    expect(await nonce()).toBe(before)
  })

  it('serves without a treasury, and says in /health what is missing', async () => {
    chain = await startChain({ depositWei: 0n, stakeWei: 0n })
    service = await startPaymaster(chain)
    const health = await fetch(`${service.url}/health`)
    expect(health.status).toBe(503)
    expect(await health.json()).toMatchObject({
      checks: {
        deposit: expect.stringMatching(
          /^0 of 0 wei free, less than the \d+ that one operation may cost: fill it up$/,
        ),
        stake: expect.stringContaining('below'),
      },
    })
    const account = await newAccount(chain)
    const client = viemClient(chain, service.url, account, 'client')
    const paymasterContext = { token: chain.token }
    const asked = client.prepareUserOperation({
      calls: [approveCall(chain)],
      ...gas,
      ...fees,
      paymasterContext,
    })
    await expect(asked).rejects.toThrow(/gas deposit has 0 wei that are not spoken for/)
  })
})

describe('from then on', () => {
  it('fills the deposit up from collected tokens, and only then from the treasury', async () => {
    chain = await startChain({ depositWei: parseEther('1') })
    const settings = {
      treasuryKey: chain.ownerKey,
      depositMinimumWei: '0.9ether',
      depositTargetWei: '1ether',
      treasuryEveryBlocks: 1,
    }
    service = await startPaymaster(chain, { settings })
    await chain.mintTokens(chain.paymaster, parseEther('0.15'))
    const account = await newAccount(chain)
    const client = viemClient(chain, service.url, account, 'client')
    const paymasterContext = { token: chain.token }
    const operation = await client.prepareUserOperation({
      calls: [approveCall(chain)],
      ...gas,
      ...fees,
      paymasterContext,
    })
    await landOperation(chain, account, operation)
    await chain.wallet.writeContract({
      address: chain.paymaster,
      abi: computePaymasterAbi,
      functionName: 'withdrawDepositTo',
      args: [stranger, parseEther('0.3')],
    })
    await chain.anvil.client.mine({ blocks: 1 })
    await expect.poll(() => depositOf(chain)).toBe(parseEther('1'))
    expect(await tokensOf(chain, chain.paymaster)).toBe(0n)
  })

  it('collects what gas tanks have spent before it fills up, and never what they hold', async () => {
    chain = await startChain({ depositWei: parseEther('1') })
    const settings = {
      treasuryKey: chain.ownerKey,
      depositMinimumWei: '0.9ether',
      depositTargetWei: '1ether',
      treasuryEveryBlocks: 1,
      finalityBlocks: 2,
    }
    service = await startPaymaster(chain, { settings })
    const account = await newAccount(chain, 0n)
    await fillTank(chain, account.address, parseEther('0.5'))
    const client = viemClient(chain, service.url, account, 'client')
    const operation = await client.prepareUserOperation({
      calls: [approveCall(chain)],
      ...gas,
      ...fees,
      paymasterContext: { tank: true },
    })
    await landOperation(chain, account, operation)
    const paymaster = { address: chain.paymaster, abi: computePaymasterAbi } as const
    const read = (functionName: 'tankOf' | 'tankSpentOf') =>
      chain.client.readContract({ ...paymaster, functionName, args: [account.address] })
    const [heldWei, spentWei] = [await read('tankOf'), await read('tankSpentOf')]
    expect(heldWei + spentWei).toBe(parseEther('0.5'))
    await chain.anvil.client.mine({ blocks: 3 })
    // What was spent is collected only once it is final.
    await untilSettled(chain, service.url)
    await chain.wallet.writeContract({
      ...paymaster,
      functionName: 'withdrawDepositTo',
      args: [stranger, parseEther('0.3')],
    })
    await chain.anvil.client.mine({ blocks: 1 })
    await expect.poll(() => depositOf(chain)).toBe(parseEther('1'))
    expect(await read('tankSpentOf')).toBe(0n)
    expect(await read('tankOf')).toBe(heldWei)
    expect(await tokensOf(chain, chain.paymaster)).toBe(heldWei)
  })

  it('looks after it also where the chain has lost its last blocks', async () => {
    chain = await startChain({ depositWei: parseEther('0.1') })
    const { client, entryPoint, paymaster, signerKey } = chain
    const signer = privateKeyToAccount(signerKey).address
    const treasury = createTreasury({
      client,
      facts: await readContractFacts({ client, entryPoint, paymaster, signers: [signer] }),
      settings: {
        stakeWei: 0n,
        unstakeDelaySeconds: 1,
        depositMinimumWei: 1n,
        depositTargetWei: 1n,
        everyBlocks: 5,
      },
      tankSenders: async () => [],
      sender: undefined,
      logger: testLogger,
      onFirstRound: () => undefined,
    })
    treasury.onBlock(106n)
    await expect.poll(() => treasury.funds()?.depositWei).toBe(parseEther('0.1'))
    const paid = { address: paymaster, abi: computePaymasterAbi, functionName: 'deposit' } as const
    await client.waitForTransactionReceipt({ hash: await chain.wallet.writeContract({ ...paid, value: 1n }) })
    treasury.onBlock(23n)
    await expect.poll(() => treasury.funds()?.depositWei).toBe(parseEther('0.1') + 1n)
  })

  it('leaves a deposit above its minimum alone', async () => {
    chain = await startChain({ depositWei: parseEther('1') })
    const settings = { treasuryKey: chain.ownerKey, depositMinimumWei: '0.5ether', treasuryEveryBlocks: 1 }
    service = await startPaymaster(chain, { settings })
    const hash = await chain.wallet.writeContract({
      address: chain.paymaster,
      abi: computePaymasterAbi,
      functionName: 'withdrawDepositTo',
      args: [stranger, parseEther('0.3')],
    })
    // Counted is what is mined, and the node answers before it mines.
    await chain.client.waitForTransactionReceipt({ hash, pollingInterval: 20 })
    const nonce = await chain.client.getTransactionCount({ address: chain.owner.address })
    await chain.anvil.client.mine({ blocks: 5 })
    await untilSettled(chain, service.url)
    expect(await chain.client.getTransactionCount({ address: chain.owner.address })).toBe(nonce)
  })
})
