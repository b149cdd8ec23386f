// What a policy allows on a contract: a function by its signature or selector, plain transfers, everything, or a function
// with conditions on its arguments.
import { type AbiFunction, type Hex, parseAbiItem, toFunctionSelector } from 'viem'
import { z } from 'zod'
import {
  type FieldProblem,
  type FieldProblemCode,
  fieldProblem,
  fieldProblems as must,
  type ProblemValues,
} from '../../problems/fieldProblems.ts'
import { issueOf } from '../../problems/problemOfIssue.ts'
import {
  type ArgumentCondition,
  type ArgumentTest,
  type ArgumentValue,
  type CallCondition,
  comparable,
  findArgument,
  toCallCondition,
} from './callCondition.ts'
import { address, amount, mostItems } from './fields.ts'

export const anyFunction = '*'
const plainTransfer = '0x'

const named = z.string().transform((value, context): Hex | typeof anyFunction => {
  if (value === anyFunction || value === plainTransfer) return value
  if (/^0x[0-9a-fA-F]{8}$/.test(value)) return value.toLowerCase() as Hex
  const item = readSignature(value)
  if (item !== undefined) return toFunctionSelector(item)
  context.addIssue(issueOf(fieldProblem('unknownFunction', { given: value })))
  return z.NEVER
})

const value = z.union([z.string().max(1_024), z.int(), z.boolean()], must.notValue)

/** Any number that an argument can be; amounts may have a unit. */
const bound = z.union([z.string(), z.int()], must.notBound).transform((written, context) => {
  const number = readNumber(written)
  if (number !== undefined) return number
  context.addIssue({ code: 'custom', message: must.notBound })
  return z.NEVER
})

const argument = z.strictObject({
  argument: z.union([z.string().min(1).max(256), z.int().min(0).max(255)], must.notArgument),
  equals: value.optional(),
  oneOf: z.array(value, must.notList).min(1, must.noneNamed).max(mostItems).optional(),
  atMost: bound.optional(),
  atLeast: bound.optional(),
  registeredProvider: z.literal(true, must.notTrue).optional(),
})

const conditional = z
  .strictObject({
    function: z.string(must.notFunctionSignature).max(1_024),
    arguments: z.array(argument, must.notList).max(64).default([]),
    /** Native wei sent with the call. */
    valueAtMostWei: amount.optional(),
  })
  .transform((written, context): CallCondition => {
    const refuse = (path: (string | number)[], problem: FieldProblem): never => {
      context.addIssue({ ...issueOf(problem), path })
      return z.NEVER
    }
    const item = readSignature(written.function)
    if (item === undefined) {
      return refuse(['function'], fieldProblem('notFunctionSignature'))
    }
    const conditions: ArgumentCondition[] = []
    for (const [index, one] of written.arguments.entries()) {
      const read = readArgument(item, one)
      if ('problem' in read) return refuse(['arguments', index, read.field], read.problem)
      conditions.push(read)
    }
    const { valueAtMostWei } = written
    const mostValue = valueAtMostWei === undefined ? {} : { mostValueWei: valueAtMostWei }
    return toCallCondition(written.function, item, { arguments: conditions, ...mostValue })
  })

/** A selector, `*`, or a function with conditions. */
export const allowedFunction = z.union([named, conditional], {
  error: issue =>
    typeof issue.input === 'string' || typeof issue.input === 'object' ? undefined : must.notFunction,
})

type WrittenArgument = z.output<typeof argument>
type Unfit = { readonly field: string; readonly problem: FieldProblem }

function readArgument(item: AbiFunction, written: WrittenArgument): ArgumentCondition | Unfit {
  const name = String(written.argument)
  const found = findArgument(item.inputs, name)
  const known = item.inputs.map((input, index) => input.name || index).join(', ')
  if (found === undefined) {
    return unfit('argument', 'noSuchArgument', { function: item.name, known: known || '–' })
  }
  const { type, path } = found
  if (!/^(?:u?int\d*|address|bool|bytes\d*|string)$/.test(type)) {
    return unfit('argument', 'noPlainValue', { type })
  }
  const tests: ArgumentTest[] = []
  const among = written.oneOf ?? (written.equals === undefined ? [] : [written.equals])
  const field = written.oneOf === undefined ? 'equals' : 'oneOf'
  if (written.oneOf !== undefined && written.equals !== undefined) {
    return unfit('oneOf', 'besideEquals')
  }
  if (field === 'equals' && written.equals === 'sender' && type === 'address') tests.push({ kind: 'sender' })
  else if (among.length > 0) {
    const values = new Set<ArgumentValue>()
    for (const text of among) {
      const parsed = readValue(text, type)
      if (parsed === undefined) return unfit(field, 'noSuchValue', { given: JSON.stringify(text), type })
      values.add(parsed)
    }
    tests.push({ kind: 'oneOf', values })
  }
  for (const kind of ['atMost', 'atLeast'] as const) {
    const bound = written[kind]
    if (bound === undefined) continue
    if (!/^u?int/.test(type)) return unfit(kind, 'forNumbers', { argument: name, type })
    tests.push({ kind, bound })
  }
  if (written.registeredProvider === true) {
    if (type !== 'address') return unfit('registeredProvider', 'forAddresses', { argument: name, type })
    tests.push({ kind: 'registeredProvider' })
  }
  if (tests.length === 0) {
    return unfit('argument', 'noCondition')
  }
  return { argument: name, type, path, tests }
}

function unfit(field: string, code: FieldProblemCode, values: ProblemValues = {}): Unfit {
  return { field, problem: fieldProblem(code, values) }
}

function readValue(written: string | number | boolean, type: string): ArgumentValue | undefined {
  if (type === 'bool') return typeof written === 'boolean' ? written : undefined
  if (typeof written === 'boolean') return undefined
  if (type.startsWith('uint') || type.startsWith('int')) return readNumber(written)
  if (typeof written !== 'string') return undefined
  if (type === 'address') return address.safeParse(written).data ?? zeroAddressOf(written)
  if (type === 'string') return written
  const bytes = type.slice('bytes'.length)
  const isBytes = /^0x(?:[0-9a-fA-F]{2})*$/.test(written)
  if (!isBytes || (bytes !== '' && written.length !== 2 + 2 * Number(bytes))) return undefined
  return comparable(written, type)
}

/** Nobody: a real wish of an argument, unlike of a contract. */
function zeroAddressOf(written: string): string | undefined {
  return /^0x0{40}$/.test(written) ? written : undefined
}

function readNumber(written: string | number): bigint | undefined {
  if (typeof written === 'number') return BigInt(written)
  const isPlain = /^-?\d{1,78}$|^0x[0-9a-fA-F]{1,64}$/.test(written)
  return isPlain ? BigInt(written) : amount.safeParse(written).data
}

function readSignature(text: string): AbiFunction | undefined {
  try {
    const item = parseAbiItem(`function ${text}`)
    return item.type === 'function' ? item : undefined
  } catch {
    return undefined
  }
}
