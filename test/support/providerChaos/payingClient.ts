// A client of an endpoint that pays by vouchers and writes down what it was told: which jobs were acknowledged, what became
// of them, and the highest voucher that was answered with 200.
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { createPayingFetch } from '@worldland-aa/sdk/serving/payingFetch'
import { voucherHeaders, type WireVoucher } from '@worldland-aa/sdk/serving/voucherWire'
import type { PrivateKeyAccount } from 'viem'
import { eventually } from '../eventually.ts'
import type { Random } from '../random.ts'

export type PayingClient = {
  readonly sessionId: bigint
  readonly acknowledged: Set<string>
  /** By job: its output, as it was first told. */
  readonly answers: Map<string, string>
  /** How often it was not served, by what it was told. */
  readonly turnedAway: Map<string, number>
  /** In words. */
  readonly faults: string[]
  readonly vouchers: { acceptedWei: bigint; signedWei: bigint }
  askOn(isOver: () => boolean): Promise<void>
  /** Every job's end, asked twice; of those whose results may be forgotten by now, it was heard before. */
  hearAll(): Promise<void>
  stop(): void
}

type Answer = {
  readonly id: string
  readonly status: string
  readonly output?: unknown
  readonly error?: string
}

/** Results are for half an hour; asking for thousands takes its time. */
const keptMilliseconds = 20 * 60_000

/** The id of a job begins with it. */
const acknowledgedAt = (id: string): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16)

const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

export function createPayingClient(options: {
  readonly contracts: ComputeContracts
  readonly chainId: number
  readonly signer: PrivateKeyAccount
  readonly session: {
    readonly sessionId: bigint
    readonly pricePerSecondWei: bigint
    readonly budgetWei: bigint
  }
  readonly endpointUrl: string
  readonly random: Random
}): PayingClient {
  const { contracts, chainId, signer, session, endpointUrl, random } = options
  const acknowledged = new Set<string>()
  const answers = new Map<string, string>()
  const faults: string[] = []
  const vouchers = { acceptedWei: 0n, signedWei: 0n }
  const turnedAway = new Map<string, number>()
  const away = (why: string): undefined => {
    turnedAway.set(why, (turnedAway.get(why) ?? 0) + 1)
    return undefined
  }
  const pay = createPayingFetch({
    ...{ contracts, chainId, signer, sessions: [session] },
    async fetch(input, init) {
      const request = new Request(input, init)
      const header = request.headers.get(voucherHeaders.voucher)
      const wei = header === null ? 0n : cumulativeOf(header)
      if (wei > vouchers.signedWei) vouchers.signedWei = wei
      const response = await fetch(request)
      if (response.status === 200 && wei > vouchers.acceptedWei) vouchers.acceptedWei = wei
      return response
    },
  })

  async function ask(path: string, init?: RequestInit): Promise<Answer | undefined> {
    try {
      const response = await pay(`${endpointUrl}${path}`, init)
      // Its session is open, and stays so: nothing that passes may be told to it as if it were for good.
      if (response.status === 403) faults.push(`refused for good: ${await response.clone().text()}`)
      return response.status === 200 ? ((await response.json()) as Answer) : away(String(response.status))
    } catch (error) {
      // The daemon, or its node, is away.
      return away(error instanceof Error ? error.message : String(error))
    }
  }

  function heard({ id, status, output, error }: Answer): boolean {
    if (status === 'IN_QUEUE' || status === 'IN_PROGRESS') {
      if (answers.has(id)) faults.push(`job ${id} was over, and is ${status} again`)
      return false
    }
    const told = JSON.stringify([status, output, error])
    const before = answers.get(id)
    if (before !== undefined && before !== told)
      faults.push(`job ${id} was answered ${before}, and then ${told}`)
    if (status !== 'COMPLETED') faults.push(`job ${id} ended as ${told}`)
    answers.set(id, before ?? told)
    return true
  }

  return {
    ...{ sessionId: session.sessionId, acknowledged, answers, turnedAway, faults, vouchers },
    async askOn(isOver) {
      for (let at = 0; !isOver(); at++) {
        const body = JSON.stringify({ input: { at, milliseconds: random.between(20, 900) } })
        const answer = await ask('/run', { method: 'POST', body })
        if (answer !== undefined) acknowledged.add(answer.id)
        await pause(random.between(50, 400))
        const known = [...acknowledged]
        // One that is not known to be over, before its result is forgotten; and any other, which must stay what it was.
        const unheard = known.find(id => !answers.has(id))
        for (const id of [unheard, known[random.between(0, Math.max(0, known.length - 1))]]) {
          const told = id === undefined ? undefined : await ask(`/status/${id}`)
          if (told !== undefined) heard(told)
        }
      }
    },
    async hearAll() {
      for (let time = 0; time < 2; time++)
        for (const id of acknowledged) {
          if (answers.has(id) && Date.now() - acknowledgedAt(id) > keptMilliseconds) continue
          await eventually(
            `the end of job ${id}`,
            () => ask(`/status/${id}`),
            told => told !== undefined && heard(told),
          )
        }
    },
    stop: () => pay.stop(),
  }
}

function cumulativeOf(header: string): bigint {
  const { voucher } = JSON.parse(Buffer.from(header, 'base64').toString()) as WireVoucher
  return BigInt(voucher.cumulativeWei)
}
