// What a policy may hold, as the service's own schema says it.
import { Text } from '@mantine/core'
import { useApiQuery } from '../../../api/useApiQuery.ts'
import { useLanguage } from '../../../i18n/language.ts'
import { policyFieldIn } from '../../../i18n/refusals.ts'
import { useWords } from '../../../i18n/words.ts'
import { readFields, type SchemaField } from './schemaFields.ts'
import { editWords } from './words.ts'

export function FieldHelp() {
  const words = useWords(editWords)
  const schema = useApiQuery<Record<string, unknown>>({ path: 'policies/schema' }).data
  if (schema === undefined) return null
  return (
    <details className="field-help">
      <summary className="unfolds">{words.help}</summary>
      <Fields fields={readFields(schema)} within="" />
    </details>
  )
}

function Fields({
  fields,
  within,
}: {
  readonly fields: readonly SchemaField[]
  /** The path of what holds them, with its dot. */
  readonly within: string
}) {
  const language = useLanguage()
  return (
    <ul>
      {fields.map(({ name, type, description, isRequired, fields: inner }) => (
        <li key={name}>
          <Text size="sm" component="span">
            <code>{name}</code>
            {isRequired && '*'}{' '}
            <Text span c="dimmed" inherit>
              <code>{type}</code>
              {description !== undefined &&
                ` – ${policyFieldIn(language, `${within}${name}`) ?? description}`}
            </Text>
          </Text>
          {inner.length > 0 && <Fields fields={inner} within={`${within}${name}.`} />}
        </li>
      ))}
    </ul>
  )
}
