// What bundling among others costs whom, and how long it takes: contracts/GAME.md says why so much.
import { parseEther } from 'viem'

export type BundlingTerms = {
  /** Native wei, the least to register with. */
  readonly minimumStakeWei: bigint
  /** Burnt for a bundle out of turn. */
  readonly strikeWei: bigint
  /** For an inclusion promise that was broken. */
  readonly promiseFineWei: bigint
  /** For two bundle commits to one place. */
  readonly equivocationFineWei: bigint
  /** What a challenge of a promise costs whoever is wrong. */
  readonly challengeDepositWei: bigint
  /** Between asking to leave and taking the stake: above two epochs of 256 blocks and the next two together. */
  readonly exitDelayBlocks: number
  /** In which a promise may be challenged, from its latest block. */
  readonly challengeBlocks: number
  /** In which a challenge may be answered. */
  readonly answerBlocks: number
}

export const defaultBundlingTerms: BundlingTerms = {
  minimumStakeWei: parseEther('100'),
  strikeWei: parseEther('0.05'),
  promiseFineWei: parseEther('1'),
  equivocationFineWei: parseEther('50'),
  challengeDepositWei: parseEther('0.1'),
  exitDelayBlocks: 8_640,
  challengeBlocks: 360,
  answerBlocks: 60,
}
