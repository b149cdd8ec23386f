// How a job is named.
import { randomUUID } from 'node:crypto'

/** A UUID of version 7. Its time comes first: jobs of one moment are neighbours in the data file, and share its pages. */
export function newJobId(nowMilliseconds: number): string {
  const time = nowMilliseconds.toString(16).padStart(12, '0')
  const random = randomUUID()
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice('xxxxxxxx-xxxx-4'.length)}`
}
