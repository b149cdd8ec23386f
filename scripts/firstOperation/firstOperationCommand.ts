// Sends one sponsored operation of a new account through a bundler, and says what it cost whom.
import { readFileSync } from 'node:fs'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { httpUrl, integer, type SettingValues, text } from '@worldland-aa/service/config/setting'
import { formatEther } from 'viem'
import { type CommandView, runSettingsCommand } from '../settingsCommand.ts'
import { landSponsored } from './landSponsored.ts'

const firstOperationDefinition = {
  prefix: 'FIRST_OPERATION',
  settings: {
    rpcUrl: httpUrl({ group: 'Chain', describe: 'JSON-RPC of a node of the chain' }),
    bundlerUrl: httpUrl({
      group: 'Chain',
      describe: 'JSON-RPC of the bundler, which answers for its paymaster too',
      fallback: 'http://127.0.0.1:4337',
    }),
    contracts: text({
      group: 'Chain',
      describe: 'what `npm run deploy -- --output` wrote',
      placeholder: 'file',
      fallback: 'contracts.json',
    }),
    patienceSeconds: integer({
      group: 'Chain',
      describe: 'how long to wait for the block; one gap in 400 on WorldLand is above a minute',
      fallback: 300,
      minimum: 1,
      maximum: 86_400,
    }),
  },
} as const

/** What the process should exit with. */
export function runFirstOperationCommand(view: CommandView): Promise<number> {
  return runSettingsCommand(
    {
      name: 'first-operation',
      description:
        'Lands one operation of a new account that holds no coin: it is deployed and approves nothing, sponsored by the default policy.',
      examples: ['npm run first-operation -- --rpc-url http://127.0.0.1:8545 --contracts contracts.json'],
      definition: firstOperationDefinition,
      run: landFirstOperation,
    },
    view,
  )
}

async function landFirstOperation(
  settings: SettingValues<typeof firstOperationDefinition.settings>,
): Promise<number> {
  const { rpcUrl, bundlerUrl, patienceSeconds } = settings
  const contracts = readContracts(settings.contracts)
  if (contracts === undefined) {
    process.stderr.write(
      `${settings.contracts} does not hold a deployment's addresses: give what npm run deploy -- --output wrote\n`,
    )
    return 78 // EX_CONFIG of sysexits.h
  }
  const landed = await landSponsored({ rpcUrl, bundlerUrl, contracts, patienceSeconds })
  process.stdout.write(
    `${landed.userOperationHash} landed in block ${landed.blockNumber}\n` +
      `account ${landed.account} is deployed and holds no coin\n` +
      `paymaster ${landed.paymaster} paid ${formatEther(landed.costWei)} coins\n`,
  )
  return 0
}

function readContracts(path: string): ComputeContracts | undefined {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { contracts?: ComputeContracts }).contracts
  } catch {
    return undefined
  }
}
