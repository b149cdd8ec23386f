// Which metrics expressions name that no daemon has.
import type { Metric } from './readMetrics.ts'

const ownName = /\b(?:bundler|paymaster|provider|door|process|nodejs)_[a-z0-9_]+/g

export function unknownMetrics(
  expressions: readonly string[],
  known: readonly Pick<Metric, 'name' | 'type'>[],
): readonly string[] {
  const names = new Set(
    known.flatMap(({ name, type }) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map(part => `${name}${part}`) : [name],
    ),
  )
  const used = expressions.flatMap(expression => [...expression.matchAll(ownName)].map(([name]) => name))
  return [...new Set(used)].filter(name => !names.has(name))
}
