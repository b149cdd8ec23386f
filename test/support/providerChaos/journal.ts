// What workers wrote down of their jobs: a result that was acknowledged must be the last that is ever heard of its job.

export type Journal = {
  readonly executions: number
  /** By job: the execution whose result the gateway took. */
  readonly results: ReadonlyMap<string, string>
  /** Lines about a job whose result had been taken before. */
  readonly doneAgain: readonly string[]
}

export function readJournal(text: string): Journal {
  const results = new Map<string, string>()
  const doneAgain: string[] = []
  let executions = 0
  for (const line of text.trim().split('\n')) {
    const [what = '', id = '', execution = ''] = line.split(' ')
    if (what === 'began') executions++
    if ((what === 'began' || what === 'accepted') && results.has(id)) doneAgain.push(line)
    if (what === 'accepted') results.set(id, execution)
  }
  return { executions, results, doneAgain }
}
