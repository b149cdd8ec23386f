// Something outside failed that the service stands on: its disk, its node. It is nobody's mistake, so a caller is told to
// try again and what is wrong, and the operator, who can mend it, the particulars.

export class Outage extends Error {
  /** Without paths and addresses of the operator's. */
  readonly toCaller: string

  constructor(toCaller: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Outage'
    this.toCaller = toCaller
  }
}
