// Where machines come from: a container engine, or plain processes. Whoever needs one, a lease or a serverless worker,
// knows no more of it than this.
import type { Readable, Writable } from 'node:stream'
import type { Outcome } from '../outcome.ts'

/** Whose a machine is: each part of the daemon looks after its own alone. */
export type MachineOwner = 'lease' | 'worker'

export type MachineSpec = {
  /** Of all machines of this provider: `lease-12`, `worker-llama-3`. Lower case, digits and `-`; at most 63. */
  readonly key: string
  readonly owner: MachineOwner
  /** As a registry knows it; undefined: the driver's own default. */
  readonly image?: string | undefined
  /** Written down by the operator: it may lie on this host alone, or come from its own network. */
  readonly isImageListed?: boolean | undefined
  readonly registryLogin?: { readonly username: string; readonly password: string } | undefined
  /** Instead of the image's own. */
  readonly command?: readonly string[] | undefined
  readonly environment: Readonly<Record<string, string>>
  /** Of the machine, to be reached from this host. */
  readonly ports: readonly number[]
  /** Identifiers of the GPUs that are the machine's alone. */
  readonly gpus: readonly string[]
  readonly cpus?: number | undefined
  readonly memoryMiB?: number | undefined
  readonly diskGiB?: number | undefined
}

export type MachineState = 'starting' | 'running' | 'frozen' | 'exited'

export type Machine = {
  readonly key: string
  readonly owner: MachineOwner
  readonly state: MachineState
  /** Of one that has exited. */
  readonly exitCode?: number | undefined
  /** What runs, as the engine names it: `sha256:…`; undefined where there are no images. */
  readonly imageDigest?: string | undefined
  /** Where this host reaches the machine's ports. */
  readonly ports: Readonly<Record<number, { readonly host: string; readonly port: number }>>
  /** The folder on this host that the machine sees as `/workspace`, or as its working folder. */
  readonly workspace: string
  readonly startedAtMilliseconds: number
}

/** What is told of all at once, so that one that cannot be looked into hides no other. */
export type ListedMachine = Pick<Machine, 'key' | 'owner' | 'state'>

/** What a person can mend, in a sentence: no such image, no room, a login that is refused. */
export type MachineRefusal = { readonly code: string; readonly message: string }

/** A command in a running machine. */
export type MachineSession = {
  readonly input: Writable
  /** With a terminal, errors come here as well. */
  readonly output: Readable
  readonly errors: Readable | undefined
  resize(size: TerminalSize): void
  /** Its exit code; 137 once it was ended. */
  readonly ended: Promise<number>
  end(): void
}

export type TerminalSize = { readonly columns: number; readonly rows: number }

export type OpenSession = {
  /** Default: a shell. */
  readonly command?: readonly string[] | undefined
  readonly terminal?: (TerminalSize & { readonly kind: string }) | undefined
  readonly environment?: Readonly<Record<string, string>> | undefined
}

/** All is idempotent by key, so that whoever died in the middle calls it again. Throws for outages of the engine alone. */
export type MachineDriver = {
  readonly name: 'docker' | 'process'
  /** Whether what runs in one is kept from this host and from other machines. */
  readonly isIsolated: boolean
  /** Fetches what `start` needs, and says what that is; a second call is cheap. Refused once `signal` fires. */
  prepare(
    spec: MachineSpec,
    signal?: AbortSignal,
  ): Promise<Outcome<{ readonly imageDigest: string | undefined }, MachineRefusal>>
  /** The machine of that key, started unless it is there. One that has exited is started again, its workspace kept. */
  start(spec: MachineSpec): Promise<Outcome<Machine, MachineRefusal>>
  /** All of this provider's, also those that an earlier life of the daemon started. */
  list(): Promise<readonly ListedMachine[]>
  find(key: string): Promise<Machine | undefined>
  /** Takes its processors away, keeps all else: for what may come back. */
  freeze(key: string): Promise<void>
  thaw(key: string): Promise<void>
  /** Ends its processes, politely first; workspace and logs stay. */
  stop(key: string, graceSeconds: number): Promise<void>
  /** Ends it and leaves nothing of it on this host. */
  wipe(key: string): Promise<void>
  /** Output and errors, the last lines of it first; ends with `signal`, or at once without `follow`. */
  logs(
    key: string,
    options: { readonly tailLines: number; readonly follow?: boolean; readonly signal?: AbortSignal },
  ): AsyncIterable<Uint8Array>
  open(key: string, options: OpenSession): Promise<Outcome<MachineSession, MachineRefusal>>
  /** Where machines reach this host, and by which name: what listens there is for workers. */
  workerDoor(): Promise<{ readonly listenHost: string; readonly hostInMachines: string }>
  /** Lets machines reach that port there, where the driver keeps them from all others of this host. */
  admitWorkers(port: number): Promise<void>
  /** Gives back connections and watchers; machines run on. */
  close(): Promise<void>
}
