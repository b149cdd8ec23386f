// Serverless as one part of the daemon: the gateway, and the payment that stands before it.
import { laneTokenKeyPath, webhookKeyPath, workerKeyPath } from '../dataFiles.ts'
import type { EndpointDefinition, MarketFile } from '../market/marketSchema.ts'
import type { Outcome } from '../outcome.ts'
import { createPayments, type Payments, type PaymentsOptions } from '../payment/createPayments.ts'
import { loadSecretKey } from '../secretKey.ts'
import { createGateway, type Gateway, type GatewayOptions } from './gateway.ts'
import { createWorkerSecrets } from './workers/workerKey.ts'
import type { WorkerPlaces } from './workers/workerMachines.ts'

export type Serverless = { readonly payments: Payments; readonly gateway: Gateway }

type Gpus = {
  /** The same for the same machine, also after a restart. */
  assign(machine: string, count: number): Promise<Outcome<readonly string[], string>>
  release(machine: string): Promise<void>
}

type Taken =
  | 'endpoints'
  | 'offerIdsOf'
  | 'gate'
  | 'places'
  | 'secrets'
  | 'endpointOf'
  | 'laneTokenKey'
  | 'webhookKey'

export type ServerlessOptions = Omit<PaymentsOptions & GatewayOptions, Taken> & {
  readonly dataFolder: string
  readonly market: { inForce(): MarketFile }
  /** Of offers by their names in the market file. */
  readonly offerIds: (names: readonly string[]) => readonly bigint[]
  readonly gpus: Gpus
}

export function composeServerless(options: ServerlessOptions): Serverless {
  const { dataFolder, market, offerIds, gpus } = options
  const endpoints = (): readonly EndpointDefinition[] => market.inForce().endpoints
  const offerIdsOf = (endpoint: EndpointDefinition): readonly bigint[] => offerIds(endpoint.offer)
  const payments = createPayments({
    ...options,
    endpointOf(endpointId) {
      const endpoint = endpoints().find(({ id }) => id === endpointId)
      return endpoint && { endpointId, offerIds: offerIdsOf(endpoint) }
    },
    laneTokenKey: loadSecretKey(laneTokenKeyPath(dataFolder)),
    logger: options.logger.child({ stage: 'payment' }),
  })
  const gateway = createGateway({
    ...options,
    ...{ endpoints, offerIdsOf },
    gate: payments.gate,
    places: workerPlaces(market, gpus),
    secrets: createWorkerSecrets(loadSecretKey(workerKeyPath(dataFolder))),
    webhookKey: loadSecretKey(webhookKeyPath(dataFolder)),
    logger: options.logger.child({ stage: 'gateway' }),
  })
  return { payments, gateway }
}

/** A worker has what one unit of the endpoint's first offer has. */
function workerPlaces(market: { inForce(): MarketFile }, gpus: Gpus): WorkerPlaces {
  return {
    async claim(endpoint, worker) {
      const offer = market.inForce().offers.find(({ name }) => endpoint.offer.includes(name))
      const assigned = await gpus.assign(worker, offer?.gpus ?? 0)
      if (!assigned.ok) return assigned
      const { cpus, memoryMiB, diskGiB } = offer ?? {}
      return { ok: true, value: { gpus: assigned.value, cpus, memoryMiB, diskGiB } }
    },
    release: worker => gpus.release(worker),
  }
}
