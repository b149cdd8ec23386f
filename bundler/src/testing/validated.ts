// A validated operation as plain data, for tests that ask no chain about it.
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Address, type Hex, keccak256, numberToHex, pad } from 'viem'
import { getUserOperationHash } from 'viem/account-abstraction'
import type { EntityStake, UserOperation, ValidatedOperation } from '../validation/validatedOperation.ts'

const gwei = 10n ** 9n

/** Address number `index` of a series that is the same in every run. */
export function numberedAddress(index: number): Address {
  return pad(numberToHex(0xacc0_0000 + index), { size: 20 })
}

export function stakeOf(address: Address, isStaked = false): EntityStake {
  return isStaked
    ? { address, stakeWei: 10n ** 18n, unstakeDelaySeconds: 86_400, isStaked }
    : { address, stakeWei: 0n, unstakeDelaySeconds: 0, isStaked }
}

/** Pays 1 gwei tip of at most 3 gwei; its entities are unstaked unless `known` says otherwise. */
export function validatedOperation(
  fields: Partial<UserOperation> & Pick<UserOperation, 'sender'>,
  known: Partial<ValidatedOperation> = {},
): ValidatedOperation {
  const userOperation: UserOperation = {
    nonce: 0n,
    callData: '0x',
    callGasLimit: 60_000n,
    verificationGasLimit: 100_000n,
    preVerificationGas: 60_000n,
    maxFeePerGas: 3n * gwei,
    maxPriorityFeePerGas: gwei,
    signature: `0x${'5a'.repeat(65)}`,
    ...fields,
  }
  const { sender, factory, paymaster, callGasLimit, verificationGasLimit, preVerificationGas } = userOperation
  return {
    userOperation,
    userOperationHash: getUserOperationHash({
      userOperation,
      chainId: 103,
      entryPointAddress: entryPoint07Address,
      entryPointVersion: '0.7',
    }),
    entryPoint: entryPoint07Address,
    entities: {
      sender: stakeOf(sender),
      ...(factory && { factory: stakeOf(factory) }),
      ...(paymaster && { paymaster: stakeOf(paymaster) }),
    },
    validAfter: 0,
    validUntil: 0,
    prefundWei:
      userOperation.maxFeePerGas *
      (callGasLimit +
        verificationGasLimit +
        preVerificationGas +
        (userOperation.paymasterVerificationGasLimit ?? 0n) +
        (userOperation.paymasterPostOpGasLimit ?? 0n)),
    verificationGasUsed: 60_000n,
    storage: {},
    codeHash: keccak256(sender),
    verifiedAt: { number: 1n, hash: keccak256('0x01') },
    ...known,
  }
}

/** The fields of an operation that this contract pays for. */
export function sponsoredBy(paymaster: Address): Partial<UserOperation> {
  return {
    paymaster,
    paymasterVerificationGasLimit: 50_000n,
    paymasterPostOpGasLimit: 20_000n,
    paymasterData: '0x' as Hex,
  }
}
