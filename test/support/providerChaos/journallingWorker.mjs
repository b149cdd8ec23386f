// A worker that speaks RunPod's protocol and keeps a journal beside the daemon: what it began, and which results the
// gateway acknowledged. Each execution answers with a number of its own, so that two of one job are told apart.
import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

// biome-ignore lint/style/noProcessEnv: a worker has nothing else
const environment = process.env
const { RUNPOD_WEBHOOK_GET_JOB, RUNPOD_WEBHOOK_POST_OUTPUT } = environment
const { RUNPOD_WEBHOOK_PING, RUNPOD_POD_ID, RUNPOD_AI_API_KEY, JOURNAL } = environment
const headers = { authorization: RUNPOD_AI_API_KEY }
const takeUrl = RUNPOD_WEBHOOK_GET_JOB.replace('/job-take/', '/job-take-batch/').replace('$ID', RUNPOD_POD_ID)
const jobsAtOnce = 8
/** A gateway that is away is waited for: longer than any restart takes. */
const mostTries = 600
const pingMilliseconds = 1_000
/** Ids of the jobs that it has. */
const held = new Set()
let atOnce = 0
let isEnding = false

const note = (...words) => appendFileSync(JOURNAL, `${words.join(' ')}\n`)

async function report(id, result) {
  const url = `${RUNPOD_WEBHOOK_POST_OUTPUT.replace('$RUNPOD_POD_ID', RUNPOD_POD_ID).replace('$ID', id)}&isStream=false`
  for (let tries = 0; tries < mostTries; tries++) {
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(result) })
      .then(async response => (response.status === 200 ? await response.json() : undefined))
      .catch(() => undefined)
    if (answer !== undefined) return answer.status
    await sleep(200)
  }
  return 'given up'
}

/** As the package does: a job that was on its way here when the gateway was killed comes again by what these do not name. */
async function pingOn() {
  const url = RUNPOD_WEBHOOK_PING.replace('$RUNPOD_POD_ID', RUNPOD_POD_ID)
  for (; ; await sleep(pingMilliseconds)) {
    const query = new URLSearchParams({ job_id: [...held].join(','), runpod_version: '1.7.13' })
    await fetch(`${url}?${query}`, { headers }).catch(() => undefined)
  }
}

async function work({ id, input }) {
  const execution = randomUUID()
  note('began', id, execution)
  await sleep(input.milliseconds)
  note(await report(id, { output: { at: input.at, execution } }), id, execution)
  held.delete(id)
}

process.on('SIGTERM', () => {
  isEnding = true
})
void pingOn()
while (!isEnding) {
  if (atOnce >= jobsAtOnce) {
    await sleep(10)
    continue
  }
  const url = `${takeUrl}&batch_size=${jobsAtOnce - atOnce}&job_in_progress=0`
  const response = await fetch(url, { headers }).catch(() => undefined)
  const jobs =
    response?.status === 200
      ? await response.json().catch(() => undefined)
      : response?.status === 204
        ? []
        : undefined
  if (jobs === undefined) await sleep(100)
  for (const job of jobs ?? []) {
    atOnce++
    held.add(job.id)
    void work(job).finally(() => atOnce--)
  }
}
while (atOnce > 0) await sleep(10)
process.exit(0)
