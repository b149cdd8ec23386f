import fc from 'fast-check'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { accept } from '../result.ts'
import { createDispatcher } from './dispatcher.ts'
import { answerText } from './exactIds.ts'

const dispatcher = createDispatcher({
  methods: { echo: params => accept(params) },
  maxBatchLength: 10,
  batchConcurrency: 2,
  logger: pino({ level: 'silent' }),
})
const context = { caller: 'someone', signal: new AbortController().signal }

async function textOf(body: string): Promise<string> {
  const answer = await dispatcher.handle(body, context)
  return answer === null ? '' : answerText(answer)
}
const call = (id: string, params = '[]') =>
  `{"jsonrpc":"2.0","method":"echo","params":${params},"id": ${id} }`

describe('the id of a call', () => {
  it.each([
    '9007199254740993',
    '18446744073709551615',
    '-9007199254740993',
    '1.0',
    '1e2',
    '0.1',
    '7',
    '"x"',
    'null',
  ])('comes back as it came: %s', async id => {
    expect(await textOf(call(id))).toContain(`"id":${id}`)
    expect(await textOf(call(id).replace('echo', 'unknown'))).toContain(`"id":${id}`)
  })

  it('comes back as it came in a batch, beside any others', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
            fc.string().map(id => JSON.stringify(id)),
          ),
          {
            minLength: 1,
            maxLength: 10,
          },
        ),
        async ids => {
          const text = await textOf(`[${ids.map(id => call(id)).join(' , ')}]`)
          expect(JSON.parse(text)).toHaveLength(ids.length)
          let from = 0
          for (const id of ids) {
            from = text.indexOf(`"id":${id}`, from)
            expect(from).toBeGreaterThan(0)
          }
        },
      ),
    )
  })

  it('leaves what else is called id alone', async () => {
    const params = String.raw`[{"id":12345678901234567890},"\"id\":12345678901234567890"]`
    const text = await textOf(call('12345678901234567890', params))
    expect(JSON.parse(text).result).toEqual(JSON.parse(params))
    expect(text).toContain('"id":12345678901234567890}')
  })

  it('is no reason to take for JSON what is none', async () => {
    for (const id of ['01', '1.', '--1', '0x1', '1 2']) {
      expect(JSON.parse(await textOf(call(id)))).toMatchObject({ id: null, error: { code: -32700 } })
    }
  })
})
