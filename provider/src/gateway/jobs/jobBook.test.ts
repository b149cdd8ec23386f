// Whatever order clients, workers, deaths and restarts come in: a job that was acknowledged ends once, and what ended stays
// as it ended. The data file is a real one, and a restart knows nothing but what is in it.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGroupCommit } from '@worldland-aa/service/database/groupCommit'
import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answerStream } from '../doors/answerStream.ts'
import { createTestGate, type TestGate } from '../testing/testGate.ts'
import { type AliveMark, createAliveMark } from './aliveMark.ts'
import { isFinished, type Job } from './job.ts'
import { createJobArchive } from './jobArchive.ts'
import { createJobBook, type JobBook } from './jobBook.ts'
import { createJobChanges, type JobChanges } from './jobChanges.ts'
import { createJobIndex } from './jobIndex.ts'
import { createJobJournal } from './jobJournal.ts'
import { createJobKeeper } from './jobKeeper.ts'
import { createJobRerun } from './jobRerun.ts'
import { type GatewayTables, gatewayMigrations } from './tables.ts'

const endpointId = 'sums'
let folder: string
let lives: number
let waitedMilliseconds: number
/** Tests do not wait: they say how long it has been. */
const clock = { now: () => Date.now() + waitedMilliseconds }
const opened: (() => Promise<void>)[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jobs-'))
  lives = 0
  waitedMilliseconds = 0
})
afterEach(async () => {
  for (const close of opened.splice(0)) await close()
  rmSync(folder, { recursive: true })
})

type Life = {
  readonly book: JobBook
  readonly path: string
  readonly archive: ReturnType<typeof createJobArchive>
  readonly alive: AliveMark
  readonly changes: JobChanges
}

async function live(gate: TestGate, path = join(folder, `${lives++}.sqlite`)): Promise<Life> {
  const database = await openDatabase<GatewayTables>({ path, migrations: gatewayMigrations })
  const commits = createGroupCommit(database)
  const onFailure = (error: unknown): void => {
    throw error
  }
  const journal = createJobJournal({ commits, onFailure })
  const archive = createJobArchive(database)
  const alive = createAliveMark({ database, commits, clock })
  const changes = createJobChanges()
  const book = createJobBook({
    ...{ journal, archive, alive, gate, clock },
    index: createJobIndex(),
    rerun: createJobRerun({ commits, archive }),
    keeper: createJobKeeper({ journal, commits, gate, onFailure }),
    changes,
    events: {
      onWaiting: () => undefined,
      onStopped: () => undefined,
      onFinished: () => undefined,
      onRetried: () => undefined,
    },
  })
  await book.open()
  opened.push(async () => {
    await commits.settled()
    await database.destroy()
  })
  return { book, path, archive, alive, changes }
}

/** As after kill -9: the file as it is at this moment, with its log. */
async function afterKill(life: Life, gate: TestGate): Promise<Life> {
  const path = join(folder, `${lives++}.sqlite`)
  for (const ending of ['', '-wal']) {
    if (existsSync(`${life.path}${ending}`)) copyFileSync(`${life.path}${ending}`, `${path}${ending}`)
  }
  return await live(gate, path)
}

function submit(book: JobBook, input = '{"a":1}', payer = { sessionId: 1n, rightId: 1n, lane: '1:1' }) {
  return book.submit({
    ...{ endpointId, input, payer },
    isAwaited: false,
    executionTimeoutMilliseconds: 60_000,
    lifetimeMilliseconds: 60_000,
    queueLimit: 100_000,
  })
}

async function begun({ book }: Life): Promise<Job> {
  await submit(book)
  const [job] = book.take(endpointId, 'worker-sums-1', 1)
  await book.leased(job as Job)
  return job as Job
}

async function poll(life: Life, job: Job): Promise<readonly unknown[]> {
  const { signal } = new AbortController()
  const answer = JSON.parse((await answerStream(job, { ...life, hasRoom: () => true, signal })) ?? '')
  return answer.stream.map(({ output }: { output: unknown }) => output)
}

async function stateOf({ book, archive }: Life, id: string): Promise<Job | undefined> {
  return book.find(id) ?? (await archive.find(id))
}

type Step = readonly [act: string, which: number, worker: number]
const workers = ['worker-sums-1', 'worker-sums-2', 'worker-sums-3']
const steps = fc.array(
  fc.tuple(
    fc.constantFrom(
      'submit',
      'take',
      'done',
      'done',
      'fail',
      'progress',
      'part',
      'cancel',
      'die',
      'kill',
      'restart',
    ),
    fc.nat(1_000),
    fc.nat(2),
  ),
  { maxLength: 60 },
)

