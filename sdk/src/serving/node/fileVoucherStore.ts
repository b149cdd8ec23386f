// Keeps the last voucher of each right in a file, so that a client that restarts goes on from it. Node only.
import type { Address, Hex } from 'viem'
import type { SignedVoucher } from '../../actions/session/voucher.ts'
import type { VoucherStore } from '../voucherPayer.ts'
import { toWireVoucher, type WireVoucher } from '../voucherWire.ts'
import { readPrivateFile, writePrivateFile } from './privateFiles.ts'

/** Throws when the file is none of vouchers. */
export function createFileVoucherStore(path: string): VoucherStore {
  const vouchers = new Map(Object.entries(readVouchers(path)))
  return {
    async load(lane) {
      const wire = vouchers.get(lane)
      return wire && fromWire(wire)
    },
    async save(lane, signed) {
      vouchers.set(lane, toWireVoucher(signed))
      writePrivateFile(path, `${JSON.stringify({ vouchers: Object.fromEntries(vouchers) }, undefined, 2)}\n`)
    },
  }
}

function readVouchers(path: string): Readonly<Record<string, WireVoucher>> {
  const text = readPrivateFile(path)
  if (text === undefined) return {}
  try {
    const { vouchers } = JSON.parse(text) as { vouchers: Record<string, WireVoucher> }
    for (const wire of Object.values(vouchers)) fromWire(wire)
    return vouchers
  } catch (error) {
    throw new Error(`${path} holds no vouchers: take it away, and the providers tell what was signed last`, {
      cause: error,
    })
  }
}

function fromWire({ voucher, signer, signature }: WireVoucher): SignedVoucher {
  return {
    voucher: {
      sessionId: BigInt(voucher.sessionId),
      rightId: BigInt(voucher.rightId),
      cumulativeWei: BigInt(voucher.cumulativeWei),
      sequence: BigInt(voucher.sequence),
      units: BigInt(voucher.units),
      receiptsRoot: voucher.receiptsRoot,
    },
    signer: signer as Address,
    signature: signature as Hex,
  }
}
