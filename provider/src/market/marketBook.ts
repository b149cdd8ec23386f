// The market file in force. A file with a mistake changes nothing.
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import type { Logger } from '@worldland-aa/service/logger'
import type { Outcome } from '../outcome.ts'
import type { MarketFile } from './marketSchema.ts'
import { readMarketFile } from './readMarketFile.ts'

export type MarketBook = {
  inForce(): MarketFile
  reload(): Outcome<MarketFile, string>
  /** Hears of each one that came into force after the first. */
  onChange(listener: (market: MarketFile) => void): void
}

/** Throws, with the remedy, when there is none to begin with. */
export function createMarketBook(path: string, logger: Logger): MarketBook {
  const listeners: ((market: MarketFile) => void)[] = []
  const first = readMarketFile(path)
  if (!first.ok) throw new ExitError(exitCodes.configuration, first.refusal)
  let inForce = first.value
  return {
    inForce: () => inForce,
    onChange: listener => void listeners.push(listener),
    reload() {
      const read = readMarketFile(path)
      if (read.ok) {
        inForce = read.value
        logger.info({ offers: inForce.offers.map(({ name }) => name) }, 'the market file was read anew')
        for (const listener of listeners) listener(inForce)
      } else logger.error(`the market file in force stays as it is: ${read.refusal}`)
      return read
    },
  }
}
