// The facts collector that runs inside the node, on every step of a traced handleOps: ES5 for geth's goja
// and revm's engine alike. It judges nothing, and reads stack or memory only where an opcode needs it:
// on anvil an empty step already costs 8 µs, of which there are thousands.
import type { EntryPointSelectors } from '../../entryPoint/entryPointVersion.ts'

/** What the collector returns, decoded by `debugTrace.ts`. Numbers are gas; opcodes go by number. */
export type CollectedTrace = {
  readonly phases: readonly CollectedPhase[]
  readonly keccak: readonly string[]
  /** Gas left at each GAS opcode of the EntryPoint's own code, in order. */
  readonly gasReadings: readonly number[]
  readonly output: string
}

export type CollectedPhase = {
  readonly role: 'sender' | 'factory' | 'paymaster'
  readonly entity: string
  readonly delegate?: string
  readonly gasLimit: number
  readonly gasUsed: number
  readonly output: string
  readonly error: boolean
  readonly opcodes: Readonly<Record<string, number>>
  readonly opcodeContracts: Readonly<Record<string, string>>
  readonly reads: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly writes: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly codeAccess: Readonly<
    Record<
      string,
      {
        readonly codeBytes: number
        readonly opcode: number
        readonly contract: string
        readonly inspected: boolean
        readonly delegate?: string
      }
    >
  >
  readonly calls: Readonly<Record<string, number>>
  readonly creations: readonly {
    readonly opcode: string
    readonly contract: string
    readonly created: string
  }[]
  readonly outOfGas: readonly string[]
}

