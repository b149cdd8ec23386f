// What `worldland-paymaster check` says of the file of `--tokens`: whether it can be read, and what each source tells now.
import { type CheckLine, obstacle } from '@worldland-aa/service/cli/checkReport'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import type { PublicClient } from 'viem'
import { createOracle, type OracleContext } from '../oracles/createOracle.ts'
import { toDecimalText } from '../oracles/ratio.ts'
import { createReadToken } from './readToken.ts'
import { readTokenFile, type SeededToken } from './tokenFile.ts'

export async function checkTokens(options: {
  readonly client: PublicClient
  readonly chainId: number
  readonly file: string | undefined
  readonly allowPrivateNetworks: boolean
}): Promise<readonly CheckLine[]> {
  const { client, chainId, file, allowPrivateNetworks } = options
  if (file === undefined) return []
  let tokens: readonly SeededToken[]
  try {
    tokens = readTokenFile(file)
  } catch (error) {
    return [obstacle('tokens', reasonOf(error))]
  }
  const { number, timestamp } = await client.getBlock()
  const moment = { blockNumber: number, timestampSeconds: Number(timestamp) }
  const context = { client, chainId, rules: { allowPrivateNetworks }, now: () => moment.timestampSeconds }
  return await Promise.all(tokens.map(token => lineOf(context, token, moment)))
}

async function lineOf(
  context: OracleContext,
  { address, settings }: SeededToken,
  moment: { readonly blockNumber: bigint; readonly timestampSeconds: number },
): Promise<CheckLine> {
  const subject = `token ${address}`
  const read = await createReadToken(context.client)(address)
  // A start goes on without it.
  if (!read.ok) return { subject, says: `is not taken: ${read.refusal.message}` }
  const { symbol, decimals } = read.value
  const told = await Promise.all(
    settings.sources.map(async source => {
      const reading = await createOracle(context, { address, symbol, decimals }, source).read(moment)
      if (!reading.ok) return `${source.kind}: ${reading.refusal.message}`
      const { ratio, updatedAtSeconds } = reading.value
      const ageSeconds = Math.max(0, moment.timestampSeconds - updatedAtSeconds)
      return `${source.kind}: ${toDecimalText(ratio, decimals)} for one coin, ${ageSeconds} seconds old`
    }),
  )
  return { subject, says: `${symbol}, ${decimals} decimals; ${told.join('; ')}` }
}
