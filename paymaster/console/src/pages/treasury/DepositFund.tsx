// The deposit: what of it is free, what is spoken for, and where it is filled up.

import type { TreasuryView } from '../../../../src/admin/treasury/schema.ts'
import { Meter } from '../../charts/Meter.tsx'
import { Coin } from '../../components/Coin.tsx'
import { coinSymbol } from '../../format/coinSymbol.ts'
import { exactUnits, percentOf, shortUnits } from '../../format/wei.ts'
import { useWords } from '../../i18n/words.ts'
import { Fund } from './Fund.tsx'
import { treasuryWords } from './words.ts'

export function DepositFund({ deposit, tips }: Pick<TreasuryView, 'deposit' | 'tips'>) {
  const words = useWords(treasuryWords)
  const { totalWei, heldWei, freeWei, minimumWei } = deposit
  return (
    <Fund
      name={words.deposit}
      value={<Coin wei={totalWei} />}
      hint={`${words.depositHint}; ${words.minimum(`${shortUnits(minimumWei)} ${coinSymbol}`)}`}
      note={
        tips.registry === null && BigInt(tips.owedWei) === 0n
          ? undefined
          : words.tips(
              `${exactUnits(tips.tipWei)} ${coinSymbol}`,
              `${exactUnits(tips.owedWei)} ${coinSymbol}`,
            )
      }
    >
      <Meter
        label={words.deposit}
        parts={[
          { percent: percentOf(freeWei, totalWei), color: 'teal', label: words.free },
          { percent: percentOf(heldWei, totalWei), color: 'yellow', label: words.held },
        ]}
        left={
          <>
            {words.free} <Coin wei={freeWei} />
          </>
        }
        right={
          <span title={words.heldHint}>
            {words.held} <Coin wei={heldWei} />
          </span>
        }
      />
    </Fund>
  )
}
