// The form of a token and the settings that it becomes; percent and coin as typed, hundredths and wei as sent.
import type { PriceSource, Token, TokenSettings } from '../../../../src/admin/tokens/schema.ts'
import { parseUnits } from '../../format/parseUnits.ts'
import { exactUnits } from '../../format/wei.ts'
import { basisPointsOfPercent, percentOfBasisPoints } from './figures.ts'

export type SourceKind = PriceSource['kind']

export type SourceValues = {
  readonly kind: SourceKind
  readonly feed: string
  readonly quotes: 'tokenPerNative' | 'nativePerToken'
  readonly pair: string
  readonly wrappedNative: string
  readonly windowBlocks: number | string
  readonly minReserve: string
  readonly url: string
  readonly signer: string
  readonly maxAgeSeconds: number | string
}

export type TokenValues = {
  readonly address: string
  readonly sources: readonly SourceValues[]
  readonly markupPercent: number | string
  readonly maxStepPercent: number | string
  readonly maxSourcePercent: number | string
  readonly refundGas: number | string
  readonly maxCharge: string
  readonly enabled: boolean
}

export const freshSource: SourceValues = {
  kind: 'chainlinkFeed',
  feed: '',
  quotes: 'tokenPerNative',
  pair: '',
  wrappedNative: '',
  windowBlocks: 30,
  minReserve: '1000',
  url: '',
  signer: '',
  maxAgeSeconds: 3_600,
}

export function valuesOf(token: Token | undefined): TokenValues {
  const settings = token?.settings
  const charge = settings?.maxChargePerOperation
  return {
    address: token?.address ?? '',
    sources: settings?.sources.map(sourceValuesOf) ?? [freshSource],
    markupPercent: percentOfBasisPoints(settings?.markupBps ?? 1_000),
    maxStepPercent: percentOfBasisPoints(settings?.maxStepDeviationBps ?? 1_000),
    maxSourcePercent: percentOfBasisPoints(settings?.maxSourceDeviationBps ?? 300),
    refundGas: settings?.refundGas ?? 60_000,
    maxCharge: charge === undefined ? '' : exactUnits(charge, token?.decimals ?? 18).replaceAll(',', ''),
    enabled: settings?.enabled ?? true,
  }
}

/** `decimals` of the token; 18 while they are not known. */
export function settingsOf(values: TokenValues, decimals: number): TokenSettings {
  const charge = values.maxCharge.trim()
  return {
    sources: values.sources.map(sourceOf),
    markupBps: basisPointsOfPercent(values.markupPercent),
    maxStepDeviationBps: basisPointsOfPercent(values.maxStepPercent),
    maxSourceDeviationBps: basisPointsOfPercent(values.maxSourcePercent),
    refundGas: Number(values.refundGas),
    enabled: values.enabled,
    // What is no number goes as it is: the service says what is wrong with it.
    ...(charge === '' ? {} : { maxChargePerOperation: parseUnits(charge, decimals)?.toString() ?? charge }),
  }
}

export function sourceOf(values: SourceValues): PriceSource {
  const maxAgeSeconds = Number(values.maxAgeSeconds)
  const { kind, feed, quotes, pair, wrappedNative, url, signer } = values
  if (kind === 'chainlinkFeed') return { kind, feed: feed.trim(), quotes, maxAgeSeconds }
  if (kind === 'signedUrl') return { kind, url: url.trim(), signer: signer.trim(), maxAgeSeconds }
  return {
    kind,
    pair: pair.trim(),
    wrappedNative: wrappedNative.trim(),
    windowBlocks: Number(values.windowBlocks),
    minReserveNativeWei: parseUnits(values.minReserve)?.toString() ?? values.minReserve,
    maxAgeSeconds,
  }
}

function sourceValuesOf(source: PriceSource): SourceValues {
  const { maxAgeSeconds } = source
  if (source.kind !== 'uniswapV2Twap') return { ...freshSource, ...source }
  const { kind, pair, wrappedNative, windowBlocks, minReserveNativeWei } = source
  const minReserve = exactUnits(minReserveNativeWei).replaceAll(',', '')
  return { ...freshSource, kind, pair, wrappedNative, windowBlocks, minReserve, maxAgeSeconds }
}
