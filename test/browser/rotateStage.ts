// What a rotation of the signer needs beside the console: another key in the key file, and time that passes.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Hex } from 'viem'
import type { Devnet } from '../../scripts/devnet/startDevnet.ts'

/** As the operator does it by hand. */
export function addSignerKey({ dataDirectory }: Pick<Devnet, 'dataDirectory'>, key: Hex): void {
  appendFileSync(join(dataDirectory, 'paymaster-signer.keys'), `${key}\n`)
}

/** Longer than any signature is good for, and blocks on top so that it is final. */
export async function passValidity({ rpcUrl }: Pick<Devnet, 'rpcUrl'>): Promise<void> {
  await ask(rpcUrl, 'evm_increaseTime', [3_600])
  await ask(rpcUrl, 'anvil_mine', ['0x20', '0x1'])
}

async function ask(rpcUrl: string, method: string, params: readonly unknown[]): Promise<void> {
  const response = await fetch(rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const { error } = (await response.json()) as { error?: { message: string } }
  if (error !== undefined) throw new Error(error.message)
}
