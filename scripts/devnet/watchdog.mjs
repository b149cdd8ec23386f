// Ends the devnet's processes when the devnet itself is gone, even by SIGKILL: its stdin is a pipe from the
// devnet, which the system closes in any case. Lines: `watch <process group>` and `forget <process group>`.
import { createInterface } from 'node:readline'

const groups = new Set()
const graceMilliseconds = 5_000

// Ctrl-C reaches the devnet, which stops everything in order: this process outlives it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})

function signal(group, name) {
  try {
    process.kill(-group, name)
  } catch {
    // It has ended.
  }
}

const lines = createInterface({ input: process.stdin })
lines.on('line', line => {
  const [word, group] = line.split(' ')
  if (word === 'watch') groups.add(Number(group))
  if (word === 'forget') groups.delete(Number(group))
})
lines.on('close', () => {
  for (const group of groups) signal(group, 'SIGTERM')
  if (groups.size === 0) return
  setTimeout(() => {
    for (const group of groups) signal(group, 'SIGKILL')
  }, graceMilliseconds)
})
