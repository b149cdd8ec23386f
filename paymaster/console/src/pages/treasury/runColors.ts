// The colour of how a comparison came out; the word stands beside it always.
export const runColors = {
  running: 'blue',
  baseline: 'blue',
  even: 'teal',
  explained: 'yellow',
  unexplained: 'red',
  failed: 'red',
} as const