const source = `{
  phases: [],
  keccak: {},
  gasReadings: [],
  // The phase that is running; undefined in the EntryPoint's and the SenderCreator's own code.
  phase: undefined,
  // Executing addresses of the frames below the EntryPoint, innermost last.
  frames: [],
  // The gas that each of them, if it creates a contract, was given.
  creationGas: [],
  phaseDepth: 0,
  // Whose the call of the SenderCreator will be.
  creates: undefined,
  lastOpcode: 0,
  inspection: undefined,

  step: function (log, db) {
    var opcode = log.op.toNumber();
    var phase = this.phase;
    if (phase === undefined) {
      if (opcode === 0x5a && this.frames.length === 0) this.gasReadings.push(log.getGas());
      else if (opcode === 0x20) this.hash(log);
      return;
    }
    if (phase.delegate === undefined) phase.delegate = this.delegateOf(db.getCode(toAddress(phase.entity)));
    // GAS counts only when no *CALL follows at once (OP-012): so it is counted one step late.
    if (this.lastOpcode === 0x5a && opcode !== 0xf1 && opcode !== 0xf2 && opcode !== 0xf4 && opcode !== 0xfa) {
      this.count(phase, 0x5a);
    }
    // EXTCODESIZE ISZERO only asks whether there is code (OP-051).
    if (this.inspection !== undefined) {
      if (opcode !== 0x15) this.inspection.inspected = true;
      this.inspection = undefined;
    }
    this.lastOpcode = opcode;
    if (opcode !== 0x5a) this.count(phase, opcode);
    // Arithmetic, jumps, PUSH, DUP, SWAP and LOG touch nothing outside.
    if (opcode < 0x20 || (opcode > 0x5d && opcode < 0xf1)) return;
    if (opcode === 0x54 || opcode === 0x5c) this.touch(phase.reads, log);
    else if (opcode === 0x55 || opcode === 0x5d) this.touch(phase.writes, log);
    else if (opcode === 0x20) this.hash(log);
    else if (opcode === 0x3b || opcode === 0x3c || opcode === 0x3f) this.useCode(phase, opcode, this.operand(log, 0), db);
    else if (opcode === 0xf1 || opcode === 0xf2 || opcode === 0xf4 || opcode === 0xfa) {
      this.useCode(phase, opcode, this.operand(log, 1), db);
    }
  },

  enter: function (frame) {
    var type = frame.getType();
    var from = toHex(frame.getFrom());
    var to = toHex(frame.getTo());
    // DELEGATECALL and CALLCODE run other code at the caller's own address.
    var borrowed = type === 'DELEGATECALL' || type === 'CALLCODE';
    var depth = this.frames.length;
    if (this.phase === undefined) {
      this.open(type, to, frame, depth);
    } else if (type === 'CREATE' || type === 'CREATE2') {
      this.phase.creations.push({ opcode: type, contract: this.here(), created: to });
    } else if (type !== 'SELFDESTRUCT') {
      var value = frame.getValue();
      var key = [type, this.here(), to, value === undefined ? '0' : value.toString(16), this.head(frame, 36)].join(' ');
      this.phase.calls[key] = 1;
    }
    this.frames.push(borrowed ? from : to);
    this.creationGas.push(type === 'CREATE' || type === 'CREATE2' ? frame.getGas() : undefined);
    this.lastOpcode = 0;
  },

  exit: function (result) {
    var error = result.getError();
    var phase = this.phase;
    var given = this.creationGas.pop();
    // revm reports no error for a failed creation; one that ran out of gas has taken all it was given.
    var starved = error ? String(error).indexOf('out of gas') >= 0 : given !== undefined && result.getGasUsed() >= given;
    if (phase !== undefined && starved) phase.outOfGas.push(this.here());
    this.frames.pop();
    if (phase !== undefined && this.frames.length === this.phaseDepth) {
      phase.gasUsed = result.getGasUsed();
      phase.output = toHex(result.getOutput().slice(0, 8192));
      phase.error = !!error;
      this.phase = undefined;
    }
    if (this.frames.length === 0) this.creates = undefined;
    this.lastOpcode = 0;
    this.inspection = undefined;
  },

  fault: function () {},

  result: function (context) {
    var preimages = [];
    for (var preimage in this.keccak) preimages.push(preimage);
    return {
      phases: this.phases,
      keccak: preimages,
      gasReadings: this.gasReadings,
      output: toHex(context.output)
    };
  },

  // A phase begins where the EntryPoint, or the SenderCreator for it, calls an entity.
  open: function (type, to, frame, depth) {
    if (type !== 'CALL') return;
    var role;
    if (depth === 0) {
      var selector = this.head(frame, 4);
      if (selector === '<createSender>') this.creates = 'factory';
      else if (selector === '<initEip7702Sender>') this.creates = 'sender';
      else if (selector === '<validateUserOp>') role = 'sender';
      else if (selector === '<validatePaymasterUserOp>') role = 'paymaster';
    } else if (depth === 1) role = this.creates;
    if (role === undefined) return;
    this.phaseDepth = depth;
    this.phase = {
      role: role, entity: to, gasLimit: frame.getGas(), gasUsed: 0, output: '0x', error: false,
      opcodes: {}, opcodeContracts: {}, reads: {}, writes: {}, codeAccess: {}, calls: {}, creations: [], outOfGas: []
    };
    this.phases.push(this.phase);
  },

  count: function (phase, opcode) {
    if (phase.opcodes[opcode] === undefined) {
      phase.opcodes[opcode] = 1;
      phase.opcodeContracts[opcode] = this.here();
    } else phase.opcodes[opcode]++;
  },

  touch: function (accesses, log) {
    var address = this.here();
    if (accesses[address] === undefined) accesses[address] = {};
    accesses[address][this.operand(log, 0).toString(16)] = 1;
  },

  hash: function (log) {
    var length = Number(this.operand(log, 1).toString(10));
    if (length < 32 || length > 512) return;
    var offset = Number(this.operand(log, 0).toString(10));
    // Memory may not have grown to the operand yet; what is missing reads as zeros.
    var end = Math.min(offset + length, log.memory.length ? log.memory.length() : offset + length);
    var bytes = end > offset ? toHex(log.memory.slice(offset, end)) : '0x';
    while (bytes.length < 2 + 2 * length) bytes += '00';
    // Only a preimage that begins with a left-padded address makes a slot associated.
    if (bytes.slice(2, 26) === '000000000000000000000000') this.keccak[bytes] = 1;
  },

  useCode: function (phase, opcode, operand, db) {
    var address = '0x' + ('0000000000000000000000000000000000000000' + operand.toString(16)).slice(-40);
    var access = phase.codeAccess[address];
    if (access === undefined) {
      var code = db.getCode(toAddress(address));
      access = {
        codeBytes: code.length, opcode: opcode, contract: this.here(), inspected: false, delegate: this.delegateOf(code)
      };
      phase.codeAccess[address] = access;
    }
    if (opcode === 0x3b) this.inspection = access;
    else if (opcode === 0x3c || opcode === 0x3f) access.inspected = true;
  },

  // An EIP-7702 delegation is 0xef0100 and an address, as code; '' for any other code.
  delegateOf: function (code) {
    if (code.length !== 23) return '';
    var bytes = toHex(code.slice(0, 23));
    return bytes.slice(0, 8) === '0xef0100' ? '0x' + bytes.slice(8) : '';
  },

  // An instruction may be about to fail for want of operands; asked for one, geth would give up the whole trace.
  operand: function (log, depth) {
    return depth < log.stack.length() ? log.stack.peek(depth) : 0;
  },

  here: function () {
    return this.frames[this.frames.length - 1];
  },

  head: function (frame, bytes) {
    return toHex(frame.getInput().slice(0, bytes));
  }
}`

/** The collector as it is sent: without comments and indentation, and for one version of the EntryPoint. */
export function debugCollector(
  selectors: Pick<
    EntryPointSelectors,
    'createSender' | 'initEip7702Sender' | 'validateUserOp' | 'validatePaymasterUserOp'
  >,
): string {
  return compact.replaceAll(/<(\w+)>/g, (_, name) => selectors[name as keyof typeof selectors])
}

const compact = source
  .split('\n')
  .map(line => line.trim())
  .filter(line => line !== '' && !line.startsWith('//'))
  .join('\n')
