// What `start` reads after `join`: a file that says everything, so that it can be read, changed, and moved to a service.
import { resolve } from 'node:path'
import type { SettingValues } from '@worldland-aa/service/config/setting'
import { householdFiles } from './household.ts'
import type { joinSettings } from './joinSettings.ts'
import type { Network } from './networkFile.ts'

export function startConfigurationOf(
  settings: SettingValues<typeof joinSettings>,
  network: Network,
): Readonly<Record<string, unknown>> {
  const { folder, rpcUrl, port, paymasterUrl, p2pListen, p2pAnnounce } = settings
  const at = (name: keyof typeof householdFiles): string => resolve(folder, householdFiles[name])
  return {
    rpcUrl,
    entryPoint: network.entryPoint,
    port,
    ...(paymasterUrl !== undefined && { paymasterUrl, trustedProxies: ['127.0.0.1'] }),
    dataFile: at('data'),
    executorKeysFile: at('executors'),
    nodeKeyFile: at('node'),
    operatorKeyFile: at('operator'),
    bundlerRegistry: network.bundlerRegistry,
    bundleGuard: network.bundleGuard,
    p2pListen,
    p2pAnnounce,
    bootnodes: network.bootnodes,
  }
}
