// What tests of vouchers begin with: a chain, a server that is paid, sessions that it has seen, and vouchers as they should be.
import { signVoucher } from '@worldland-aa/sdk/actions/session/signVoucher'
import type { SignedVoucher, Voucher } from '@worldland-aa/sdk/actions/session/voucher'
import { toBase64Json, toWireVoucher, voucherHeaders } from '@worldland-aa/sdk/serving/voucherWire'
import type { Address, PrivateKeyAccount } from 'viem'
import { afterAll, beforeAll } from 'vitest'
import {
  chainId,
  type OpenedSession,
  type PaidServer,
  type PaymentStage,
  pricePerSecondWei,
  startPaidServer,
  startPaymentStage,
} from './paymentStage.ts'
import { subfolder, workFolder } from './workFolder.ts'

export type VoucherTerms = {
  readonly by?: PrivateKeyAccount
  /** A contract, for which the key signs. */
  readonly signer?: Address
  readonly chainId?: number
  readonly seconds: bigint
  /** Default: one for each second. */
  readonly sequence?: bigint
} & Partial<Voucher>

export type VoucherScene = {
  /** From the first test on. */
  readonly stage: PaymentStage
  readonly server: PaidServer
  newFolder(): string
  /** The provider has seen it. */
  openSession(options: Parameters<PaymentStage['openSession']>[0]): Promise<OpenedSession>
  /** Of so many seconds, in everything else as it should be unless it says otherwise. */
  sign(session: OpenedSession, terms: VoucherTerms): Promise<SignedVoucher>
}

/** For all the tests of a file: it begins and ends with them. */
export function voucherScene(): VoucherScene {
  const folder = workFolder()
  let stage: PaymentStage
  let server: PaidServer
  beforeAll(async () => {
    stage = await startPaymentStage()
    server = await startPaidServer(stage, { folder: subfolder(folder) })
  })
  afterAll(async () => {
    await server.stop()
    await stage.stop()
  })
  return {
    get stage() {
      return stage
    },
    get server() {
      return server
    },
    newFolder: () => subfolder(folder),
    async openSession(options) {
      const session = await stage.openSession(options)
      await server.poll()
      return session
    },
    async sign(session, terms) {
      const {
        by = session.payer,
        signer,
        seconds,
        sequence = seconds,
        chainId: chain = chainId,
        ...rest
      } = terms
      const { sessionId, rightId } = session
      const amounts = { cumulativeWei: seconds * pricePerSecondWei, units: seconds, sequence }
      const signed = await signVoucher({
        ...{ contracts: stage.contracts, chainId: chain, signer: by },
        voucher: { sessionId, rightId, ...amounts, ...rest },
      })
      return signer === undefined ? signed : { ...signed, signer }
    },
  }
}

export function voucherHeader(signed: SignedVoucher): Record<string, string> {
  return { [voucherHeaders.voucher]: toBase64Json(toWireVoucher(signed)) }
}
