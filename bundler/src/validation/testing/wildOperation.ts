// Operations that nobody would send: entities of random code, with limits and signatures to match.
import fc from 'fast-check'
import { type Hex, parseEther } from 'viem'
import type { UserOperation } from '../validatedOperation.ts'
import { accountCode, factoryCode, paymasterCode, senderOf } from './assemble.ts'
import type { Stage } from './gethChain.ts'
import { testOperation } from './operation.ts'
import { freshAddress } from './testChain.ts'
import { mutated, wildBody, wildBytes } from './wildCode.ts'

export type Wild = {
  readonly role: 'account' | 'factory' | 'paymaster'
  readonly body: string
  readonly code: Hex | undefined
  readonly gas: number
  readonly paymasterGas: number
  readonly fee: bigint
  readonly nonce: bigint
  readonly signature: Hex
  readonly contextBytes: number
}

/** `accountImplementation`: what some of it is made of, changed. */
export const wildOperation = (accountImplementation: Hex): fc.Arbitrary<Wild> =>
  fc.record({
    role: fc.constantFrom('account', 'account', 'factory', 'paymaster'),
    body: wildBody,
    code: fc.option(fc.oneof(mutated([accountImplementation]), wildBytes), { nil: undefined, freq: 2 }),
    gas: fc.oneof(
      { weight: 4, arbitrary: fc.constant(250_000) },
      { weight: 1, arbitrary: fc.integer({ min: 10_000, max: 120_000 }) },
    ),
    paymasterGas: fc.oneof(fc.constant(300_000), fc.integer({ min: 5_000, max: 60_000 })),
    fee: fc.constantFrom(0n, 0n, 0n, 0n, 0n, 1_000_000_000n),
    nonce: fc.constantFrom(0n, 0n, 0n, 7n << 64n, 9n << 64n, 1n),
    signature: fc.oneof(
      fc.constant<Hex>('0x'),
      fc
        .uint8Array({ minLength: 65, maxLength: 65 })
        .map(bytes => `0x${Buffer.from(bytes).toString('hex')}` as const),
    ),
    contextBytes: fc.constantFrom(0, 0, 32, 500),
  })

/** Puts its entities on a chain. */
export async function placeWild(stage: Stage, given: Wild): Promise<UserOperation> {
  const { role, body } = given
  const paymaster = role === 'paymaster' ? freshAddress() : undefined
  const factory = role === 'factory' ? freshAddress() : undefined
  const fill = (sender: string): string =>
    body
      .replaceAll('SENDER', sender)
      .replaceAll('FACTORY', factory ?? '0xfac')
      .replaceAll('PAYMASTER', paymaster ?? '0xbad')
      .replaceAll('ENTRYPOINT', stage.entryPoint)
  const harmless = accountCode('')
  const sender = factory === undefined ? freshAddress() : senderOf(factory, harmless)
  const account = role === 'account' ? (given.code ?? accountCode(fill('ADDRESS'))) : harmless
  if (factory === undefined) await stage.place(account, sender)
  else await stage.place(factoryCode(fill(sender), harmless), factory)
  if (paymaster !== undefined) {
    await stage.place(given.code ?? paymasterCode(fill(sender), given.contextBytes), paymaster)
    await stage.setBalance(paymaster, parseEther('1'))
  }
  await stage.setBalance(sender, parseEther('1'))
  return testOperation({
    sender,
    nonce: given.nonce,
    signature: given.signature,
    verificationGasLimit: BigInt(given.gas),
    maxFeePerGas: given.fee,
    maxPriorityFeePerGas: given.fee,
    ...(factory && { factory }),
    ...(paymaster && { paymaster, paymasterVerificationGasLimit: BigInt(given.paymasterGas) }),
  })
}
