// `npm run docker:check`: builds the image, brings compose.yaml up, lands an operation, and looks whether the containers
// are as careful as they say. Skipped, with a sentence, where no engine is to be had.
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { checkContainers } from './dockerCheck/checkContainers.ts'
import { findEngine } from './dockerCheck/engine.ts'

// biome-ignore lint/style/noProcessEnv: the container commands want the whole environment
const environment = process.env
const say = (line: string): void => void process.stdout.write(`docker: ${line}\n`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const engine = await findEngine(environment)
if (!engine.ok) say(`skipped: ${engine.refusal.message}`)
else {
  try {
    await checkContainers(engine.value, say)
  } catch (error) {
    process.stderr.write(`docker: ${reasonOf(error)}\n`)
    process.exitCode = 1
  } finally {
    await engine.value.stop()
  }
}
