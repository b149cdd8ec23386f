// Bundles between being sent and being mined.
import type { BundlerStatus } from '../../../../src/admin/bundler/schema.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Hex } from '../../components/Hex.tsx'
import { Section } from '../../components/Section.tsx'
import { gasPrice } from '../../format/gasPrice.ts'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { Nothing } from '../../lists/Nothing.tsx'
import { bundlerWords } from './words.ts'

type Bundle = BundlerStatus['bundles'][number]

export function BundleTable({ bundles }: { readonly bundles: readonly Bundle[] }) {
  const words = useWords(bundlerWords)
  const language = useLanguage()
  const columns: readonly Column<Bundle>[] = [
    {
      key: 'transaction',
      title: words.columns.transaction,
      show: ({ transactionHash }) => <Hex value={transactionHash} />,
    },
    { key: 'executor', title: words.columns.executor, show: ({ executor }) => <Hex value={executor} /> },
    {
      key: 'operations',
      title: words.columns.operations,
      isFigure: true,
      show: ({ operations }) => count(operations, language),
    },
    {
      key: 'waited',
      title: words.columns.waited,
      isFigure: true,
      show: ({ blocksWaited }) => words.blocksWaited(count(blocksWaited, language)),
    },
    {
      key: 'fee',
      title: words.columns.fee,
      isFigure: true,
      show: ({ maxFeePerGasWei }) => gasPrice(maxFeePerGasWei),
    },
    {
      key: 'attempts',
      title: words.columns.attempts,
      isFigure: true,
      show: ({ attempts }) => count(attempts, language),
    },
  ]
  return (
    <Section title={words.bundles}>
      {bundles.length === 0 ? (
        <Nothing title={words.noBundles}>{words.noBundlesNext}</Nothing>
      ) : (
        <DataTable
          label={words.bundles}
          rows={bundles}
          columns={columns}
          keyOf={({ executor, nonce }) => `${executor} ${nonce}`}
        />
      )}
    </Section>
  )
}
