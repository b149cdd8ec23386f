// The deploy command: reads its settings, deploys, and says what stands where.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  httpUrl,
  integer,
  optionalAddress,
  optionalText,
  type SettingValues,
  text,
  toggle,
  wei,
} from '@worldland-aa/service/config/setting'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { accept, type Result } from '@worldland-aa/service/result'
import { type Hex, zeroAddress } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { type CommandView, runSettingsCommand } from '../settingsCommand.ts'
import { type Deployment, deployAll } from './deployAll.ts'
import { createDeploymentClient, type DeploymentClient } from './deploymentClient.ts'
import { setLeaderTip } from './leaderTip.ts'
import { allowPaymasterSigner, revokePaymasterSigner } from './paymasterSigners.ts'
import { deploymentFile, deploymentJson, showStep } from './showDeployment.ts'
import { type WrittenFile, writeStartConfiguration } from './startConfiguration.ts'

const deployDefinition = {
  prefix: 'DEPLOYER',
  settings: {
    rpcUrl: httpUrl({ group: 'Chain', describe: 'JSON-RPC of the chain to deploy to' }),
    key: text({
      group: 'Chain',
      describe: 'private key that pays for the deployment, 0x and 64 hex digits',
      secret: true,
    }),
    paymasterOwner: optionalAddress({
      group: 'Deployment',
      describe: "who sets the paymaster's signers and takes its revenue; default: the paying key's address",
    }),
    paymasterSigner: optionalAddress({
      group: 'Deployment',
      describe:
        'address of the key that the paymaster service signs with; allowed by the owner, if that is paying',
    }),
    revokePaymasterSigner: optionalAddress({
      group: 'Deployment',
      describe:
        'address of a key that shall sign for the paymaster no more; what it signed and has not landed fails from then on',
    }),
    leaderTipRegistry: optionalAddress({
      group: 'Deployment',
      describe:
        'BundlerRegistry by which the paymaster tips bundlers in turn; set by the owner, if that is paying',
    }),
    leaderTipWei: wei({
      group: 'Deployment',
      describe:
        'what a sponsored operation gives the bundler in turn by --leader-tip-registry; 0 for nothing',
      fallback: 0n,
    }),
    output: optionalText({
      group: 'Output',
      describe: 'file to write the addresses to, as JSON',
      placeholder: 'file',
    }),
    configuration: optionalText({
      group: 'Output',
      describe:
        'folder for bundler.json, paymaster.json and policies.json to start with; files that are there stay',
      placeholder: 'folder',
    }),
    bundlerPort: integer({
      group: 'Output',
      describe: 'where the bundler of --configuration is to listen',
      fallback: 4337,
      minimum: 1,
      maximum: 65_535,
    }),
    paymasterPort: integer({
      group: 'Output',
      describe: 'where the paymaster of --configuration is to listen',
      fallback: 4338,
      minimum: 1,
      maximum: 65_535,
    }),
    json: toggle({ group: 'Output', describe: 'print one JSON object instead of a table', fallback: false }),
  },
} as const

/** What the process should exit with. */
export function runDeployCommand(view: CommandView): Promise<number> {
  return runSettingsCommand(
    {
      name: 'deploy',
      description:
        'Deploys the EntryPoint, the account factory, the compute market and its paymaster where they are missing, and verifies the code of what is there. Safe to run again.',
      examples: [
        'npm run deploy -- --rpc-url https://seoul.worldland.foundation --key-file ./owner.key --output contracts.json',
      ],
      definition: deployDefinition,
      run: deploy,
    },
    view,
  )
}

type DeploySettings = SettingValues<typeof deployDefinition.settings>

async function deploy(settings: DeploySettings): Promise<number> {
  const { rpcUrl, key, paymasterOwner, output, configuration, json } = settings
  if (!isPrivateKey(key)) {
    say('The key must be 0x and 64 hex digits: check the file given by --key-file, or DEPLOYER_KEY')
    return 78 // EX_CONFIG of sysexits.h
  }
  let client: DeploymentClient
  try {
    client = await createDeploymentClient({ rpcUrl, privateKey: key })
  } catch (error) {
    say(`No node answers at ${rpcUrl}: ${reasonOf(error)}`)
    return 69 // EX_UNAVAILABLE
  }
  if (!json) process.stdout.write(`Chain ${client.chain.id}, paid by ${client.account.address}\n`)
  const deployed = await deployAll({
    client,
    paymasterOwner,
    onStep: step => {
      if (!json) process.stdout.write(`${showStep(step)}\n`)
    },
  })
  if (!deployed.ok) {
    say(deployed.refusal.message)
    return deployed.refusal.code
  }
  const set = await setPaymaster(client, deployed.value, settings)
  if (!set.ok) {
    say(set.refusal.message)
    return set.refusal.code
  }
  const files = [
    ...(output === undefined ? [] : [writeAddresses(output, deployed.value)]),
    ...(configuration === undefined
      ? []
      : writeStartConfiguration(configuration, { ...settings, ...deployed.value })),
  ]
  if (json) {
    process.stdout.write(`${deploymentJson(deployed.value)}\n`)
    return 0
  }
  for (const line of set.value) process.stdout.write(`${line}\n`)
  for (const { path, outcome } of files) {
    process.stdout.write(outcome === 'written' ? `Written: ${path}\n` : `Left as it is: ${path}\n`)
  }
  return 0
}

/** What was done, a sentence each. */
async function setPaymaster(
  client: DeploymentClient,
  { contracts: { paymaster } }: Deployment,
  settings: Pick<
    DeploySettings,
    'paymasterSigner' | 'revokePaymasterSigner' | 'leaderTipRegistry' | 'leaderTipWei'
  >,
): Promise<Result<readonly string[]>> {
  const { paymasterSigner: allow, revokePaymasterSigner: revoke } = settings
  const { leaderTipRegistry: registry, leaderTipWei: tipWei } = settings
  const done: string[] = []
  if (allow !== undefined) {
    const allowed = await allowPaymasterSigner({ client, paymaster, signer: allow })
    if (!allowed.ok) return allowed
    done.push(`${allow} may sign for the paymaster`)
  }
  if (revoke !== undefined) {
    const revoked = await revokePaymasterSigner({ client, paymaster, signer: revoke })
    if (!revoked.ok) return revoked
    done.push(`${revoke} may not sign for the paymaster`)
  }
  if (registry !== undefined) {
    const tipped = await setLeaderTip({ client, paymaster, registry, tipWei })
    if (!tipped.ok) return tipped
    done.push(
      tipWei === 0n
        ? 'The paymaster tips no bundlers'
        : `The paymaster tips bundlers in turn by ${registry} with ${tipWei} wei for a sponsored operation`,
    )
  }
  return accept(done)
}

function writeAddresses(path: string, deployment: Deployment): WrittenFile {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, deploymentFile(deployment))
  return { path, outcome: 'written' }
}

function isPrivateKey(key: string): key is Hex {
  try {
    return privateKeyToAddress(key as Hex) !== zeroAddress
  } catch {
    return false
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
