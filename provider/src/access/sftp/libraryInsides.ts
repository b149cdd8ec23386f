// Of the SSH library's SFTP channel, what its declaration leaves out and a server cannot do without.
import type { SFTPWrapper } from 'ssh2'

type Insides = {
  readonly outgoing: { readonly id: number; readonly window: number; readonly state: string }
  readonly _protocol: { exitStatus(channel: number, code: number): void }
}

const inside = (sftp: SFTPWrapper): Insides => sftp as unknown as Insides

/** Whether the peer has left no room for an answer; the library keeps what has no room, without bound. */
export function isStuck(sftp: SFTPWrapper): boolean {
  const { state, window } = inside(sftp).outgoing
  return state === 'open' && window === 0
}

/** As the subsystem's program ends: scp takes its exit code for its own. */
export function leave(sftp: SFTPWrapper): void {
  const { _protocol: protocol, outgoing } = inside(sftp)
  if (outgoing.state === 'open') protocol.exitStatus(outgoing.id, 0)
  sftp.end()
}
