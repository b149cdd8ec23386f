// The EVM's versions that chains run, in the order they came; each holds all that came before it.

export const forks = ['london', 'paris', 'shanghai', 'cancun', 'prague', 'osaka'] as const

export type Fork = (typeof forks)[number]

/** Whether `fork` is `least` or came after it. */
export function isAtLeast(fork: Fork, least: Fork): boolean {
  return forks.indexOf(fork) >= forks.indexOf(least)
}
