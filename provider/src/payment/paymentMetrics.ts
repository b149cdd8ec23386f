// Figures of payment for Prometheus. Wei as floating numbers: for curves, not for books.
import { Counter, Gauge, type Registry } from 'prom-client'

export type PaymentMetrics = {
  taken(): void
  refused(code: string): void
  used(milliseconds: number): void
  overdue(): void
  redeemed(wei: bigint, vouchers: number): void
  redemptionRefused(): void
}

export function createPaymentMetrics(
  registry: Registry,
  standing: () => {
    readonly lanes: number
    readonly signedWei: bigint
    readonly unredeemedWei: bigint
    readonly owedWei: bigint
  },
): PaymentMetrics {
  const registers = [registry]
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `provider_payment_${name}`, help, labelNames, registers })
  const gauge = (name: string, help: string, read: (now: ReturnType<typeof standing>) => number) =>
    new Gauge({
      name: `provider_payment_${name}`,
      help,
      registers,
      collect() {
        this.set(read(standing()))
      },
    })
  const taken = counter('vouchers_taken_total', 'Vouchers taken')
  const refused = counter('refusals_total', 'Requests that were not paid, by reason', ['reason'])
  const used = counter('used_seconds_total', 'Seconds of use booked')
  const overdue = counter('overdue_total', 'Times that a lane had used more than it signed')
  const redeemedWei = counter('redeemed_wei_total', 'Token wei redeemed')
  const redeemedVouchers = counter('redeemed_vouchers_total', 'Vouchers redeemed')
  const redemptionsRefused = counter('redemptions_refused_total', 'Vouchers that the chain would not redeem')
  gauge('lanes', 'Lanes of sessions that are not over', ({ lanes }) => lanes)
  gauge('unredeemed_wei', 'Signed, and not redeemed yet', ({ unredeemedWei }) => Number(unredeemedWei))
  gauge('credit_wei', 'Signed beyond what is owed', now => Number(now.signedWei - now.owedWei))
  return {
    taken: () => taken.inc(),
    refused: reason => refused.inc({ reason }),
    used: milliseconds => used.inc(milliseconds / 1_000),
    overdue: () => overdue.inc(),
    redeemed(wei, vouchers) {
      redeemedWei.inc(Number(wei))
      redeemedVouchers.inc(vouchers)
    },
    redemptionRefused: () => redemptionsRefused.inc(),
  }
}
