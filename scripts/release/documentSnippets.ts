// Which documents' programs must work: those that the users of the packages read.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { workspaceRoot } from '../workspaceRoot.ts'
import { snippetsIn } from './snippets.ts'

export type DocumentSnippet = {
  /** As a person names it: README.md:55. */
  readonly place: string
  /** For a file: README-55. */
  readonly name: string
  readonly code: string
}

const documents = ['README.md', 'sdk/README.md']

export function documentSnippets(): readonly DocumentSnippet[] {
  return documents.flatMap(document =>
    snippetsIn(readFileSync(join(workspaceRoot, document), 'utf8')).map(({ line, code }) => ({
      place: `${document}:${line}`,
      name: `${document.replace(/\.md$/, '').replaceAll(/[/\\]/g, '-')}-${line}`,
      code,
    })),
  )
}
