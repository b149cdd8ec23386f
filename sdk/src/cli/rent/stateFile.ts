// What the command keeps between its runs: the placement, what was sent and is not known to have landed, and the keys that
// the machines are reached with. Nobody but its owner may read it; it is replaced as a whole, so never half written.
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import type { Hex } from 'viem'
import type { PlacementPlan, PlannedMachine } from '../../actions/placement/plan.ts'
import type { RunningPlacement } from '../../actions/placement/runningPlacement.ts'
import { readMachine, readPlan, readRunningPlacement } from '../../placement/placementShape.ts'
import { type AccessKeyStore, accessKeyStore } from '../../sealing/accessKeyStore.ts'
import { fields, integer, type JsonReader, named, ShapeError, text, withAll } from '../../sealing/shape.ts'
import { SettingError } from './settingError.ts'

/** Written before it is sent, so that a command that is stopped in between does not rent twice. */
export type Sending = {
  readonly plan?: PlacementPlan | undefined
  /** A replacement, and which machine it is for. */
  readonly machine?: PlannedMachine | undefined
  readonly index?: number | undefined
  readonly fromBlock: bigint
  readonly hash?: Hex | undefined
}

export type State = {
  readonly placement?: RunningPlacement | undefined
  readonly sending?: Sending | undefined
  /** Private keys by the store's own names. */
  readonly accessKeys: Readonly<Record<string, string>>
}

const hex = text({ maximum: 66, pattern: /^0x[0-9a-fA-F]{64}$/, what: 'a hash' }) as JsonReader<Hex>
const block: JsonReader<bigint> = (value, path) =>
  BigInt(text({ maximum: 20, pattern: /^\d+$/, what: 'a block’s number' })(value, path))
const name = text({ maximum: 256, pattern: /^[\w.]+$/, what: 'a name' })
const readState = withAll(
  fields<State>({
    placement: readRunningPlacement,
    sending: withAll(
      fields<Sending>({
        plan: readPlan,
        machine: readMachine,
        index: integer({ minimum: 0, maximum: 63 }),
        fromBlock: block,
        hash: hex,
      }),
      ['fromBlock'],
    ),
    accessKeys: named(hex, { maximum: 65_536, name }),
  }),
  ['accessKeys'],
)

export type StateFile = {
  readonly path: string
  readonly read: () => State
  readonly change: (change: Partial<State>) => void
  /** Keeps its keys in the file, each before it is used. */
  readonly accessKeys: AccessKeyStore
}

export function openStateFile(path: string): StateFile {
  const read = () => readStateFile(path)
  const change = (changed: Partial<State>) => writeStateFile(path, { ...read(), ...changed })
  const accessKeys = accessKeyStore({
    storage: {
      getItem: key => read().accessKeys[key] ?? null,
      setItem: (key, value) => change({ accessKeys: { ...read().accessKeys, [key]: value } }),
    },
  })
  return { path, read, change, accessKeys }
}

function readStateFile(path: string): State {
  if (!existsSync(path)) return { accessKeys: {} }
  try {
    return readState(JSON.parse(readFileSync(path, 'utf8')), 'state')
  } catch (error) {
    if (!(error instanceof ShapeError) && !(error instanceof SyntaxError)) throw error
    throw new SettingError(`The file ${path} is none of worldland-rent: ${error.message}`)
  }
}

function writeStateFile(path: string, state: State): void {
  const whole = JSON.stringify(state, (_, value) => (typeof value === 'bigint' ? value.toString() : value), 2)
  const beside = `${path}.new`
  rmSync(beside, { force: true })
  const file = openSync(beside, 'wx', 0o600)
  try {
    writeSync(file, `${whole}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(beside, path)
}
