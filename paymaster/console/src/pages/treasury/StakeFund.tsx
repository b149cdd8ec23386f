// The stake, and whether it can be taken.

import type { TreasuryView } from '../../../../src/admin/treasury/schema.ts'
import { Coin } from '../../components/Coin.tsx'
import { useNowSeconds } from '../../components/useNowSeconds.ts'
import { coinSymbol } from '../../format/coinSymbol.ts'
import { duration, exactTime } from '../../format/time.ts'
import { shortUnits } from '../../format/wei.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { Fund } from './Fund.tsx'
import { treasuryWords } from './words.ts'

export function StakeFund({ stake }: { readonly stake: TreasuryView['stake'] }) {
  const words = useWords(treasuryWords)
  const language = useLanguage()
  const nowSeconds = useNowSeconds()
  const { amountWei, targetWei, isLocked, unstakeDelaySeconds, withdrawableAtSeconds } = stake
  const standing = (): string => {
    if (BigInt(amountWei) === 0n) return words.stakeNone
    if (isLocked) return words.stakeLocked(duration(unstakeDelaySeconds, language))
    if (withdrawableAtSeconds !== null && withdrawableAtSeconds > nowSeconds) {
      return words.stakeUnlocking(exactTime(withdrawableAtSeconds, language))
    }
    return words.stakeFree
  }
  const isShort = BigInt(amountWei) < BigInt(targetWei)
  return (
    <Fund
      name={words.stake}
      value={<Coin wei={amountWei} />}
      hint={words.stakeHint}
      note={
        isShort ? `${standing()} · ${words.stakeShort(`${shortUnits(targetWei)} ${coinSymbol}`)}` : standing()
      }
    />
  )
}
