// libp2p 3 wants Promise.withResolvers, which Node has since 22. Imported before libp2p, and with it only.

type Resolvers = { withResolvers?: () => unknown }

const promise = Promise as unknown as Resolvers

promise.withResolvers ??= () => {
  let resolve: unknown
  let reject: unknown
  const made = new Promise((resolvePromise, rejectPromise) => {
    resolve = resolvePromise
    reject = rejectPromise
  })
  return { promise: made, resolve, reject }
}
