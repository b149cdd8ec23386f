// Ends the devnet's processes when the devnet itself is gone, even by SIGKILL: its stdin is a pipe from the
// devnet, which the system closes in any case. Lines: `watch <process group>` and `forget <process group>`.
import { createInterface } from 'node:readline'

const groups = new Set()
const graceMilliseconds = 5_000

// Ctrl-C reaches the devnet, which stops everything in order: this process outlives it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})

/** False when the group has ended. */
function signal(group, name) {
  try {
    process.kill(-group, name)
    return true
  } catch {
    return false
  }
}

const lines = createInterface({ input: process.stdin })
lines.on('line', line => {
  const [word, group] = line.split(' ')
  if (word === 'watch') groups.add(Number(group))
  if (word === 'forget') groups.delete(Number(group))
})
lines.on('close', () => {
  const since = performance.now()
  for (const group of groups) signal(group, 'SIGTERM')
  const timer = setInterval(() => {
    const name = performance.now() - since > graceMilliseconds ? 'SIGKILL' : 0
    const left = [...groups].filter(group => signal(group, name))
    if (left.length === 0) clearInterval(timer)
  }, 50)
})
