// The paymaster under measurement: a process of its own with a ledger on the disk, as its operator runs it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answersHealthy } from '../../devnet/untilHealthy.ts'
import type { StartedChain } from '../benchChain.ts'
import type { BenchRun } from '../benchRun.ts'
import { type SubjectProcess, startSubjectProcess } from '../subjectProcess.ts'
import type { PaymasterChain } from './paymasterChain.ts'

/** `command` finds RPC_URL, PAYMASTER, POLICIES, SIGNER_KEY_FILE, PORT and DATA_DIRECTORY in its environment. */
export async function startPaymasterProcess(
  run: BenchRun,
  options: { command: string; chain: StartedChain; prepared: PaymasterChain; port: number },
): Promise<SubjectProcess> {
  const { command, chain, prepared, port } = options
  const { paymaster, token, simpleAccountFactory } = chain.contracts
  const policies = join(run.folder, 'policies.json')
  const policy = {
    id: 'bench',
    name: 'Bench',
    default: true,
    contracts: [{ address: token, functions: ['approve(address,uint256)'] }],
    factories: [simpleAccountFactory],
    limits: {
      costPerOperationWei: '1ether',
      perSender: { costWei: '500ether' },
      global: { costWei: '1000ether' },
    },
  }
  writeFileSync(policies, JSON.stringify({ policies: [policy] }))
  const signerKeyFile = join(run.folder, 'signer.key')
  writeFileSync(signerKeyFile, prepared.signerKey, { mode: 0o600 })
  return await startSubjectProcess(run, {
    name: 'paymaster',
    command,
    port,
    environment: {
      RPC_URL: chain.rpcUrl,
      PAYMASTER: paymaster,
      POLICIES: policies,
      SIGNER_KEY_FILE: signerKeyFile,
      DATA_DIRECTORY: run.folder,
    },
    serves: url => answersHealthy(url).catch(() => false),
  })
}
