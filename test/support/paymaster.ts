// Our paymaster as its operator runs it: a process of its own, one policy, a signer that the contract knows.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { privateKeyToAddress } from 'viem/accounts'
import { allowPaymasterSigner } from '../../scripts/deploy/paymasterSigners.ts'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import type { TestChain } from './chain.ts'
import { type Daemon, startDaemon } from './daemon.ts'
import { anvilKey } from './keys.ts'

const signerKey = anvilKey(8)

/** The chain's faucet key owns the paymaster contract. */
export async function startPaymaster(options: {
  chain: Pick<TestChain, 'deployment' | 'faucet' | 'faucetKey'>
  rpcUrl: string
  folder: string
  flags?: Readonly<Record<string, string | number>>
}): Promise<Daemon> {
  const { chain, rpcUrl, folder, flags = {} } = options
  const { contracts } = chain.deployment
  const allowed = await allowPaymasterSigner({
    client: chain.faucet,
    paymaster: contracts.paymaster,
    signer: privateKeyToAddress(signerKey),
  })
  if (!allowed.ok) throw new Error(allowed.refusal.message)
  const policies = join(folder, 'policies.json')
  writeFileSync(policies, JSON.stringify({ policies: [approvalsPolicy(chain)] }))
  return await startDaemon({
    main: join(workspaceRoot, 'paymaster/packed/main.js'),
    flags: {
      'rpc-url': rpcUrl,
      paymaster: contracts.paymaster,
      policies,
      port: 0,
      'data-file': join(folder, 'paymaster.sqlite'),
      'poll-milliseconds': 100,
      'log-level': 'debug',
      ...flags,
    },
    environment: {
      WORLDLAND_PAYMASTER_SIGNER_KEY: signerKey,
      WORLDLAND_PAYMASTER_TREASURY_KEY: chain.faucetKey,
    },
    logFile: join(folder, 'paymaster.log'),
  })
}

/** Sponsors approvals of the compute token, for any SimpleAccount. */
function approvalsPolicy({ deployment: { contracts } }: Pick<TestChain, 'deployment'>): object {
  return {
    id: 'approvals',
    name: 'Approvals',
    default: true,
    contracts: [{ address: contracts.token, functions: ['approve(address,uint256)'] }],
    factories: [contracts.simpleAccountFactory],
    limits: { costPerOperationWei: '0.1ether', global: { costWei: '10ether' } },
  }
}
