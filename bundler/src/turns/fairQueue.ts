// Who is next, where time is short: he who has had the least of it. First among callers, then among the senders that
// one caller asks for, then among the entities of one sender: whoever asks much, or asks what takes long, waits for
// himself. Knows no clock: what a turn took is told afterwards, and until then it counts as what is expected of it.

/** From the caller down. */
export type Path = readonly string[]

export type FairQueue<Job> = {
  add(path: Path, job: Job): void
  /** The next job, of the caller with the least time among those for whom `mayBegin`; it is under way until `end`. */
  next(mayBegin: (caller: string) => boolean): { readonly path: Path; readonly job: Job } | undefined
  /** Those on the path have had so many milliseconds more, or fewer. */
  charge(path: Path, milliseconds: number): void
  end(path: Path): void
  /** Takes the newest job of whoever has most waiting. */
  takeFromLongest(): { readonly path: Path; readonly job: Job } | undefined
  remove(path: Path, job: Job): boolean
  waitingOf(caller: string): number
  readonly waiting: number
}

/** A node of the tree of shares; jobs are at its leaves, which are all equally deep. */
type Share<Job> = {
  usedMilliseconds: number
  /** Where a newcomer begins: level with those who are served now. */
  levelMilliseconds: number
  waiting: number
  underWay: number
  readonly jobs: Job[]
  readonly children: Map<string, Share<Job>>
}

/** Idle callers are remembered for what they have used, up to so many. */
const mostCallers = 4_096

export function createFairQueue<Job>(): FairQueue<Job> {
  const root = newShare<Job>(0)

  /** From the root down; whoever has nothing waiting joins at the level of those who are served. */
  function sharesOn(path: Path): Share<Job>[] {
    const shares = [root]
    let share = root
    for (const key of path) {
      let child = share.children.get(key)
      if (child === undefined) {
        if (share.children.size >= mostCallers) forgetIdle(share)
        child = newShare(share.levelMilliseconds)
        share.children.set(key, child)
      }
      shares.push(child)
      share = child
    }
    return shares
  }

  function known(path: Path): Share<Job>[] {
    const shares = [root]
    for (const key of path) {
      const child = shares.at(-1)?.children.get(key)
      if (child === undefined) break
      shares.push(child)
    }
    return shares
  }

  function taken(path: Path, take: (jobs: Job[]) => Job | undefined): Job | undefined {
    const shares = known(path)
    const leaf = shares.at(-1)
    if (leaf === undefined || shares.length !== path.length + 1) return undefined
    const job = take(leaf.jobs)
    if (job === undefined) return undefined
    for (const share of shares) share.waiting--
    return job
  }

  /** What is below the callers is of interest only while something waits there, or is under way. */
  function forgetIdleOn(path: Path): void {
    const shares = known(path)
    for (let depth = shares.length - 1; depth > 1; depth--) {
      const share = shares[depth]
      if (share !== undefined && isIdle(share)) shares[depth - 1]?.children.delete(path[depth - 1] ?? '')
    }
  }

  return {
    add(path, job) {
      const shares = sharesOn(path)
      for (const [depth, share] of shares.entries()) {
        const parent = shares[depth - 1]
        if (share.waiting === 0 && parent !== undefined) {
          share.usedMilliseconds = Math.max(share.usedMilliseconds, parent.levelMilliseconds)
        }
        share.waiting++
      }
      shares.at(-1)?.jobs.push(job)
    },
    next(mayBegin) {
      const path: string[] = []
      let share = root
      while (share.children.size > 0) {
        const least = leastUsed(share, path.length === 0 ? mayBegin : () => true)
        if (least === undefined) break
        const [key, child] = least
        share.levelMilliseconds = child.usedMilliseconds
        path.push(key)
        share = child
      }
      const job = taken(path, jobs => jobs.shift())
      if (job === undefined) return undefined
      for (const share of known(path)) share.underWay++
      return { path, job }
    },
    charge(path, milliseconds) {
      for (const share of known(path)) share.usedMilliseconds += milliseconds
    },
    end(path) {
      for (const share of known(path)) share.underWay = Math.max(0, share.underWay - 1)
      forgetIdleOn(path)
    },
    takeFromLongest() {
      const path: string[] = []
      let share = root
      while (share.children.size > 0) {
        const [longest] = [...share.children].sort(([, one], [, other]) => other.waiting - one.waiting)
        if (longest === undefined) break
        path.push(longest[0])
        share = longest[1]
      }
      const job = taken(path, jobs => jobs.pop())
      forgetIdleOn(path)
      return job === undefined ? undefined : { path, job }
    },
    remove(path, job) {
      const removed = taken(path, jobs => {
        const at = jobs.indexOf(job)
        return at === -1 ? undefined : jobs.splice(at, 1)[0]
      })
      forgetIdleOn(path)
      return removed !== undefined
    },
    waitingOf: caller => root.children.get(caller)?.waiting ?? 0,
    get waiting() {
      return root.waiting
    },
  }
}

function newShare<Job>(usedMilliseconds: number): Share<Job> {
  return { usedMilliseconds, levelMilliseconds: 0, waiting: 0, underWay: 0, jobs: [], children: new Map() }
}

function leastUsed<Job>(
  share: Share<Job>,
  may: (key: string) => boolean,
): readonly [string, Share<Job>] | undefined {
  let least: readonly [string, Share<Job>] | undefined
  for (const entry of share.children) {
    const [key, { waiting, usedMilliseconds }] = entry
    if (waiting === 0 || (least !== undefined && usedMilliseconds >= least[1].usedMilliseconds)) continue
    if (may(key)) least = entry
  }
  return least
}

function forgetIdle<Job>(share: Share<Job>): void {
  for (const [key, child] of share.children) if (isIdle(child)) share.children.delete(key)
}

function isIdle<Job>({ waiting, underWay }: Share<Job>): boolean {
  return waiting === 0 && underWay === 0
}
