#!/usr/bin/env node
// worldland-pay: a local door that pays, for clients that know only a base URL and an API key.
import { randomBytes } from 'node:crypto'
import { BaseError, createPublicClient, createWalletClient, http, isAddress, type PublicClient } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { getSession } from '../../actions/session/getSession.ts'
import type { ComputeContracts } from '../../chains/computeContracts.ts'
import { worldland } from '../../chains/worldland.ts'
import { ComputeError } from '../../errors/computeError.ts'
import { createFileVoucherStore } from '../../serving/node/fileVoucherStore.ts'
import { startLocalProxy } from '../../serving/node/localProxy.ts'
import { openPaidSession } from '../../serving/node/openPaidSession.ts'
import { readPrivateFile, writePrivateFile } from '../../serving/node/privateFiles.ts'
import { createPayingFetch } from '../../serving/payingFetch.ts'
import { readContractsFile } from '../rent/contractsFile.ts'
import { exitCodeOf } from '../rent/exitCode.ts'
import { SettingError } from '../rent/settingError.ts'
import { type PaySettings, payHelp, readPaySettings } from './paySettings.ts'

async function run(): Promise<number> {
  // biome-ignore lint/style/noProcessEnv: the one place where the environment comes in
  const settings = readPaySettings(process.argv.slice(2), process.env)
  if (settings === 'help') process.stdout.write(payHelp)
  else await serve(settings)
  return 0
}

async function serve(settings: PaySettings): Promise<void> {
  const { providerUrl, port, budgetWei, secondsAhead, apiKeyFile, stateFile } = settings
  const { contracts } = readContractsFile(settings.contractsFile)
  if (!isAddress(contracts.serverlessSession ?? '')) {
    throw new SettingError(`${settings.contractsFile} has no address of serverlessSession (--contracts-file)`)
  }
  const store = ofSettings(() => createFileVoucherStore(stateFile))
  const apiKey = ofSettings(() => localApiKey(apiKeyFile))
  const account = privateKeyToAccount(settings.key)
  const client = createPublicClient({ chain: worldland, transport: http(settings.rpcUrl) }) as PublicClient
  const chainId = await client.getChainId()
  const { sessionId, rightId } = await sessionOf(settings, { contracts, client, account, chainId })
  const session = await getSession(client, { contracts, sessionId })
  if (session.state !== 'open')
    throw new SettingError(`Session ${sessionId} is ${session.state}: give another, or --open an offer`)
  const fetch = createPayingFetch({
    ...{ contracts, chainId, signer: account, store, secondsAhead },
    sessions: [
      {
        ...{ sessionId, rightId, budgetWei },
        pricePerSecondWei: session.pricePerSecondWei,
        provider: session.provider,
      },
    ],
  })
  const proxy = await startLocalProxy({ providerUrl, apiKey, fetch, port })
  const base = `${proxy.url}/v2`
  process.stdout.write(
    `${JSON.stringify({ listening: base, sessionId: `${sessionId}`, apiKeyFile, budgetWei: `${budgetWei}` })}\n`,
  )
  process.stderr.write(
    `worldland-pay: session ${sessionId} pays ${providerUrl}. Use ${base} as the base URL (RUNPOD_ENDPOINT_BASE_URL), and the key in ${apiKeyFile}\n`,
  )
  await new Promise(resolve => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  fetch.stop()
  await proxy.stop()
}

async function sessionOf(
  { pays, budgetWei }: PaySettings,
  on: {
    readonly contracts: ComputeContracts
    readonly client: PublicClient
    readonly account: PrivateKeyAccount
    readonly chainId: number
  },
): Promise<{ readonly sessionId: bigint; readonly rightId: bigint | undefined }> {
  if ('sessionId' in pays) return pays
  const { contracts, client, account, chainId } = on
  const transport = http(client.transport.url)
  const wallet = createWalletClient({ account, chain: { ...worldland, id: chainId }, transport })
  const sessionId = await openPaidSession(wallet, { contracts, budgetWei, ...pays })
  return { sessionId, rightId: undefined }
}

/** A file that will not do is no bug. */
function ofSettings<Value>(open: () => Value): Value {
  try {
    return open()
  } catch (error) {
    throw new SettingError((error as Error).message, { cause: error })
  }
}

function localApiKey(path: string): string {
  const present = readPrivateFile(path)?.trim()
  if (present === '')
    throw new SettingError(`${path} (--api-key-file) is empty: take it away, and a key is made`)
  if (present !== undefined) return present
  const made = `wlpay_${randomBytes(24).toString('base64url')}`
  writePrivateFile(path, `${made}\n`)
  return made
}

try {
  process.exitCode = await run()
} catch (error) {
  // viem's errors go on for many lines, and may repeat the request.
  const [says] = (error instanceof Error ? error.message : String(error)).split('\n', 1)
  const remedy = error instanceof ComputeError ? ` ${error.remedy}` : ''
  process.stderr.write(`worldland-pay: ${says}${remedy}\n`)
  const isOutage = error instanceof BaseError && !(error instanceof ComputeError)
  process.exitCode = isOutage ? 69 : exitCodeOf(error)
}
