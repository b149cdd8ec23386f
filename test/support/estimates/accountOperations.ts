// Operations of which the account is the point: passkeys, session keys, money in the EntryPoint, no money at all, and
// contracts that pay whatever they are asked for.
import { accountCode, assemble } from '@worldland-aa/bundler/validation/testing/assemble'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { toSessionKeyAccount } from '@worldland-aa/sdk/account/toSessionKeyAccount'
import { grantSessionKey } from '@worldland-aa/sdk/actions/account/grantSessionKey'
import { toSessionPermission } from '@worldland-aa/sdk/actions/account/toSessionPermission'
import { transferToken } from '@worldland-aa/sdk/actions/token/transferToken'
import { unwrapCoin } from '@worldland-aa/sdk/actions/token/unwrapCoin'
import { wrapCoin } from '@worldland-aa/sdk/actions/token/wrapCoin'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Address, type Hex, numberToBytes, numberToHex, parseEther } from 'viem'
import { createPasskey } from '../passkey.ts'
import type { Random } from '../random.ts'
import type { EstimateStage } from './estimateStage.ts'
import {
  bareSubject,
  computeAccount,
  deploy,
  depositFor,
  draftOf,
  giveTokens,
  keyNumber,
  type Subject,
  signedBy,
  simpleAccount,
  subjectOf,
} from './senders.ts'

const hour = 3600
const someone = (random: Random): Address => numberToHex(random.between(2 ** 30, 2 ** 40), { size: 20 })

export async function* accountSubjects(stage: EstimateStage, random: Random): AsyncGenerator<Subject> {
  yield* passkeySubjects(stage, random)
  yield* sessionSubjects(stage, random)
  yield* moneySubjects(stage, random)
  yield* bareSubjects(stage, random)
}

async function* passkeySubjects(stage: EstimateStage, random: Random): AsyncGenerator<Subject> {
  const { contracts } = stage.chain.deployment
  for (let number = 0; number < 6; number++) {
    const account = await computeAccount(
      stage,
      createPasskey(numberToBytes(0xace0 + number, { size: 32 })),
      number,
    )
    await giveTokens(stage, account.address, parseEther('1'))
    const transfer = () => transferToken.calls({ contracts, to: someone(random), amountWei: 5n })
    yield await subjectOf('a passkey’s first operation', account, transfer())
    for (let again = 0; again < 3; again++) {
      yield await subjectOf('a passkey’s operation', account, [...transfer(), ...transfer()])
    }
  }
}

async function* sessionSubjects(stage: EstimateStage, random: Random): AsyncGenerator<Subject> {
  const { client, deployment } = stage.chain
  const { contracts } = deployment
  const owner = await computeAccount(stage, keyNumber(10), 0)
  await deploy(stage, owner)
  await giveTokens(stage, owner.address, parseEther('10'))
  const now = Number((await client.getBlock()).timestamp)
  for (let session = 1; session <= 3; session++) {
    const key = keyNumber(20 + session)
    const grant = grantSessionKey.calls({
      computeAccount: owner.address,
      key: key.address,
      validUntilTimestamp: now + hour,
      tokenBudgetWei: parseEther('1'),
      gasBudgetWei: parseEther('100'),
      permissions: [
        toSessionPermission({ target: contracts.token, abi: computeTokenAbi, functionNames: ['transfer'] }),
      ],
    })
    yield await subjectOf('a session granted', owner, grant)
    const account = await toSessionKeyAccount({
      client: client as never,
      address: owner.address,
      sessionKeyId: BigInt(session),
      key,
    })
    for (let count = 1; count <= 4; count++) {
      const calls = Array.from({ length: count }, () =>
        transferToken.calls({ contracts, to: someone(random), amountWei: 7n }),
      ).flat()
      yield await subjectOf('a session key’s transfers', account, calls)
    }
  }
}

async function* moneySubjects(stage: EstimateStage, random: Random): AsyncGenerator<Subject> {
  const { contracts } = stage.chain.deployment
  for (let number = 0; number < 5; number++) {
    const account = await simpleAccount(stage, 5000 + number)
    const call = { to: someone(random), value: BigInt(random.between(1, 1000)) }
    await stage.chain.anvil.setBalance({ address: account.address, value: call.value })
    yield await subjectOf('an unfunded account sends its last', account, [call])
    await depositFor(stage, account.address, parseEther(number % 2 ? '0.02' : '5'))
    yield await subjectOf('an account with a deposit', account, [{ to: someone(random), data: '0x' }])
    yield await subjectOf('coin into tokens', account, [
      ...wrapCoin.calls({ contracts, to: account.address, amountWei: 1000n }),
    ])
    yield await subjectOf('tokens into coin, and on', account, [
      ...unwrapCoin.calls({ contracts, to: account.address, amountWei: 10n }),
      ...transferToken.calls({ contracts, to: someone(random), amountWei: 990n }),
    ])
    yield {
      title: 'nothing',
      draft: { ...(await draftOf(account, [call])), callData: '0x' },
      sign: signedBy(account),
    }
  }
}

async function* bareSubjects(stage: EstimateStage, random: Random): AsyncGenerator<Subject> {
  // In the execution the same place holds more than anyone has: nothing is paid.
  const pay = `0 0 0 0 68 CALLDATALOAD ${entryPoint07Address} GAS CALL POP`
  for (let number = 0; number < 8; number++) {
    const body = Array.from({ length: number }, (_, slot) => `1 ${slot} SSTORE`).join(' ')
    const sender = await stage.place(accountCode(`${pay} ${body}`))
    const tail = '5a'.repeat(random.between(100, 2_000))
    yield await bareSubject(stage, 'a bare account', { sender, callData: `0x12345678${tail}` as Hex })
    // There it holds the account's own address, in wei less than the account has: it deposits as much.
    const depositing = await bareSubject(stage, 'executeUserOp', {
      sender,
      callData: `0x8dd7712f${tail}` as Hex,
    })
    yield { ...depositing, deposits: true }
  }
  // Validation that calls deep and needs more than it uses.
  const end = await stage.place(assemble('1 1 SSTORE 0 0 MSTORE 32 0 RETURN'))
  let target = end
  for (let level = 0; level < 10; level++)
    target = await stage.place(assemble(`0 0 0 0 0 ${target} GAS CALL POP`))
  const sender = await stage.place(accountCode(`${pay} 0 0 0 0 0 ${target} GAS CALL POP`))
  yield await bareSubject(stage, 'a validation that calls deep', {
    sender,
    callData: `0x12345678${'5a'.repeat(100)}`,
  })
}
