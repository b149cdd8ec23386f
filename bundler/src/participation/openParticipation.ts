// Nobody to share with: everything may be carried at any time, and nobody is told of anything.
import type { Participation } from './participation.ts'

export const openParticipation: Participation = {
  name: 'participation',
  async start() {},
  async stop() {},
  mayCarry: () => true,
  lastBlock: () => undefined,
  isContested: () => false,
  onTurn() {},
  sent() {},
  see() {},
  landed() {},
  async onChainUpdate() {},
  promises: undefined,
  status: () => ({ mode: 'open', problems: [] }),
}
