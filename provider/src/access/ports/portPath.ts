// Where a request for a machine's port is meant to go, out of what stands in its first line: as it came, for whatever
// decodes or shortens it on the way could lead it somewhere else.

export type PortPath = {
  readonly leaseId: bigint
  readonly port: number
  /** `/leases/12/ports/8888` */
  readonly prefix: string
  /** What the machine is asked for, its query included; begins with a slash. */
  readonly rest: string
}

const pattern = /^(\/leases\/([1-9][0-9]{0,28})\/ports\/([1-9][0-9]{0,4}))(\/[\x21-\x7e]*)?$/
/** A name that is `.` or `..`, however it is written. */
const dots = /\/(\.|%2e){1,2}(\/|\\|%2f|%5c|$)/i

/** Undefined for what is none, or tries to leave its place. */
export function portPathOf(url: string): PortPath | undefined {
  const [, prefix, leaseId, port, rest = ''] = pattern.exec(url) ?? []
  if (prefix === undefined || leaseId === undefined || Number(port) > 65_535) return undefined
  const [path = ''] = rest.split('?', 1)
  if (dots.test(path) || path.includes('\\')) return undefined
  return { leaseId: BigInt(leaseId), port: Number(port), prefix, rest }
}
