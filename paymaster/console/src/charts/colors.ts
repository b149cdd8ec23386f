// Colours of series: told apart by who sees no red or no green, and of 3 to 1 contrast on both grounds.
export const seriesColors = ['#1c8fa3', '#d9730d', '#8a63d2', '#4c9a2a', '#c2458a', '#7d8590'] as const

export function colorAt(index: number): string {
  return seriesColors[Math.min(index, seriesColors.length - 1)] ?? '#7d8590'
}
