// A worker of tests that speaks RunPod's protocol without its package, and does what a job's input says. It needs nothing
// but Node, and starts in a moment.
import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

// biome-ignore lint/style/noProcessEnv: a worker has nothing else
const environment = process.env
const { RUNPOD_WEBHOOK_GET_JOB, RUNPOD_WEBHOOK_POST_OUTPUT, RUNPOD_WEBHOOK_POST_STREAM } = environment
const { RUNPOD_POD_ID, RUNPOD_AI_API_KEY, RUNPOD_WEBHOOK_PING, JOBS_AT_ONCE = '1' } = environment
/** Without it, it never pings. */
const { PING_MILLISECONDS } = environment
const headers = { authorization: RUNPOD_AI_API_KEY }
const batch = Number(JOBS_AT_ONCE)
const stopped = new Set()
const held = new Set()
let isEnding = false
let atOnce = 0

const urlOf = (template, id) => template.replace('$RUNPOD_POD_ID', RUNPOD_POD_ID).replace('$ID', id)
const takeUrl = urlOf(RUNPOD_WEBHOOK_GET_JOB, RUNPOD_POD_ID)

/** Again where the gateway is not there for a moment, as the package does. */
async function send(template, id, body) {
  const url = `${urlOf(template, id)}&isStream=false`
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  for (let tries = 1; ; tries++) {
    try {
      const response = await fetch(url, { method: 'POST', headers: { ...headers, ...type }, body: text })
      return await response.text()
    } catch (error) {
      if (tries === 120) throw error
      await sleep(250)
    }
  }
}

async function work({ id, input }) {
  for (let part = 0; part < (input.parts ?? 0); part++) {
    await send(RUNPOD_WEBHOOK_POST_STREAM, id, { output: { part } })
  }
  if (input.progress)
    await send(RUNPOD_WEBHOOK_POST_OUTPUT, id, { status: 'IN_PROGRESS', output: input.progress })
  const until = Date.now() + (input.milliseconds ?? 0)
  while (Date.now() < until && !stopped.has(id)) await sleep(Math.min(20, until - Date.now()))
  if (input.dieOnce && !existsSync(input.dieOnce)) {
    writeFileSync(input.dieOnce, id)
    process.kill(process.pid, 'SIGKILL')
  }
  if (input.die) process.kill(process.pid, 'SIGKILL')
  if (input.silent || stopped.has(id)) return
  const result = input.fails
    ? { error: input.fails }
    : (input.raw ?? { output: input.bytes ? 'x'.repeat(input.bytes) : { echo: input, by: RUNPOD_POD_ID } })
  await send(RUNPOD_WEBHOOK_POST_OUTPUT, id, input.refresh ? { ...result, stopPod: true } : result)
  if (input.late) await send(RUNPOD_WEBHOOK_POST_OUTPUT, id, { status: 'IN_PROGRESS', output: 'late' })
}

async function hearStops() {
  while (!isEnding) {
    const response = await fetch(takeUrl.replace('/job-take/', '/job-stop/'), { headers }).catch(
      () => undefined,
    )
    if (response?.status === 200) for (const id of (await response.json()).jobsToStop) stopped.add(id)
    else await sleep(100)
  }
}

/** Names what it has, as the package does: a job that it was given by a gateway that was killed then may never have come. */
async function ping() {
  const url = RUNPOD_WEBHOOK_PING.replace('$RUNPOD_POD_ID', RUNPOD_POD_ID)
  while (!isEnding) {
    const query = new URLSearchParams({ job_id: [...held].join(','), runpod_version: '1.12.0' })
    await fetch(`${url}?${query}`, { headers })
      .then(response => response.text())
      .catch(() => undefined)
    await sleep(Number(PING_MILLISECONDS))
  }
}

process.on('SIGTERM', () => {
  isEnding = true
})
void hearStops()
if (PING_MILLISECONDS !== undefined) void ping()
while (!isEnding) {
  if (atOnce >= batch) {
    await sleep(5)
    continue
  }
  const url = `${takeUrl.replace('/job-take/', '/job-take-batch/')}&batch_size=${batch - atOnce}&job_in_progress=0`
  const response = await fetch(url, { headers }).catch(() => undefined)
  if (response?.status !== 200) {
    if (response?.status !== 204) await sleep(100)
    continue
  }
  for (const job of await response.json()) {
    atOnce++
    held.add(job.id)
    work(job)
      .catch(error => process.stderr.write(`${error}\n`))
      .finally(() => {
        atOnce--
        held.delete(job.id)
      })
  }
}
while (atOnce > 0) await sleep(10)
process.exit(0)
