// Facts from an EVM of our own: no node needs to offer more than public eth_* methods, and what is warm asks nothing.
import type { Engine } from '../../execution/engine.ts'
import type { Tracer } from './tracer.ts'

export function createLocalTracer(engine: Engine): Tracer {
  const { trace, unchanged } = engine
  return { name: 'local', trace, unchanged }
}
