// Operations that a paymaster pays for: ours in each of its modes, signed as its service signs, and contracts that
// spend more or less before and after.
import { paymasterCode } from '@worldland-aa/bundler/validation/testing/assemble'
import { paymasterGasOf } from '@worldland-aa/paymaster/pricing/paymasterGas'
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { approveCall } from '@worldland-aa/sdk/account/approveCall'
import { stubKeySignature } from '@worldland-aa/sdk/account/ownerSigner'
import { transferToken } from '@worldland-aa/sdk/actions/token/transferToken'
import {
  encodePaymasterData,
  type OperationUnderTerms,
  type PaymasterTerms,
  sponsoredUserOperationTypedData,
} from '@worldland-aa/sdk/protocol/paymasterData'
import { paymasterModeNumber } from '@worldland-aa/sdk/protocol/paymasterLayout'
import { maxUint256, numberToHex, parseEther } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { privateKeyToAccount } from 'viem/accounts'
import { allowPaymasterSigner } from '../../../scripts/deploy/paymasterSigners.ts'
import { anvilKey } from '../keys.ts'
import type { Random } from '../random.ts'
import type { EstimateStage } from './estimateStage.ts'
import {
  type CallOfAccount,
  computeAccount,
  depositFor,
  draftOf,
  giveTokens,
  keyNumber,
  type Subject,
  signedBy,
  simpleAccount,
} from './senders.ts'

const signer = privateKeyToAccount(anvilKey(8))
const validity = { policyId: numberToHex(7, { size: 16 }), validUntil: 0, validAfter: 0 } as const
const charge = { markupBps: 500, maxChargeWei: parseEther('50') } as const

export async function* paymasterSubjects(stage: EstimateStage, random: Random): AsyncGenerator<Subject> {
  yield* foreignSubjects(stage, random)
  yield* computeSubjects(stage)
}

/** Paymasters that write and call in validation and in postOp alike. */
async function* foreignSubjects(stage: EstimateStage, random: Random): AsyncGenerator<Subject> {
  const account = await simpleAccount(stage, 40)
  const to = await stage.place('0x00')
  for (const contextBytes of [0, 1, 32, 100, 500, 2_048]) {
    for (const writes of [0, 1, 4]) {
      const body = Array.from({ length: writes }, (_, slot) => `GAS ${slot} SSTORE`).join(' ')
      const paymaster = await stage.place(paymasterCode(body, contextBytes))
      await depositFor(stage, paymaster)
      const data = `0x${'5a'.repeat(random.between(0, 200))}` as const
      const draft = await draftOf(account, [{ to, data: `0x${'a7'.repeat(random.between(0, 900))}` }])
      yield {
        title: `a paymaster, ${contextBytes === 0 ? 'without' : 'with'} postOp`,
        draft: {
          ...draft,
          callData: contextBytes % 2 ? draft.callData : '0x',
          paymaster,
          paymasterData: data,
        },
        sign: signedBy(account),
      }
    }
  }
}

async function* computeSubjects(stage: EstimateStage): AsyncGenerator<Subject> {
  const { faucet, deployment } = stage.chain
  const { contracts } = deployment
  const allowed = await allowPaymasterSigner({
    client: faucet,
    paymaster: contracts.paymaster,
    signer: signer.address,
  })
  if (!allowed.ok) throw new Error(allowed.refusal.message)
  await depositFor(stage, contracts.paymaster, parseEther('100'))
  const approve = approveCall({ token: contracts.token, spender: contracts.paymaster, amountWei: maxUint256 })
  for (let number = 0; number < 4; number++) {
    const account =
      number % 2
        ? await simpleAccount(stage, 50 + number)
        : await computeAccount(stage, keyNumber(50 + number), 0)
    await giveTokens(stage, account.address, parseEther('60'))
    const transfer = transferToken.calls({ contracts, to: keyNumber(60 + number).address, amountWei: 5n })
    yield await sponsored(stage, account, { mode: 'sponsor', ...validity }, transfer)
    yield await sponsored(stage, account, { mode: 'tokenDeferred', ...validity, ...charge }, [
      approve,
      ...transfer,
    ])
    yield await sponsored(stage, account, { mode: 'token', ...validity, ...charge }, transfer)
    yield await sponsored(stage, account, { mode: 'tokenDeferred', ...validity, ...charge }, transfer)
    yield await sponsored(stage, account, { mode: 'sponsor', ...validity }, transfer)
  }
}

/** As the paymaster's service answers: a stub with its limits first, the signature once the gas is known. */
async function sponsored(
  stage: EstimateStage,
  account: SmartAccount,
  terms: PaymasterTerms,
  calls: readonly CallOfAccount[],
): Promise<Subject> {
  const { client, deployment } = stage.chain
  const paymaster = deployment.contracts.paymaster
  const [minimum, maximum] = await client.readContract({
    address: paymaster,
    abi: computePaymasterAbi,
    functionName: 'postOpGasLimitBounds',
    args: [paymasterModeNumber[terms.mode]],
  })
  const draft = await draftOf(account, calls)
  const bounds = { minimum, maximum }
  const gas = paymasterGasOf({
    mode: terms.mode,
    operation: draft as never,
    postOpGas: { sponsor: bounds, token: bounds, tokenDeferred: bounds, tank: bounds, erc20: bounds },
  })
  const sign = signedBy(account)
  return {
    title: `our paymaster, ${terms.mode}`,
    hasGivenLimits: true,
    draft: { ...draft, paymaster, ...gas, paymasterData: encodePaymasterData(terms, stubKeySignature) },
    async sign(operation) {
      const signature = await signer.signTypedData(
        sponsoredUserOperationTypedData({
          chainId: 103,
          userOperation: operation as OperationUnderTerms,
          terms,
        }),
      )
      return await sign({ ...operation, paymasterData: encodePaymasterData(terms, signature) })
    },
  }
}
