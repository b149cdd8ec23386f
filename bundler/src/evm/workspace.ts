// Stacks and memories, kept for reuse: to allocate them for every call would cost more than many a call does.
import { Memory } from './memory.ts'
import { createWords, type Words } from './words.ts'

const stackWords = 1024
const keptWorkspaces = 32
const largestKeptBytes = 65_536

export type Workspace = { readonly stack: Words; readonly memory: Memory }

const kept: Workspace[] = []

/** Its memory is empty; its stack holds whatever it held. */
export function takeWorkspace(): Workspace {
  return kept.pop() ?? { stack: createWords(stackWords), memory: new Memory() }
}

export function returnWorkspace(workspace: Workspace): void {
  if (kept.length >= keptWorkspaces || workspace.memory.bytes.length > largestKeptBytes) return
  workspace.memory.clear()
  kept.push(workspace)
}
