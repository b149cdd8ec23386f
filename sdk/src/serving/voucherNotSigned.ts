// Why a client did not sign what a server asked it to.

export type VoucherRefusalCode =
  /** What is asked for is of another chain, contract, asset or provider. */
  | 'place'
  /** No session that this client pays from is served there. */
  | 'session'
  /** It would sign more than its budget. */
  | 'budget'
  /** The server asks for a higher price than the session's. */
  | 'price'
  /** More than what can have been used in the time. */
  | 'implausible'

export class VoucherNotSignedError extends Error {
  readonly code: VoucherRefusalCode

  constructor(code: VoucherRefusalCode, message: string) {
    super(message)
    this.name = 'VoucherNotSignedError'
    this.code = code
  }
}
