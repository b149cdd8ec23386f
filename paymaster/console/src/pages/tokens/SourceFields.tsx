// The fields of one price source, and the button that asks it once before anything is saved.
import { Fieldset, NumberInput, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import type { FieldErrors } from '../../dialogs/useFieldErrors.ts'
import { useWords } from '../../i18n/words.ts'
import { SourceTest } from './SourceTest.tsx'
import type { SourceKind, SourceValues } from './tokenForm.ts'
import { tokenWords } from './words.ts'

const kinds = ['chainlinkFeed', 'uniswapV2Twap', 'signedUrl'] as const satisfies readonly SourceKind[]
const tells = ['tokenPerNative', 'nativePerToken'] as const

export function SourceFields({
  legend,
  values,
  token,
  errorOf,
  onChange,
}: {
  readonly legend: string
  readonly values: SourceValues
  /** The token's address, for the test. */
  readonly token: string
  readonly errorOf: FieldErrors['of']
  readonly onChange: (values: SourceValues) => void
}) {
  const words = useWords(tokenWords)
  const { form } = words
  const text = (field: 'feed' | 'pair' | 'wrappedNative' | 'url' | 'signer' | 'minReserve') => ({
    value: values[field],
    onChange: (event: { readonly currentTarget: HTMLInputElement }) =>
      onChange({ ...values, [field]: event.currentTarget.value }),
    error: errorOf(field === 'minReserve' ? 'minReserveNativeWei' : field),
    spellCheck: false,
    autoComplete: 'off',
  })
  const number = (field: 'windowBlocks' | 'maxAgeSeconds') => ({
    value: values[field],
    onChange: (value: number | string) => onChange({ ...values, [field]: value }),
    error: errorOf(field),
    allowDecimal: false,
    allowNegative: false,
  })
  return (
    <Fieldset legend={legend}>
      <Stack gap="sm">
        <Select
          label={form.kind}
          allowDeselect={false}
          data={kinds.map(kind => ({ value: kind, label: words.source[kind] }))}
          value={values.kind}
          onChange={kind => onChange({ ...values, kind: (kind ?? values.kind) as SourceKind })}
        />
        {values.kind === 'chainlinkFeed' && (
          <>
            <TextInput label={form.feed} placeholder="0x…" {...text('feed')} />
            <Select
              label={form.quotes}
              allowDeselect={false}
              data={tells.map(one => ({ value: one, label: form[one] }))}
              value={values.quotes}
              onChange={one =>
                onChange({ ...values, quotes: (one ?? values.quotes) as (typeof tells)[number] })
              }
            />
          </>
        )}
        {values.kind === 'uniswapV2Twap' && (
          <>
            <TextInput label={form.pair} placeholder="0x…" {...text('pair')} />
            <TextInput label={form.wrappedNative} placeholder="0x…" {...text('wrappedNative')} />
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <NumberInput label={form.windowBlocks} {...number('windowBlocks')} />
              <TextInput
                label={form.minReserve}
                description={form.minReserveHint}
                inputMode="decimal"
                {...text('minReserve')}
              />
            </SimpleGrid>
          </>
        )}
        {values.kind === 'signedUrl' && (
          <>
            <TextInput label={form.url} description={form.urlHint} type="url" {...text('url')} />
            <TextInput label={form.signer} placeholder="0x…" {...text('signer')} />
          </>
        )}
        <NumberInput label={form.maxAge} thousandSeparator="," {...number('maxAgeSeconds')} />
        <SourceTest token={token} values={values} />
      </Stack>
    </Fieldset>
  )
}
