// The shell blocks of a document as one script, in their order, with what its first block asks to have replaced replaced.

const replaceable = '# Replace what is in this block, and nothing below it.'

/** Throws when the document does not ask for exactly the replacements that are given. */
export function chapterScript(document: string, replacements: Readonly<Record<string, string>>): string {
  const [first = '', ...others] = shellBlocks(document)
  if (!first.startsWith(replaceable)) throw new Error(`The first shell block must begin with: ${replaceable}`)
  const asked = [...first.matchAll(/^([A-Z_]+)=/gm)].map(([, name = '']) => name)
  const given = Object.keys(replacements)
  if (asked.join() !== given.join()) {
    throw new Error(`The document has ${asked.join(', ')} replaced, but ${given.join(', ')} are given`)
  }
  const replaced = Object.entries(replacements).map(([name, value]) => `${name}='${value}'`)
  // As a person would: whatever fails ends it.
  return ['set -euo pipefail', replaced.join('\n'), ...others.map(shown)].join('\n')
}

function shellBlocks(document: string): readonly string[] {
  return [...document.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)
}

/** Before a block is run its first line is told. */
function shown(block: string): string {
  const firstLine = block.slice(0, block.indexOf('\n'))
  return `printf '%s\\n' ${quoted(`\n$ ${firstLine}`)}\n${block}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
