// Facts from an EVM of our own: no node needs to offer more than public eth_* methods, and what is warm asks nothing.
import type { LocalEngine } from './localEngine.ts'
import type { Tracer } from './tracer.ts'

export function createLocalTracer(engine: LocalEngine): Tracer {
  const { trace, unchanged, call } = engine
  return { name: 'local', trace, unchanged, call }
}
