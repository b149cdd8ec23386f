// Two versions side by side in one column: what went, what came; unchanged stretches are cut short.
import { Box } from '@mantine/core'
import { dictionary, useWords } from '../../../i18n/words.ts'
import { type DifferenceLine, difference } from './difference.ts'

const differenceWords = dictionary(
  { same: 'No difference.', removed: 'removed', added: 'added' },
  { same: '차이가 없습니다.', removed: '삭제', added: '추가' },
)

/** Lines that are shown around a change. */
const context = 3
const signs = { same: ' ', removed: '−', added: '+' } as const

export function Difference({
  before,
  after,
  label,
}: {
  readonly before: string
  readonly after: string
  readonly label: string
}) {
  const words = useWords(differenceWords)
  const lines = difference(before, after).map((line, place) => ({ ...line, place }))
  const changes = lines.filter(({ kind }) => kind !== 'same').map(({ place }) => place)
  if (changes.length === 0) return <Box fz="sm">{words.same}</Box>
  const shown = lines.filter(({ place }) => changes.some(change => Math.abs(change - place) <= context))
  return (
    <Box component="section" className="difference" tabIndex={0} aria-label={label}>
      {shown.map(({ place, ...line }, index) => (
        <Line key={place} line={line} isCut={place !== (shown[index - 1]?.place ?? place - 1) + 1} />
      ))}
    </Box>
  )
}

function Line({ line: { kind, text }, isCut }: { readonly line: DifferenceLine; readonly isCut: boolean }) {
  const words = useWords(differenceWords)
  const content = `${signs[kind]} ${text}`
  return (
    <>
      {isCut && <div className="cut">⋯</div>}
      {kind === 'same' && <div>{content}</div>}
      {kind === 'removed' && <del title={words.removed}>{content}</del>}
      {kind === 'added' && <ins title={words.added}>{content}</ins>}
    </>
  )
}
