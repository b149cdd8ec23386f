// Accounts of others, by unmodified permissionless clients, at the addresses where the clients look for them.
import { createRequire } from 'node:module'
import { createSmartAccountClient, type SmartAccountClient } from 'permissionless'
import { toSafeSmartAccount, toSimpleSmartAccount } from 'permissionless/accounts'
import { createPimlicoClient } from 'permissionless/clients/pimlico'
import {
  type Address,
  concatHex,
  createPublicClient,
  encodeAbiParameters,
  type Hex,
  http,
  parseEther,
  zeroHash,
} from 'viem'
import { entryPoint06Address, entryPoint07Address, type SmartAccount } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { worldLand } from 'viem/chains'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startBundler } from '../support/bundler.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import type { Daemon } from '../support/daemon.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
const requireJson = createRequire(import.meta.url)
const deterministicDeployer: Address = '0x4e59b44847b379578588920ca78fbf26c0b4956c'
const simpleFactory06: Address = '0x9406Cc6185a346906296840746125a0E44976454'

// Safe 1.4.1 and its module 0.3.0, as permissionless knows them.
const safe = 'build/artifacts/@safe-global/safe-contracts/contracts'
const safeContracts: readonly (readonly [file: string, address: Address, argument?: Address])[] = [
  [`${safe}/proxies/SafeProxyFactory.sol/SafeProxyFactory`, '0x4e1DCf7AD4e460CfD30791CCC4F9c8a4f820ec67'],
  [`${safe}/Safe.sol/Safe`, '0x41675C099F32341bf84BFc5382aF534df5C7461a'],
  [`${safe}/libraries/MultiSend.sol/MultiSend`, '0x38869bf66a61cF6bDB996A6aE40D5853Fd43B526'],
  [
    'build/artifacts/contracts/SafeModuleSetup.sol/SafeModuleSetup',
    '0x2dd68b007B46fBe91B9A7c3EDa5A7a1063cB5b47',
  ],
  [
    'build/artifacts/contracts/Safe4337Module.sol/Safe4337Module',
    '0x75cf11467937ce3F2f357CE24ffc3DBF8fD5c226',
    entryPoint07Address,
  ],
]

let chain: TestChain
const bundlers: Partial<Record<'0.6' | '0.7', Daemon>> = {}

beforeAll(async () => {
  chain = await startTestChain()
  const { bytecode } = requireJson('aa-contracts-06/artifacts/EntryPoint.json')
  await send({ to: deterministicDeployer, data: concatHex([zeroHash, bytecode]) })
  await put('aa-contracts-06/artifacts/SimpleAccountFactory', simpleFactory06, entryPoint06Address)
  for (const [file, address, argument] of safeContracts) {
    await put(`@safe-global/safe-4337/${file}`, address, argument)
  }
  bundlers['0.7'] = await startBundler({ rpcUrl: chain.rpcUrl, folder })
  bundlers['0.6'] = await startBundler({
    rpcUrl: chain.rpcUrl,
    folder,
    flags: { 'entry-point': entryPoint06Address, 'data-file': ':memory:' },
  })
  await chain.mineEvery(1)
})
afterAll(async () => {
  for (const bundler of Object.values(bundlers)) await bundler.stop()
  await chain?.stop()
})

async function send(transaction: { to?: Address; data: Hex }): Promise<Address | undefined> {
  const hash = await chain.faucet.sendTransaction({ ...transaction, gas: 8_000_000n })
  const { contractAddress } = await chain.faucet.waitForTransactionReceipt({ hash })
  return contractAddress ?? undefined
}

/** Deploys a published contract, and puts what came of it where its users look for it. */
async function put(file: string, address: Address, argument?: Address): Promise<void> {
  const { bytecode } = requireJson(`${file}.json`)
  const argumentBytes = argument === undefined ? '0x' : encodeAbiParameters([{ type: 'address' }], [argument])
  const deployed = await send({ data: concatHex([bytecode, argumentBytes]) })
  const code = deployed && (await chain.client.getCode({ address: deployed }))
  if (code === undefined) throw new Error(`${file} cannot be deployed on London`)
  await chain.anvil.setCode({ address, bytecode: code })
}

const publicClient = () =>
  createPublicClient({ chain: worldLand, transport: http(chain.rpcUrl), pollingInterval: 100 })

async function landsTwice(account: SmartAccount, bundler: Daemon | undefined): Promise<void> {
  const transport = http(bundler?.url)
  const { address, version } = account.entryPoint
  const pimlico = createPimlicoClient({
    transport,
    chain: worldLand,
    entryPoint: { address, version: version as '0.7' },
  })
  const client: SmartAccountClient = createSmartAccountClient({
    account,
    chain: worldLand,
    client: publicClient(),
    bundlerTransport: transport,
    pollingInterval: 200,
    userOperation: { estimateFeesPerGas: async () => (await pimlico.getUserOperationGasPrice()).fast },
  }) as never
  await chain.anvil.setBalance({ address: account.address, value: parseEther('1') })
  const target = privateKeyToAccount(generatePrivateKey()).address
  for (const wei of [1n, 2n]) {
    const hash = await client.sendUserOperation({ account, calls: [{ to: target, value: wei, data: '0x' }] })
    const receipt = await client.waitForUserOperationReceipt({ hash, timeout: 60_000 })
    expect(receipt).toMatchObject({ success: true, entryPoint: address })
  }
  expect(await chain.client.getBalance({ address: target })).toBe(3n)
}

it('a Safe 1.4.1 with its ERC-4337 module lands its deployment and what follows', async () => {
  const account = await toSafeSmartAccount({
    client: publicClient(),
    owners: [privateKeyToAccount(generatePrivateKey())],
    version: '1.4.1',
    entryPoint: { address: entryPoint07Address, version: '0.7' },
  })
  await landsTwice(account, bundlers['0.7'])
})

it('a SimpleAccount of EntryPoint v0.6 lands its deployment and what follows', async () => {
  const account = await toSimpleSmartAccount({
    client: publicClient(),
    owner: privateKeyToAccount(generatePrivateKey()),
    entryPoint: { address: entryPoint06Address, version: '0.6' },
  })
  await landsTwice(account as SmartAccount, bundlers['0.6'])
})
