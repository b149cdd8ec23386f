// Names of models and regions are strangers' texts, which end up in terminals and pages: nothing in them may move a
// cursor, turn the writing round or fill a screen.

const longest = 64

/** As it is, but for what a terminal obeys. */
export function harmless(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\uFFFD')
}

/** Cut to what fits a line as well. */
export function printable(text: string): string {
  const characters = [...harmless(text.slice(0, 4 * longest))]
  return characters.length > longest ? `${characters.slice(0, longest).join('')}…` : characters.join('')
}
