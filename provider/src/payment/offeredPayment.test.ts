// What a request brings is refused in words, whatever it is: nobody's header ends up as a failure of the gateway.
import { toBase64Json, voucherHeaders } from '@worldland-aa/sdk/serving/voucherWire'
import { getAddress, zeroHash } from 'viem'
import { expect, it } from 'vitest'
import { readPayment } from './offeredPayment.ts'

const voucher = { sessionId: '1', rightId: '2', cumulativeWei: '3', sequence: '4', units: '5' }
const signer = `0x${'ab'.repeat(20)}` as const
const wire = { voucher, signer, signature: '0x0102' }

function read(content: unknown, header: string = voucherHeaders.voucher) {
  return readPayment(new Headers({ [header]: toBase64Json(content) }))
}

it('is read as it was meant, by both headers, with the receipts root that nobody named', () => {
  const signed = {
    voucher: {
      ...{ sessionId: 1n, rightId: 2n, cumulativeWei: 3n, sequence: 4n, units: 5n },
      receiptsRoot: zeroHash,
    },
    ...{ signer: getAddress(signer), signature: '0x0102' },
  }
  expect(read(wire)).toEqual({ ok: true, value: { signed } })
  const payload = { x402Version: 2, payload: wire, accepted: { scheme: 'worldland-voucher', more: 1 } }
  expect(read(payload, voucherHeaders.payment)).toEqual({ ok: true, value: { signed } })
  const root = `0x${'AB'.repeat(32)}`
  const rooted = read({ ...wire, voucher: { ...voucher, receiptsRoot: root } })
  expect(rooted).toMatchObject({ value: { signed: { voucher: { receiptsRoot: root.toLowerCase() } } } })
})

it.each([
  [{ ...wire, voucher: { ...voucher, units: '1e5' } }, 'voucher.units – must be decimal digits'],
  [{ ...wire, voucher: { ...voucher, units: '-1' } }, 'voucher.units – must be decimal digits'],
  [{ ...wire, voucher: { ...voucher, units: '1'.repeat(79) } }, 'voucher.units – must be decimal digits'],
  [{ ...wire, voucher: { ...voucher, units: 5 } }, 'voucher.units – must be text of decimal digits'],
  [
    { ...wire, voucher: { ...voucher, sequence: String(2n ** 64n) } },
    'voucher.sequence – must be below 2^64',
  ],
  [{ ...wire, voucher: { ...voucher, more: '1' } }, 'more'],
  [{ ...wire, signer: '0x12' }, 'signer – must be an address'],
  [{ ...wire, signature: '0x012' }, 'signature – must be bytes in hex'],
  [{ ...wire, signature: `0x${'00'.repeat(4_097)}` }, 'signature – must be at most 4096 bytes'],
  [{ voucher }, 'signer'],
  [null, 'it – '],
  ['text', 'it – '],
])('is refused in words: %j', (content, says) => {
  const refused = read(content)
  expect(refused.ok ? 'taken' : refused.refusal).toContain(says)
})
