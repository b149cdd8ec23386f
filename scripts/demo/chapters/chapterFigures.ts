// The chapters' books as a table for people and, with their steps, as JSON for programs.
import { coins, table } from '../figures.ts'
import { stepsJson } from '../steps.ts'
import type { ToldChapter } from './chapter.ts'
import type { AccountLine, ChapterBooks } from './ledger.ts'

export function chapterBooksTable({ accounts, gas }: ChapterBooks): readonly string[] {
  const moved = accounts.filter(({ changeWei }) => changeWei !== 0n)
  return table([
    ...moved.map(({ name, changeWei }) => [name, coins(changeWei), `${changeWei} wei`]),
    ['in all', coins(moved.reduce((sum, { changeWei }) => sum + changeWei, 0n)), 'nothing came or went'],
    ['gas collected, gas paid', coins(gas.collectedWei), coins(gas.paidWei)],
  ])
}

/** Amounts as strings of wei: JSON has no integers of that size. */
export function chaptersJson(chapters: readonly ToldChapter[]): Readonly<Record<string, unknown>> {
  return {
    chapters: chapters.map(({ name, title, steps, books }) => ({
      name,
      title,
      steps: stepsJson(steps),
      books: {
        fromBlock: Number(books.fromBlock),
        toBlock: Number(books.toBlock),
        gasCollectedToken: books.gas.collectedWei.toString(),
        gasPaidWei: books.gas.paidWei.toString(),
        accounts: accountsJson(books.accounts),
      },
    })),
    books: accountsJson(inAll(chapters)),
  }
}

function accountsJson(accounts: readonly AccountLine[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    accounts.map(({ name, address, wei, changeWei }) => [
      name,
      { address, balanceToken: wei.toString(), changeToken: changeWei.toString() },
    ]),
  )
}

/** From the first chapter to the last: the changes summed, the balances as they are. */
function inAll(chapters: readonly ToldChapter[]): readonly AccountLine[] {
  return (chapters.at(-1)?.books.accounts ?? []).map((last, index) => ({
    ...last,
    changeWei: chapters.reduce((sum, { books }) => sum + (books.accounts[index]?.changeWei ?? 0n), 0n),
  }))
}
