// A worker that does nothing, as fast as it can: what is measured is the gateway. It asks for many jobs at once and
// reports each by itself, as RunPod's workers do, over connections that stay open.
import { type KeptConnection, keepConnection } from './keptConnection.ts'

// biome-ignore lint/style/noProcessEnv: a worker has nothing else
const environment = process.env
const read = (name: string): string => environment[name] ?? ''
const worker = read('RUNPOD_POD_ID')
const takeUrl = new URL(
  read('RUNPOD_WEBHOOK_GET_JOB').replace('$ID', worker).replace('/job-take/', '/job-take-batch/'),
)
const doneUrl = new URL(read('RUNPOD_WEBHOOK_POST_OUTPUT').replace('$RUNPOD_POD_ID', worker))
const authorization = `authorization: ${read('RUNPOD_AI_API_KEY')}`
const take = `GET ${takeUrl.pathname}${takeUrl.search}&batch_size=64&job_in_progress=0 HTTP/1.1\r\n${authorization}`
const doneHead = `POST ${doneUrl.pathname}${doneUrl.search}&isStream=false HTTP/1.1\r\n${authorization}`
const done = '{"output":{"ok":true}}'

const asking = keepConnection(takeUrl.href)
/** As many as there ever were reports at once. */
const idle: KeptConnection[] = []

async function report(id: string): Promise<void> {
  const connection = idle.pop() ?? keepConnection(doneUrl.href)
  const head = doneHead.replace('$ID', id)
  // Once more, as RunPod's do: a connection may be closed at the very moment.
  await connection.send(head, done).catch(() => connection.send(head, done))
  idle.push(connection)
}

for (;;) {
  const { status, text } = await asking.send(take)
  if (status !== 200) continue
  for (const { id } of JSON.parse(text) as readonly { readonly id: string }[]) {
    report(id).catch(error => process.stderr.write(`${error}\n`))
  }
}