describe('jobs', () => {
  it('are neither lost nor done twice, in whatever order all that may happen happens', async () => {
    await fc.assert(fc.asyncProperty(steps, play), { numRuns: 60 })
  })

  it('whose result a dead worker sends after all are done by the one that has them', async () => {
    const gate = createTestGate()
    const { book, archive } = await live(gate)
    const submitted = await submit(book)
    const id = submitted.ok ? submitted.value.id : ''
    const [job] = book.take(endpointId, 'worker-sums-1', 1)
    await book.lose(job as Job, 'worker-sums-1', 'it was killed')
    book.take(endpointId, 'worker-sums-2', 1)
    expect(await book.complete('worker-sums-1', id, { output: '"late"', error: undefined })).toBe(false)
    expect(await book.complete('worker-sums-2', id, { output: '"mine"', error: undefined })).toBe(true)
    expect(await archive.find(id)).toMatchObject({
      state: 'COMPLETED',
      output: '"mine"',
      attempt: 2,
      deaths: 1,
    })
  })

  it('that are told twice by the same worker are done once, and both are answered', async () => {
    const gate = createTestGate()
    const { book } = await live(gate)
    await submit(book)
    const [job] = book.take(endpointId, 'worker-sums-1', 1)
    const id = (job as Job).id
    const answers = await Promise.all(
      ['"one"', '"two"'].map(output => book.complete('worker-sums-1', id, { output, error: undefined })),
    )
    expect(answers).toEqual([true, true])
    expect(gate.owed.size).toBe(1)
  })

  it('are found with their input after a kill, however large it is', async () => {
    const gate = createTestGate()
    const life = await live(gate)
    const input = JSON.stringify({ text: 'x'.repeat(200_000) })
    await submit(life.book, input)
    const next = await afterKill(life, gate)
    const [job] = next.book.take(endpointId, 'worker-sums-1', 1)
    expect(await next.book.leased(job as Job)).toBe(input)
  })

  it('that were finished and not booked when the daemon was killed are booked once it is back', async () => {
    const gate = createTestGate()
    const life = await live(gate)
    await submit(life.book)
    const [job] = life.book.take(endpointId, 'worker-sums-1', 1)
    await life.book.complete('worker-sums-1', (job as Job).id, { output: '1', error: undefined })
    const forgetful = createTestGate()
    const next = await afterKill(life, forgetful)
    await expect.poll(() => next.book.find((job as Job).id)).toBeUndefined()
    expect([...forgetful.owed.keys()]).toEqual([(job as Job).id])
  })

  it('that run while the daemon is down owe what they ran while it was known to live, however often it is down', async () => {
    const gate = createTestGate()
    let life = await live(gate)
    await submit(life.book)
    const [job] = life.book.take(endpointId, 'worker-sums-1', 1)
    const id = (job as Job).id
    await life.book.leased(job as Job)
    for (let times = 0; times < 2; times++) {
      waitedMilliseconds += 20_000
      await life.alive.set()
      // The second time, nothing has told since that it lives.
      for (let kills = 0; kills < 2; kills++) {
        waitedMilliseconds += 600_000
        life = await afterKill(life, gate)
      }
    }
    // And once the time of day was set back.
    waitedMilliseconds -= 5_000_000
    life = await afterKill(life, gate)
    const tookUpMilliseconds = gate.takenUp.get(id) ?? 0
    expect(tookUpMilliseconds).toBeGreaterThanOrEqual(40_000)
    expect(tookUpMilliseconds).toBeLessThan(60_000)
    waitedMilliseconds += 1_000
    await life.book.complete('worker-sums-1', id, { output: '1', error: undefined })
    expect(await life.archive.find(id)).toMatchObject({ state: 'COMPLETED' })
    expect(gate.owed.get(id)).toBeGreaterThanOrEqual(41_000)
    expect(gate.owed.get(id)).toBeLessThan(61_000)
  })

  it('keep the parts that they stream for a client that asks twice at once', async () => {
    const life = await live(createTestGate())
    const job = await begun(life)
    const say = (...parts: string[]) =>
      Promise.all(parts.map(part => life.book.stream('worker-sums-1', job.id, `"${part}"`)))
    await say('a', 'b')
    expect(await Promise.all([poll(life, job), poll(life, job)])).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ])
    await say('c', 'd')
    expect(await poll(life, job)).toEqual(['c', 'd'])
  })

  it('keep the parts that they stream anew when their worker is lost while a client takes those before', async () => {
    const life = await live(createTestGate())
    const job = await begun(life)
    await life.book.stream('worker-sums-1', job.id, '"lost"')
    const asked = poll(life, job)
    await life.book.lose(job, 'worker-sums-1', 'it was killed')
    expect(await asked).toEqual(['lost'])
    life.book.take(endpointId, 'worker-sums-2', 1)
    await life.book.stream('worker-sums-2', job.id, '"anew"')
    expect(await poll(life, job)).toEqual(['anew'])
  })

  it('are forgotten when their time is over, and not before', async () => {
    const { book, archive } = await live(createTestGate())
    await submit(book)
    const [job] = book.take(endpointId, 'worker-sums-1', 1)
    await book.complete('worker-sums-1', (job as Job).id, { output: '1', error: undefined })
    const settled = async () => (await archive.find((job as Job).id))?.isSettled
    await expect.poll(settled).toBe(true)
    expect(await archive.prune(Date.now() + 29 * 60_000)).toBe(0)
    expect(await archive.prune(Date.now() + 31 * 60_000)).toBe(1)
    expect(await archive.find((job as Job).id)).toBeUndefined()
  })
})

