// Keeps containers from what this host and its neighbours serve: a provider stands at home or in an office as often as in a
// data centre, among routers, stores and metadata services that trust whoever is near. Machines reach the internet, name
// servers, and the door of workers. Written into the host's firewall, beside the engine's own rules; for that takes root.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { hostPath } from '../process/hostTools.ts'
import type { MachineNetwork } from './machineNetwork.ts'

export type HostGuard = {
  /** Cheap where all is in place: another program may have taken the rules away. */
  enforce(network: MachineNetwork): Promise<void>
  admit(port: number): void
}

/** Private, shared by carriers, and link-local, where clouds keep the keys of a host. */
const neighbourhoods = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16']
const patienceMilliseconds = 10_000
const run = promisify(execFile)

export function createHostGuard(onUnguarded: (reason: string) => void): HostGuard {
  const admitted = new Set<number>()
  let written = ''
  let isTold = false

  return {
    async enforce(network) {
      const reason = whyNot(network)
      if (reason !== undefined) {
        if (!isTold) onUnguarded(reason)
        isTold = true
        return
      }
      const { input, forward, rules } = guardRules(network, [...admitted].sort())
      const isThere =
        (await hasJump('INPUT', network.bridge, input)) &&
        (await hasJump('DOCKER-USER', network.bridge, forward))
      if (isThere && written === rules) return
      await restore(rules)
      for (const [chain, own] of [
        ['INPUT', input],
        ['DOCKER-USER', forward],
      ] as const) {
        if (!(await hasJump(chain, network.bridge, own)))
          await iptables('-I', chain, '1', ...jump(network.bridge, own))
      }
      written = rules
    },
    admit(port) {
      admitted.add(port)
    },
  }
}

/** As iptables-restore takes them: a chain that is named there is emptied first, all in one step. */
export function guardRules(
  { bridge, gateway }: MachineNetwork,
  admittedPorts: readonly number[],
): { readonly input: string; readonly forward: string; readonly rules: string } {
  const input = `IN-${bridge}`
  const forward = `FWD-${bridge}`
  const lines = [
    '*filter',
    `:${input} - [0:0]`,
    `:${forward} - [0:0]`,
    // Answers to what this host asked of a machine's ports.
    `-A ${input} -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT`,
    ...['udp', 'tcp'].map(kind => `-A ${input} -p ${kind} --dport 53 -j ACCEPT`),
    ...admittedPorts.map(port => `-A ${input} -d ${gateway} -p tcp --dport ${port} -j ACCEPT`),
    `-A ${input} -j REJECT`,
    ...['udp', 'tcp'].map(kind => `-A ${forward} -p ${kind} --dport 53 -j RETURN`),
    ...neighbourhoods.map(net => `-A ${forward} -d ${net} -m conntrack --ctstate NEW -j REJECT`),
    'COMMIT',
  ]
  return { input, forward, rules: `${lines.join('\n')}\n` }
}

function whyNot({ bridge }: MachineNetwork): string | undefined {
  if (process.getuid?.() !== 0) return 'the daemon is not root'
  if (!existsSync(`/sys/class/net/${bridge}`))
    return 'the engine runs on another host, or in a machine of its own'
  return undefined
}

function jump(bridge: string, chain: string): readonly string[] {
  return ['-i', bridge, '-j', chain]
}

async function hasJump(chain: string, bridge: string, own: string): Promise<boolean> {
  return await iptables('-C', chain, ...jump(bridge, own)).then(
    () => true,
    () => false,
  )
}

async function iptables(...args: readonly string[]): Promise<void> {
  await run('iptables', ['-w', '5', ...args], { timeout: patienceMilliseconds, env: { PATH: hostPath } })
}

async function restore(rules: string): Promise<void> {
  const restoring = run('iptables-restore', ['-w', '5', '--noflush'], {
    timeout: patienceMilliseconds,
    env: { PATH: hostPath },
  })
  restoring.child.stdin?.end(rules)
  await restoring
}
