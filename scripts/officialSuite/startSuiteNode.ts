// A geth that mines when a transaction comes, with the EntryPoint where every chain has it.
import type { ChildProcess } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Address,
  concatHex,
  createWalletClient,
  type Hex,
  http,
  parseEther,
  publicActions,
  zeroHash,
} from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { readAccountAbstractionArtifact } from '../deploy/artifact.ts'
import { createDeploymentClient } from '../deploy/deploymentClient.ts'
import { deterministicDeployerAddress, ensureDeterministicDeployer } from '../deploy/deterministicDeployer.ts'
import { sendTransactions } from '../deploy/sendTransactions.ts'
import type { SuiteOptions } from './suiteOptions.ts'
import { startProcess, untilAnswering } from './suiteProcesses.ts'

export type SuiteNode = {
  readonly process: ChildProcess
  readonly url: string
  readonly entryPoint: Address
  /** Keys that hold coin enough for the suite. */
  readonly executorKeys: readonly Hex[]
}

const entryPoints = {
  '0.6': {
    package: 'aa-contracts-06',
    salt: zeroHash,
    address: '0x5FF137D4b0FDCD49DcA30c7CF57E578a026d2789',
  },
  '0.7': {
    package: '@account-abstraction/contracts',
    salt: '0x90d8084deab30c2a37c45e8d47f49f2f7965183cb6990a98943ef94940681de3',
    address: '0x0000000071727De22E5E9d8BAf0edAc6f37da032',
  },
  '0.8': {
    package: 'aa-contracts-08',
    salt: '0x0a59dbff790c23c976a548690c27297883cc66b4c67024f9117b0238995e35e9',
    address: '0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108',
  },
} as const

const executors = 2

export async function startSuiteNode(options: SuiteOptions): Promise<SuiteNode> {
  const { nodePort, folder, version } = options
  const data = join(folder, 'geth')
  await rm(data, { recursive: true, force: true })
  const url = `http://127.0.0.1:${nodePort}`
  const child = startProcess(options, 'geth', options.geth, [
    ...['--dev', '--dev.gaslimit', '30000000', '--datadir', data],
    ...[
      '--http',
      '--http.port',
      String(nodePort),
      '--http.api',
      'eth,net,web3,debug',
      '--rpc.allow-unprotected-txs',
    ],
    ...[
      '--authrpc.port',
      '0',
      '--port',
      '0',
      '--nodiscover',
      '--maxpeers',
      '0',
      '--ipcdisable',
      '--verbosity',
      '2',
    ],
  ])
  await untilAnswering(child, url)
  const executorKeys = Array.from({ length: executors }, () => generatePrivateKey())
  const deployer = generatePrivateKey()
  await fund(url, [deployer, ...executorKeys])
  const client = await createDeploymentClient({ rpcUrl: url, privateKey: deployer, pollMilliseconds: 100 })
  const found = await ensureDeterministicDeployer(client)
  if (!found.ok) throw new Error(found.refusal.message)
  const { salt, address, package: source } = entryPoints[version]
  const { creationCode } = readAccountAbstractionArtifact('EntryPoint', source)
  await sendTransactions(client, [
    { to: deterministicDeployerAddress, data: concatHex([salt, creationCode]) },
  ])
  if ((await client.getCode({ address })) === undefined) throw new Error(`No EntryPoint came to ${address}`)
  return { process: child, url, entryPoint: address, executorKeys }
}

/** From the account that geth's development chain begins with. */
async function fund(url: string, keys: readonly Hex[]): Promise<void> {
  const wallet = createWalletClient({ transport: http(url), pollingInterval: 100 }).extend(publicActions)
  const [account] = await wallet.getAddresses()
  if (account === undefined) throw new Error('The node signs for nobody: is it geth --dev?')
  for (const key of keys) {
    const hash = await wallet.sendTransaction({
      account,
      chain: null,
      to: privateKeyToAddress(key),
      value: parseEther('1000'),
    })
    await wallet.waitForTransactionReceipt({ hash })
  }
}
