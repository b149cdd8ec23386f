// One row of the checklist: a clause, where it is checked, the test that stands for it, and the change that
// takes the check out so that this test must fail.

export type Row = EnforcedRow | AbsentRow

export type EnforcedRow = {
  /** Of ERC-7562, or the checklist's own for what ERC-4337 and ERC-7769 ask. */
  readonly clause: string
  readonly requires: string
  /** Below bundler/src, or in the paymaster's package: `sourceFile`. */
  readonly where: string
  readonly test: TestReference
  /** Takes the rule out: `find` stands exactly once in `file`, which is `where` if not given. */
  readonly mutation: { readonly find: string; readonly replace: string; readonly file?: string }
  /** Where we depart from the letter, and why. */
  readonly note?: string
}

export type AbsentRow = {
  readonly clause: string
  readonly requires: string
  readonly absent: string
}

export type TestReference = {
  /** As `where`. */
  readonly file: string
  /** A part of its full name that no other test of the file has, or that a family of tests shares. */
  readonly title: string
}

/** From the root of the workspace: paths are the bundler's, unless they begin with the paymaster's package. */
export function sourceFile(path: string): string {
  return path.startsWith('paymaster/') ? path : `bundler/src/${path}`
}

export function isEnforced(row: Row): row is EnforcedRow {
  return 'where' in row
}
