// What the paymaster has, each with what it is for.

import { SimpleGrid } from '@mantine/core'
import type { Overview } from '../../../../src/admin/overview/schema.ts'
import type { TreasuryView } from '../../../../src/admin/treasury/schema.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { Coin } from '../../components/Coin.tsx'
import { coinSymbol } from '../../format/coinSymbol.ts'
import { exactUnits, shortUnits } from '../../format/wei.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { DepositFund } from './DepositFund.tsx'
import { Fund } from './Fund.tsx'
import { StakeFund } from './StakeFund.tsx'
import { treasuryWords } from './words.ts'

export function Funds({ treasury }: { readonly treasury: TreasuryView }) {
  const words = useWords(treasuryWords)
  const language = useLanguage()
  const runway = useApiQuery<Overview>({ path: 'overview', live: ['treasury', 'block'] }).data?.runway
  const { deposit, stake, token, tanks, revenueWei, treasuryKey } = treasury
  const amount = { symbol: token.symbol, decimals: token.decimals }
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
      <DepositFund deposit={deposit} tips={treasury.tips} />
      <Fund
        name={words.runway}
        value={
          runway === undefined
            ? '…'
            : runway.days === null
              ? words.runwayEndless
              : words.runwayDays(
                  new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(runway.days),
                )
        }
        hint={runway && words.runwayHint(`${shortUnits(runway.burnedInLastDayWei)} ${coinSymbol}`)}
      />
      <StakeFund stake={stake} />
      <Fund name={words.revenue} value={<Coin wei={revenueWei} {...amount} />} hint={words.revenueHint} />
      <Fund
        name={words.tanks}
        value={<Coin wei={tanks.totalWei} {...amount} />}
        hint={words.tanksHint}
        note={
          BigInt(tanks.spentWei) > 0n
            ? words.tanksSpent(`${exactUnits(tanks.spentWei, token.decimals)} ${token.symbol}`)
            : undefined
        }
      />
      <Fund
        name={words.treasuryKey}
        value={treasuryKey === null ? words.noTreasuryKey : <Coin wei={treasuryKey.coinWei} />}
        hint={words.treasuryKeyHint}
        note={treasuryKey === null ? undefined : treasuryKey.isOwner ? words.isOwner : words.isNotOwner}
      />
    </SimpleGrid>
  )
}
