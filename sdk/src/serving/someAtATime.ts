// Requests that follow each other on a slow line, a few under way at once, their answers in order.

const width = 4

/** The first failure ends it; what is under way then is awaited by nobody. */
export async function* someAtATime<Result>(
  numbers: Iterable<number>,
  ask: (number: number) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = []
  for (const number of numbers) {
    const asked = ask(number)
    asked.catch(() => undefined)
    underWay.push(asked)
    if (underWay.length >= width) yield await (underWay.shift() as Promise<Result>)
  }
  for (const asked of underWay) yield await asked
}

export function* countingFrom(first: number, end: number): Generator<number> {
  for (let number = first; number < end; number += 1) yield number
}
