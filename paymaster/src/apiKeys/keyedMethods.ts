// What a key may call once it is in: the methods that it names. And whether anything is signed for whoever brings no key
// at all.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import type { ApiKeyBook } from './apiKeyBook.ts'
import { forbidden, unauthenticated } from './judgeKey.ts'

export type KeyRules = {
  readonly book: Pick<ApiKeyBook, 'byId'>
  /** Nothing is signed, or judged, without a key. */
  readonly isRequired: boolean
}

/** Methods by which nothing is signed or judged are anybody's: a bundler asks them, and has no key. */
export function keyedMethod(
  name: string,
  method: RpcMethod,
  { book, isRequired }: KeyRules,
  isAnybodys: boolean,
): RpcMethod {
  return (params, context) => {
    if (context.apiKeyId === undefined) {
      if (!isRequired || isAnybodys) return method(params, context)
      return unauthenticated(
        'missing',
        'This paymaster signs for holders of an API key only',
        'add ?apikey=wlp_… to its URL, or send the key in the header x-api-key; the operator gives one',
      )
    }
    const methods = book.byId(context.apiKeyId)?.limits.methods
    if (methods == null || methods.includes(name)) return method(params, context)
    return forbidden(
      'method',
      `The API key may not call ${name}`,
      `it may call ${methods.join(', ')}; ask the operator for more`,
    )
  }
}
