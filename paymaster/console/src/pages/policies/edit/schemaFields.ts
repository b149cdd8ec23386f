// A JSON schema as a list of fields that people can read: names, kinds and words, as deep as a policy goes.

export type SchemaField = {
  readonly name: string
  readonly type: string
  readonly description: string | undefined
  readonly isRequired: boolean
  readonly fields: readonly SchemaField[]
}

type Schema = {
  readonly type?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
}

const deepest = 4

export function readFields(schema: Schema, depth = 0): readonly SchemaField[] {
  const holder = withProperties(schema)
  if (holder === undefined || depth === deepest) return []
  return Object.entries(holder.properties ?? {}).map(([name, field]) => ({
    name,
    type: typeOf(field),
    description: field.description,
    // What has a default is always in what comes out, and need not be written.
    isRequired: (holder.required ?? []).includes(name) && !('default' in field),
    fields: readFields(field, depth + 1),
  }))
}

function withProperties(schema: Schema): Schema | undefined {
  if (schema.properties !== undefined) return schema
  if (schema.items !== undefined) return withProperties(schema.items)
  return (schema.anyOf ?? schema.oneOf ?? []).map(withProperties).find(found => found !== undefined)
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(value => JSON.stringify(value)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return [...new Set(choices.map(typeOf))].join(' | ')
  if (schema.type === 'array')
    return `list of ${schema.items === undefined ? 'anything' : typeOf(schema.items)}`
  return schema.type ?? 'text'
}