async function play(played: readonly Step[]): Promise<void> {
  const gate = createTestGate()
  let life = await live(gate)
  const acknowledged: string[] = []
  const ends = new Map<string, string>()
  const counted = new Map<string, number>()

  async function look(id: string): Promise<void> {
    const job = await stateOf(life, id)
    expect(job, 'an acknowledged job is there').toBeDefined()
    if (job === undefined || !isFinished(job) || life.book.find(id) !== undefined) return
    const end = `${job.state} ${job.output} ${job.error}`
    expect(ends.get(id) ?? end, 'what ended stays as it ended').toBe(end)
    ends.set(id, end)
  }

  async function step([act, which, at]: Step): Promise<void> {
    const { book } = life
    const worker = workers[at] as string
    const id = acknowledged[which % Math.max(1, acknowledged.length)] ?? 'none'
    const job = book.find(id)
    if (act === 'submit') {
      const submitted = await submit(book)
      if (submitted.ok) acknowledged.push(submitted.value.id)
    } else if (act === 'take')
      await Promise.all(book.take(endpointId, worker, 2).map(taken => book.leased(taken)))
    else if (act === 'done' || act === 'fail') {
      const result =
        act === 'done' ? { output: `"${worker}"`, error: undefined } : { output: undefined, error: 'no' }
      const before = isOver(await stateOf(life, id))
      const isCounted = await book.complete(worker, id, result)
      if (isCounted && !before) counted.set(id, (counted.get(id) ?? 0) + 1)
    } else if (act === 'progress') book.progress(worker, id, '"half"')
    else if (act === 'part') await book.stream(worker, id, '"part"')
    else if (act === 'cancel' && job !== undefined) {
      await book.end(job, { state: 'CANCELLED', reason: 'cancelled' })
    } else if (act === 'die') {
      for (const lost of [...book.heldBy(worker)]) await book.lose(lost, worker, 'killed')
    } else if (act === 'kill') life = await afterKill(life, gate)
    else if (act === 'restart') {
      await opened.pop()?.()
      life = await live(gate, life.path)
    }
    if (id !== 'none') await look(id)
  }

  for (const one of played) await step(one)
  // All that is left can be done.
  for (let round = 0; round < 3; round++) {
    const { book } = life
    for (const held of book.holders().flatMap(worker => [...book.heldBy(worker)])) {
      await book.complete(held.worker as string, held.id, { output: '"end"', error: undefined })
    }
    await Promise.all(book.take(endpointId, 'worker-sums-9', 1_000).map(taken => book.leased(taken)))
  }
  for (const id of acknowledged) {
    if (id !== 'none') await look(id)
    expect(ends.has(id), 'an acknowledged job ends').toBe(true)
    expect(counted.get(id) ?? 0, 'a result counts once').toBeLessThanOrEqual(1)
  }
  expect(
    [...gate.running.keys()].filter(id => ends.has(id)),
    'what ended runs on no account',
  ).toEqual([])
}

function isOver(job: Job | undefined): boolean {
  return job !== undefined && isFinished(job)
}
