// Which precompiles a fork has, by address.
import type { Address } from 'viem'
import { type EvmFork, isAtLeast } from '../../chains/evmFork.ts'
import { blake2f } from './blake2f.ts'
import * as bls from './bls12381.ts'
import { bn254Add, bn254Multiply, bn254Pairing } from './bn254.ts'
import { ecrecover } from './ecrecover.ts'
import { identity, ripemd160, sha256 } from './hashes.ts'
import { modexp, osakaModexp } from './modexp.ts'
import { osakaP256Verify, rollupP256Verify } from './p256Verify.ts'
import { pointEvaluation } from './pointEvaluation.ts'
import type { Precompile } from './precompile.ts'

export function precompilesOf(fork: EvmFork, hasP256Verify: boolean): ReadonlyMap<Address, Precompile> {
  const byNumber = new Map<number, Precompile>([
    [0x01, ecrecover],
    [0x02, sha256],
    [0x03, ripemd160],
    [0x04, identity],
    [0x05, isAtLeast(fork, 'osaka') ? osakaModexp : modexp],
    [0x06, bn254Add],
    [0x07, bn254Multiply],
    [0x08, bn254Pairing],
    [0x09, blake2f],
  ])
  if (isAtLeast(fork, 'cancun')) byNumber.set(0x0a, pointEvaluation)
  if (isAtLeast(fork, 'prague')) {
    byNumber
      .set(0x0b, bls.g1Add)
      .set(0x0c, bls.g1SumOfMultiples)
      .set(0x0d, bls.g2Add)
      .set(0x0e, bls.g2SumOfMultiples)
      .set(0x0f, bls.pairing)
      .set(0x10, bls.mapToG1)
      .set(0x11, bls.mapToG2)
  }
  if (hasP256Verify) byNumber.set(0x100, rollupP256Verify)
  if (isAtLeast(fork, 'osaka')) byNumber.set(0x100, osakaP256Verify)
  return new Map([...byNumber].map(([number, precompile]) => [addressOf(number), precompile]))
}

function addressOf(number: number): Address {
  return `0x${number.toString(16).padStart(40, '0')}`
}
