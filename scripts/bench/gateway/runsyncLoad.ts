// Clients that ask the endpoint under measurement, each with a voucher to every request. Either each asks again as soon as
// it is answered, which says how much is served; or all ask so many a second whatever becomes of the answers, which says
// how long one takes. Of the latter an answer counts from the moment for which its request was planned: what a request
// waits behind another of its client is no less waiting.
import { setTimeout as sleep } from 'node:timers/promises'
import { voucherHeaders } from '@worldland-aa/sdk/serving/voucherWire'
import type { GatewayPayer } from './gatewayPayers.ts'
import { type KeptConnection, keepConnection } from './keptConnection.ts'

export type RunsyncLoad = {
  /** Of each client. */
  readonly requests: number
  /** Of all clients together, at random moments; undefined: one after the other. */
  readonly perSecond?: number
}

export type LoadFigures = {
  /** Of the requests that were served. */
  readonly milliseconds: readonly number[]
  /** Refusals by message, shortened. */
  readonly refusals: ReadonlyMap<string, number>
  readonly seconds: number
  /** Of the clients. */
  readonly cpuMilliseconds: number
}

const body = '{"input":{"noop":true}}'

/** A client for each payer. */
export async function loadGateway(
  endpointUrl: string,
  payers: readonly GatewayPayer[],
  { requests, perSecond }: RunsyncLoad,
): Promise<LoadFigures> {
  const head = `POST ${new URL(endpointUrl).pathname}/runsync HTTP/1.1\r\ncontent-type: application/json\r\n${voucherHeaders.voucher}: `
  const meanGapMilliseconds = perSecond === undefined ? 0 : (payers.length / perSecond) * 1_000
  const milliseconds: number[] = []
  const refusals = new Map<string, number>()

  async function ask(connection: KeptConnection, payer: GatewayPayer): Promise<string | undefined> {
    try {
      const { status, text } = await connection.send(head + payer.nextVoucher(), body)
      return text.includes('"status":"COMPLETED"') ? undefined : `${status} ${text.slice(0, 200)}`
    } catch (error) {
      return (error as Error).message.slice(0, 200)
    }
  }

  async function work(payer: GatewayPayer): Promise<void> {
    const connection = keepConnection(endpointUrl)
    let planned = performance.now()
    for (let at = 0; at < requests; at++) {
      if (perSecond === undefined) planned = performance.now()
      else planned += meanGapMilliseconds * -Math.log(1 - Math.random())
      const early = planned - performance.now()
      if (early > 0) await sleep(early)
      const refusal = await ask(connection, payer)
      if (refusal === undefined) milliseconds.push(performance.now() - planned)
      else refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1)
    }
    connection.close()
  }

  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  await Promise.all(payers.map(work))
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    ...{ milliseconds, refusals },
    seconds: (performance.now() - startedAt) / 1_000,
    cpuMilliseconds: (user + system) / 1_000,
  }
}
