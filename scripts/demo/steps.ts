// Keeps the story's steps: what was done, how long it took, what it cost. They become the table and the JSON.
import type { Hash, Hex } from 'viem'
import { coins, duration, table } from './figures.ts'
import type { Stage } from './stage.ts'

export type Step = {
  readonly name: string
  readonly title: string
  readonly milliseconds: number
  /** Token wei that the renter paid in this step, gas apart. */
  readonly costWei?: bigint
  /** Token wei that the renter paid for gas. */
  readonly gasWei?: bigint
  readonly userOperationHash?: Hex
  readonly transactionHash?: Hash
  /** Figures worth keeping, for the JSON. */
  readonly facts?: Readonly<Record<string, number | string>>
}

export type StepOutcome<Value> = Omit<Step, 'name' | 'title' | 'milliseconds'> & {
  readonly value: Value
  /** How it ended, in words. */
  readonly told: string
}

export type Steps = {
  readonly all: readonly Step[]
  /** Times one step and tells of it; what it throws is told as well, and thrown on. */
  play<Value>(
    name: string,
    title: string,
    act: (update: (what: string) => void) => Promise<StepOutcome<Value>>,
  ): Promise<Value>
}

/** Once the signal is aborted no further step begins. */
export function createSteps(stage: Stage, signal?: AbortSignal): Steps {
  const all: Step[] = []
  return {
    all,
    async play(name, title, act) {
      signal?.throwIfAborted()
      const since = performance.now()
      stage.begin(title)
      try {
        const { value, told, ...figures } = await act(stage.update)
        const milliseconds = performance.now() - since
        all.push({ name, title, milliseconds, ...figures })
        stage.done(`${told} (${duration(milliseconds)})`)
        return value
      } catch (error) {
        stage.fail(title)
        throw error
      }
    },
  }
}

export function stepTable(steps: readonly Step[]): readonly string[] {
  const amount = (wei: bigint | undefined): string => (wei === undefined ? '' : coins(wei))
  return table([
    ['step', 'took', 'gas', 'cost'],
    ...steps.map(({ title, milliseconds, gasWei, costWei }) => [
      title,
      duration(milliseconds),
      amount(gasWei),
      amount(costWei),
    ]),
    [
      'in all',
      duration(steps.reduce((sum, step) => sum + step.milliseconds, 0)),
      coins(steps.reduce((sum, step) => sum + (step.gasWei ?? 0n), 0n)),
      coins(steps.reduce((sum, step) => sum + (step.costWei ?? 0n), 0n)),
    ],
  ])
}

/** Amounts as strings of wei: JSON has no integers of that size. */
export function stepsJson(steps: readonly Step[]): readonly Record<string, unknown>[] {
  return steps.map(({ milliseconds, costWei, gasWei, ...step }) => ({
    ...step,
    seconds: Math.round(milliseconds) / 1_000,
    ...(costWei === undefined ? {} : { costToken: costWei.toString() }),
    ...(gasWei === undefined ? {} : { gasToken: gasWei.toString() }),
  }))
}
