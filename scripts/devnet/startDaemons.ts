// Starts bundler and paymaster of the devnet, side by side, with the devnet's keys.
import { existsSync, writeFileSync } from 'node:fs'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { Child } from './childProcess.ts'
import { type DaemonName, startDaemon } from './daemonProcess.ts'
import type { DataDirectory } from './dataDirectory.ts'
import type { DevnetKeys } from './devnetKeys.ts'
import { writePolicies } from './devnetPolicies.ts'
import type { DevnetPorts } from './devnetPorts.ts'
import type { Watchdog } from './watchdog.ts'

/** The devnet's blocks come every two seconds: what lands should be seen soon after. */
const pollMilliseconds = 250

/** Settings by name, beside those that every devnet has. */
export type MoreSettings = Readonly<Partial<Record<DaemonName, Readonly<Record<string, string | number>>>>>

export async function startDaemons(options: {
  readonly rpcUrl: string
  readonly ports: DevnetPorts
  readonly keys: DevnetKeys
  readonly contracts: ComputeContracts
  readonly data: DataDirectory
  readonly watchdog: Watchdog
  readonly signal: AbortSignal
  readonly onStarted: (child: Child) => void
  readonly more: MoreSettings
}): Promise<{ readonly bundlerUrl: string; readonly paymasterUrl: string }> {
  const { rpcUrl, ports, keys, contracts, data, watchdog, signal, onStarted, more } = options
  const bundlerUrl = `http://127.0.0.1:${ports.bundler}`
  const paymasterUrl = `http://127.0.0.1:${ports.paymaster}`
  const common = { dataDirectory: data.path, watchdog, signal, onStarted }
  await Promise.all([
    startDaemon({
      ...common,
      name: 'bundler',
      url: bundlerUrl,
      settings: {
        rpcUrl,
        paymasterUrl,
        // The paymaster, which tells for whom it has gas estimated.
        trustedProxies: '127.0.0.1',
        port: ports.bundler,
        pollMilliseconds,
        executorKeys: keys.executors.map(key => key.privateKey).join(','),
        dataFile: data.file('bundler.sqlite'),
        ...more.bundler,
      },
    }),
    startDaemon({
      ...common,
      name: 'paymaster',
      url: paymasterUrl,
      settings: {
        rpcUrl,
        port: ports.paymaster,
        // The bundler, which tells for whom it asks.
        trustedProxies: '127.0.0.1',
        paymaster: contracts.paymaster,
        signerKeyFile: signerKeyFile(data, keys),
        treasuryKey: keys.paymasterOwner.privateKey,
        bundlerUrl,
        policies: writePolicies(data, contracts),
        // Blocks come many times as fast as on WorldLand, and so do base fees fall on which a client stands that is slow.
        baseFeePercent: 2_000,
        pollMilliseconds,
        dataFile: data.file('paymaster.sqlite'),
        ...more.paymaster,
      },
    }),
  ])
  return { bundlerUrl, paymasterUrl }
}

/** In a file, so that another key can be written into it and the signer rotated; what a kept devnet has rotated to, stays. */
function signerKeyFile(data: DataDirectory, keys: DevnetKeys): string {
  const file = data.file('paymaster-signer.keys')
  if (!existsSync(file)) writeFileSync(file, `${keys.paymasterSigner.privateKey}\n`, { mode: 0o600 })
  return file
}
