// What a driver looks after by itself: one look at a time, and most of the time none, however long a look takes.

const shareOfTime = 9

export function repeat(
  look: () => Promise<void>,
  pauseMilliseconds: number,
  onTrouble: (error: unknown) => void,
): { end(): void } {
  let isOver = false
  let timer = setTimeout(turn, pauseMilliseconds).unref()

  async function turn(): Promise<void> {
    const begin = Date.now()
    await look().catch(onTrouble)
    const pause = Math.max(pauseMilliseconds, shareOfTime * (Date.now() - begin))
    if (!isOver) timer = setTimeout(turn, pause).unref()
  }

  return {
    end() {
      isOver = true
      clearTimeout(timer)
    },
  }
}
