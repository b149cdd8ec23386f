// What a usage right may allow, by name; the contract adds them up as bits.

/** `use`: reach the machine or endpoint and sign vouchers; `stop`: end it; `extend`: buy time; `ping`; `grant`: pass parts on. */
export const rightActs = ['use', 'stop', 'extend', 'ping', 'grant'] as const
export type RightAct = (typeof rightActs)[number]

export function toActBits(acts: readonly RightAct[]): number {
  return acts.reduce((bits, act) => bits | (1 << rightActs.indexOf(act)), 0)
}

export function fromActBits(bits: number): readonly RightAct[] {
  return rightActs.filter((_, index) => (bits & (1 << index)) !== 0)
}
