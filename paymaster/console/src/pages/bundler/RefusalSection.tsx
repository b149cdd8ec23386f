// Why the bundler turned operations down in the last hour.
import type { BundlerStatus } from '../../../../src/admin/bundler/schema.ts'
import { Bars } from '../../charts/Bars.tsx'
import { Section } from '../../components/Section.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { Nothing } from '../../lists/Nothing.tsx'
import { bundlerWords } from './words.ts'

export function RefusalSection({ refusals }: { readonly refusals: BundlerStatus['refusals'] }) {
  const words = useWords(bundlerWords)
  const language = useLanguage()
  return (
    <Section title={words.refusals}>
      {refusals.length === 0 ? (
        <Nothing title={words.noRefusals}>{words.noRefusalsNext}</Nothing>
      ) : (
        <Bars
          label={words.refusals}
          bars={refusals.map(({ reason, code, count: times }) => ({
            key: `${code} ${reason}`,
            name: `${reason} (${code})`,
            value: times,
            figure: count(times, language),
          }))}
        />
      )}
    </Section>
  )
}
