// The colour of a delivery's state; the word stands beside it always.
export const deliveryColors = { waiting: 'yellow', delivered: 'teal', givenUp: 'red' } as const
