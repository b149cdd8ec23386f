// What lies where in the data folder.
import { join } from 'node:path'

export const databasePath = (dataFolder: string): string => join(dataFolder, 'provider.sqlite')
export const sealingKeyPath = (dataFolder: string): string => join(dataFolder, 'sealing.key')
export const sshHostKeyPath = (dataFolder: string): string => join(dataFolder, 'ssh-host.key')
export const workerKeyPath = (dataFolder: string): string => join(dataFolder, 'worker.key')
export const laneTokenKeyPath = (dataFolder: string): string => join(dataFolder, 'lane-token.key')
export const webhookKeyPath = (dataFolder: string): string => join(dataFolder, 'webhook.key')
export const machinesFolder = (dataFolder: string): string => join(dataFolder, 'machines')
export const filesFolder = (dataFolder: string): string => join(dataFolder, 'files')

export function controlPath(config: {
  readonly dataFolder: string
  readonly controlSocket?: string | undefined
}): string {
  return config.controlSocket ?? join(config.dataFolder, 'provider.control')
}
