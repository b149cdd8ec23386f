// The deploy command: reads its settings, deploys, and says what stands where.
import { writeFileSync } from 'node:fs'
import {
  httpUrl,
  optionalAddress,
  optionalText,
  type SettingValues,
  text,
  toggle,
} from '@worldland-aa/service/config/setting'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { type Hex, zeroAddress } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { type CommandView, runSettingsCommand } from '../settingsCommand.ts'
import { allowPaymasterSigner } from './allowPaymasterSigner.ts'
import { deployAll } from './deployAll.ts'
import { createDeploymentClient, type DeploymentClient } from './deploymentClient.ts'
import { deploymentFile, deploymentJson, showStep } from './showDeployment.ts'

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
    output: optionalText({
      group: 'Output',
      describe: 'file to write the addresses to, as JSON',
      placeholder: 'file',
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
        'npm run deploy -- --rpc-url https://seoul.worldland.foundation --key-file ./deployer.key --output addresses.json',
      ],
      definition: deployDefinition,
      run: deploy,
    },
    view,
  )
}

async function deploy(settings: SettingValues<typeof deployDefinition.settings>): Promise<number> {
  const { rpcUrl, key, paymasterOwner, paymasterSigner, output, json } = settings
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
  if (paymasterSigner !== undefined) {
    const { paymaster } = deployed.value.contracts
    const allowed = await allowPaymasterSigner({ client, paymaster, signer: paymasterSigner })
    if (!allowed.ok) {
      say(allowed.refusal.message)
      return allowed.refusal.code
    }
    if (!json) process.stdout.write(`${paymasterSigner} may sign for the paymaster\n`)
  }
  if (json) process.stdout.write(`${deploymentJson(deployed.value)}\n`)
  if (output !== undefined) writeFileSync(output, deploymentFile(deployed.value))
  if (output !== undefined && !json) process.stdout.write(`Addresses written to ${output}\n`)
  return 0
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
