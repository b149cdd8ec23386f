// The programs in a document: every ```ts block is one as it stands, or goes on with the one before it when it says
// ```ts continued.

export type Snippet = {
  /** Of the document's first block of it. */
  readonly line: number
  readonly code: string
}

export function snippetsIn(markdown: string): readonly Snippet[] {
  const snippets: Snippet[] = []
  const blocks = markdown.matchAll(/^```ts(?<more> continued)?\n(?<code>[\s\S]*?)^```$/gm)
  for (const { index, groups } of blocks) {
    const { more, code } = groups as { more?: string; code: string }
    const previous = snippets.at(-1)
    if (more === undefined) {
      snippets.push({ line: markdown.slice(0, index).split('\n').length + 1, code })
    } else if (previous === undefined) {
      throw new Error('A document begins with a block that says "continued"')
    } else snippets[snippets.length - 1] = { ...previous, code: `${previous.code}\n${code}` }
  }
  return snippets
}
