// What the behaviour that all drivers share is tried on: one provider's machines, with as many lives of its daemon as a
// test needs.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome } from '../../outcome.ts'
import type { Machine, MachineDriver, MachineRefusal, MachineSpec } from '../machineDriver.ts'

export type DriverStage = {
  /** Another life of the daemon; closed with the stage. */
  createDriver(): MachineDriver
  /** One that has `/bin/sh`; undefined where there are no images. */
  readonly image: string | undefined
  /** Answers every connection to the machine's port with `hello`. */
  serveHello(port: number): readonly string[]
  /** What is left on this host of a machine: processes, folders, containers. */
  leftovers(machine: Machine): Promise<readonly string[]>
  /** Names that are in every environment, beside what was asked for. */
  readonly ownVariables: readonly string[]
}

const patienceMilliseconds = 30_000

export function specOf(stage: DriverStage, key: string, script?: string): MachineSpec {
  return {
    key,
    owner: 'lease',
    image: stage.image,
    isImageListed: true,
    ...(script !== undefined && { command: ['/bin/sh', '-c', script] }),
    environment: {},
    ports: [],
    gpus: [],
  }
}

export function accepted<Value>(outcome: Outcome<Value, MachineRefusal>): Value {
  if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.message}`)
  return outcome.value
}

/** Waits for what comes by itself; the bound is for what never comes. */
export async function waitFor<Value>(
  what: string,
  look: () => Promise<Value | undefined> | Value | undefined,
): Promise<Value> {
  const end = Date.now() + patienceMilliseconds
  for (;;) {
    const seen = await look()
    if (seen !== undefined) return seen
    if (Date.now() > end) throw new Error(`${what} did not come within ${patienceMilliseconds} ms`)
    await sleep(20)
  }
}

export async function waitForExit(driver: MachineDriver, key: string): Promise<Machine> {
  return await waitFor(`the end of ${key}`, async () => {
    const machine = await driver.find(key)
    return machine?.state === 'exited' && machine.exitCode !== undefined ? machine : undefined
  })
}

export async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const chunk of chunks) pieces.push(chunk)
  return Buffer.concat(pieces).toString()
}
