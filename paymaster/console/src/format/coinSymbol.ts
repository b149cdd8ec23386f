// What the network's own coin is called, where an amount of it is written as text.
export const coinSymbol = 'WLC'
