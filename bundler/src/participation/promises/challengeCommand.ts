// `worldland-bundler challenge <userOpHash>`: takes a broken promise that this node knows of to the court, or ends what is
// there already. For an operator whose users were let down, or anybody with the operator's part of a node.
import { challengePromise } from '@worldland-aa/sdk/actions/promise/challengePromise'
import { concludePromise } from '@worldland-aa/sdk/actions/promise/concludePromise'
import type { SignedPromise } from '@worldland-aa/sdk/actions/promise/signedPromise'
import { connectNode } from '@worldland-aa/service/chain/connectNode'
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { subcommand } from '@worldland-aa/service/cli/subcommand'
import { toggle } from '@worldland-aa/service/config/setting'
import { openReader } from '@worldland-aa/service/database/reader'
import { parseKeys } from '@worldland-aa/service/keys/parsePrivateKeys'
import { formatEther, type Hash } from 'viem'
import { bundlerSettings } from '../../config.ts'
import { operatorOf } from '../join/operator.ts'
import type { InclusionPromiseTable } from './migration.ts'
import { readRow } from './promiseStore.ts'

const { rpcUrl, dataFile, bundlerRegistry, operatorKey } = bundlerSettings

export const challengeCommand = subcommand({
  name: 'challenge',
  description:
    'challenge a broken promise before the court, or conclude the challenge once its answer is due; needs the operator key and its deposit',
  argument: { name: 'userOpHash', describe: 'the operation that was promised' },
  example: `  worldland-bundler challenge 0x… --rpc-url http://127.0.0.1:8545 --bundler-registry 0x… \\
    --operator-key-file operator.key
  worldland-bundler challenge 0x… --conclude true --rpc-url … --bundler-registry … --operator-key-file operator.key`,
  definition: {
    prefix: 'WORLDLAND_BUNDLER',
    settings: {
      rpcUrl,
      dataFile,
      bundlerRegistry,
      operatorKey,
      conclude: toggle({
        group: 'Promises',
        describe: 'end the challenge: its answer was due, or the operation has landed',
        fallback: false,
      }),
    },
    alsoInFile: bundlerSettings,
  },
  async run(settings, hash) {
    const { bundlerRegistry: registry, conclude } = settings
    if (registry === undefined) throw usage('give --bundler-registry: its court judges')
    const node = await connectNode(settings.rpcUrl)
    const promise = { ...promiseIn(settings.dataFile, hash), chainId: node.chainId }
    const wallet = operatorOf(node, settings.rpcUrl, accountOf(settings.operatorKey))
    if (conclude) {
      const { transactionHash, fineWei } = await concludePromise(wallet, { promise })
      process.stdout.write(`fined ${formatEther(fineWei)} coin (${transactionHash})\n`)
    } else {
      const contracts = { bundlerRegistry: registry }
      const { transactionHash, depositWei, answerBlock } = await challengePromise(wallet, {
        contracts,
        promise,
      })
      process.stdout.write(
        `challenged with a deposit of ${formatEther(depositWei)} coin (${transactionHash}); bundler ${promise.bundlerId} may answer until block ${answerBlock}: then run it again with --conclude true\n`,
      )
    }
    return exitCodes.done
  },
})

/** The one that is due first, of those that are broken. */
function promiseIn(path: string, hash: string | undefined): Omit<SignedPromise, 'chainId'> {
  if (hash === undefined || !/^0x[0-9a-f]{64}$/i.test(hash))
    throw usage('name the operation: worldland-bundler challenge 0x…')
  const reader = openReader(path)
  try {
    const row = reader.get<InclusionPromiseTable>(
      `select * from inclusion_promise where operation_hash = ? order by state = 'broken' desc, latest_block limit 1`,
      hash.toLowerCase() as Hash,
    )
    if (row === undefined)
      throw new ExitError(exitCodes.no, `nobody has promised ${hash}, as far as ${path} tells`)
    const { promise, signature, court, state } = readRow(row)
    return { ...promise, signature, court, state }
  } finally {
    reader.close()
  }
}

function accountOf(key: string | undefined) {
  const keys = key === undefined ? undefined : parseKeys(key)
  if (keys === undefined) throw usage('give --operator-key-file: the account that pays the deposit')
  if (!keys.ok) throw new ExitError(exitCodes.configuration, `operatorKey: ${keys.refusal.message}`)
  const [first] = keys.value
  if (first === undefined) throw usage('the operator key file holds no key')
  return first.account
}

function usage(message: string): ExitError {
  return new ExitError(exitCodes.usage, message)
}
