// The network of one provider's machines: each reaches the world outside, and none of the others. Ports are published on
// this host's loopback alone.
import type Docker from 'dockerode'
import { labels } from './containerOptions.ts'
import { isMissing, statusOf } from './engineErrors.ts'

export type MachineNetwork = { readonly name: string; readonly bridge: string; readonly gateway: string }

export async function ensureNetwork(docker: Docker, provider: string): Promise<MachineNetwork> {
  const name = `worldland-${provider}`
  // Known by name, for who writes firewall rules; Linux takes 15 characters.
  const bridge = `wl-${provider.slice(-10)}`
  const found =
    (await inspectNetwork(docker, name)) ?? (await makeNetwork(docker, { name, bridge, provider }))
  const gateway = found.IPAM?.Config?.find(({ Gateway }) => Gateway !== undefined)?.Gateway
  if (gateway === undefined)
    throw new Error(`the engine's network ${name} has no gateway: remove it, it is made anew`)
  return { name, bridge, gateway: gateway.split('/')[0] ?? gateway }
}

async function makeNetwork(
  docker: Docker,
  asked: { readonly name: string; readonly bridge: string; readonly provider: string },
): Promise<Docker.NetworkInspectInfo> {
  const { name, bridge, provider } = asked
  try {
    await docker.createNetwork({
      Name: name,
      Driver: 'bridge',
      CheckDuplicate: true,
      Labels: { [labels.provider]: provider },
      Options: {
        'com.docker.network.bridge.enable_icc': 'false',
        'com.docker.network.bridge.name': bridge,
      },
    })
  } catch (error) {
    // Made by another call meanwhile.
    if (statusOf(error) !== 409) throw error
  }
  const made = await inspectNetwork(docker, name)
  if (made === undefined) throw new Error(`the engine made the network ${name}, and does not know it`)
  return made
}

async function inspectNetwork(docker: Docker, name: string): Promise<Docker.NetworkInspectInfo | undefined> {
  try {
    return await docker.getNetwork(name).inspect()
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
