import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shortRightOf, type VoucherFunds } from './voucherFunds.ts'

// A tree as UsageRights keeps it: budgets, what is spent of each right and of all above it.
type Node = { readonly parent: number | undefined; readonly budgetWei: bigint; spentWei: bigint }

const tree = fc
  .array(fc.record({ parent: fc.nat(20), budgetWei: fc.bigInt({ min: 0n, max: 100n }) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map(nodes =>
    nodes.map(
      ({ parent, budgetWei }, index): Node => ({
        parent: index === 0 ? undefined : parent % index,
        budgetWei,
        spentWei: 0n,
      }),
    ),
  )

function lineOf(nodes: readonly Node[], from: number): number[] {
  const line: number[] = []
  for (let at: number | undefined = from; at !== undefined; at = nodes[at]?.parent) line.push(at)
  return line
}

/** As `consume` does it. */
function draw(nodes: Node[], from: number, amountWei: bigint): boolean {
  const line = lineOf(nodes, from).map(at => nodes[at] as Node)
  if (line.some(({ budgetWei, spentWei }) => amountWei > budgetWei - spentWei)) return false
  for (const node of line) node.spentWei += amountWei
  return true
}

const fundsOf = (nodes: readonly Node[], from: number, payableWei: bigint) => ({
  payableWei,
  line: lineOf(nodes, from).map(at => {
    const { budgetWei, spentWei } = nodes[at] as Node
    return { rightId: BigInt(at), restWei: budgetWei - spentWei }
  }),
})

const drawn = (payableWei: bigint, ...line: readonly (readonly [bigint, bigint])[]) => ({
  payableWei,
  line: line.map(([rightId, restWei]) => ({ rightId, restWei })),
})

describe('what a voucher is drawn on', () => {
  it('is every right from its own to the root', () => {
    expect(shortRightOf(drawn(5n, [2n, 9n], [1n, 5n]), [])).toBeUndefined()
    expect(shortRightOf(drawn(6n, [2n, 9n], [1n, 5n]), [])).toEqual({ rightId: 1n, leftWei: 5n })
    expect(shortRightOf(drawn(10n, [2n, 9n], [1n, 5n]), [])).toEqual({ rightId: 2n, leftWei: 9n })
  })

  it('is what others that were accepted leave of it, those of other branches where they meet', () => {
    const sibling = drawn(4n, [3n, 9n], [1n, 10n])
    expect(shortRightOf(drawn(6n, [2n, 9n], [1n, 10n]), [sibling])).toBeUndefined()
    expect(shortRightOf(drawn(7n, [2n, 9n], [1n, 10n]), [sibling])).toEqual({ rightId: 1n, leftWei: 6n })
  })

  it('is not lessened by what has been redeemed meanwhile', () => {
    expect(shortRightOf(drawn(10n, [1n, 10n]), [drawn(0n, [1n, 10n]), drawn(-3n, [1n, 10n])])).toBeUndefined()
  })

  it('pays all that was accepted, in whatever order, whoever signed in any branch of the tree', () => {
    const wishes = fc.array(fc.record({ right: fc.nat(20), amountWei: fc.bigInt({ min: 1n, max: 60n }) }), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(tree, wishes, fc.infiniteStream(fc.nat()), (nodes, wanted, order) => {
        // One voucher of each right, the last one, as a provider keeps them.
        const accepted = new Map<number, bigint>()
        for (const { right, amountWei } of wanted) {
          const from = right % nodes.length
          const others = [...accepted].filter(([at]) => at !== from)
          const funds: Pick<VoucherFunds, 'payableWei' | 'line'>[] = others.map(([at, wei]) =>
            fundsOf(nodes, at, wei),
          )
          const payableWei = (accepted.get(from) ?? 0n) + amountWei
          if (shortRightOf(fundsOf(nodes, from, payableWei), funds) === undefined)
            accepted.set(from, payableWei)
        }
        const rest = [...accepted]
        while (rest.length > 0) {
          const [[from, wei]] = rest.splice((order.next().value as number) % rest.length, 1) as [
            [number, bigint],
          ]
          expect(draw(nodes, from, wei)).toBe(true)
        }
      }),
    )
  })
})
