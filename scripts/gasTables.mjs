#!/usr/bin/env node
// Keeps the gas tables of the contracts' documents, from contracts/snapshots. Fails if a call that users make has no
// snapshot. `--check` writes nothing and fails naming the documents that are stale.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const contracts = join(dirname(fileURLToPath(import.meta.url)), '../contracts')
const documents = ['README.md', 'src/account/README.md']

// Of each contract: its snapshots, those of a call that do not begin with its name, and the calls that are not users'.
const users = [
  { title: 'token', contract: 'ComputeToken', groups: ['Token'] },
  {
    title: 'provider',
    contract: 'ProviderRegistry',
    groups: ['Market'],
    markets: 'lockBond recordOutcome slash unlockBond',
  },
  { title: 'offer', contract: 'OfferBook', groups: ['Market'], markets: 'release reserve' },
  { title: 'lease', contract: 'InstanceLease', groups: ['Market', 'Rights'], named: { stop: ['cancel'] } },
  {
    title: 'session',
    contract: 'ServerlessSession',
    groups: ['Session'],
    named: { redeem: ['50 requests in one redeem'] },
    itself: 'redeemInBatch',
  },
  {
    title: 'right',
    contract: 'UsageRights',
    groups: ['Rights'],
    markets: 'consume endRoot mintRoot raiseRoot',
  },
  { title: 'record', contract: 'TrainingRecord', groups: ['Provenance'] },
  { title: 'model', contract: 'ModelNft', groups: ['Provenance'] },
  {
    title: 'tank',
    contract: 'ComputePaymaster',
    groups: ['Paymaster'],
    operators:
      'acceptOwnership addStake deposit refillDeposit setLeaderTip setSigner transferOwnership unlockStake withdrawDepositTo withdrawErc20Revenue withdrawRevenue withdrawStake',
    entryPoints: 'postOp validatePaymasterUserOp',
  },
  {
    title: 'bundler',
    contract: 'BundlerRegistry',
    groups: ['Bundlers'],
    courts: 'slash',
  },
  { title: 'promise', contract: 'PromiseCourt', groups: ['Court'] },
  { title: 'factory', contract: 'ComputeAccountFactory', groups: ['account'] },
  {
    title: 'account',
    contract: 'ComputeAccount',
    groups: ['account', 'authority'],
    named: {
      execute: ['token transfer by address', 'token transfer by passkey', 'token transfer by SimpleAccount'],
      executeBatch: ['two token transfers by address'],
      executeUserOp: ['token transfer by session', 'two token transfers by session'],
    },
    factorys: 'initialize',
    tokens: 'onERC1155BatchReceived onERC1155Received onERC721Received',
    entryPoints: 'validateUserOp',
  },
]
const othersCalls = ['markets', 'itself', 'operators', 'entryPoints', 'factorys', 'tokens', 'courts']

// What others' paymasters cost more than an account that pays itself, one operation a bundle, as measured before ours
// was written.
const peers = {
  sponsored: "the reference's VerifyingPaymaster 14,300, Pimlico's Singleton 20,300",
  token:
    'OpenZeppelin 42,600 (not billing the penalty, and losing by it), Coinbase 48,200 to 57,900, Singleton 57,200 to 67,300',
  tank: 'nobody has one',
}

const snapshots = Object.fromEntries(
  readdirSync(join(contracts, 'snapshots')).map(file => [
    basename(file, '.json'),
    JSON.parse(readFileSync(join(contracts, 'snapshots', file), 'utf8')),
  ]),
)
const gasText = gas => Number(gas).toLocaleString('en-US')

function snapshot(group, name) {
  const value = snapshots[group]?.[name]
  if (value === undefined) throw new Error(`contracts/snapshots/${group}.json has no "${name}"`)
  return value
}

const row = cells => `| ${cells.join(' | ')} |`
/** All columns but the first hold numbers, unless `align` says otherwise. */
const table = (head, rows, align = head.map((_, column) => (column === 0 ? '---' : '---:'))) =>
  [row(head), `|${align.join('|')}|`, ...rows.map(row)].join('\n')

// ─── Whole operations ────────────────────────────────────────────────────────

function operations() {
  const gas = name => gasText(snapshot('Paymaster', name))
  const over = (name, purse) => gas(`${name} overhead over ${purse}`)
  const paid = ['sponsored', 'tank', 'token'].map(name => [
    name,
    gas(name),
    over(name, 'a deposit'),
    over(name, 'the balance'),
    peers[name],
  ])
  return table(
    [
      '',
      'gas',
      'over paying from an EntryPoint deposit',
      'over paying from the balance',
      'others, over paying oneself',
    ],
    [
      [
        'account pays itself',
        `${gas('self-paid from a deposit')} / ${gas('self-paid from the balance')}`,
        '',
        '',
        '',
      ],
      ...paid,
      ['sponsored, with a tip', gas('sponsored, with a tip'), '', '', ''],
      ['token deferred, approving', gas('token deferred, approving'), '', '', ''],
      ['ERC-20', gas('ERC-20'), '', '', ''],
    ],
    ['---', '---:', '---:', '---:', '---'],
  )
}

function excess() {
  const percent = name => (Number(snapshot('Paymaster', name)) / 100).toFixed(2)
  const rows = ['token', 'token deferred', 'tank'].map(name => [
    name,
    percent(`charged more than lost, bps, ${name}, smallest`),
    percent(`charged more than lost, bps, ${name}, as large as a lease`),
    percent(`taken more than lost over 64 operations, bps, ${name}`),
  ])
  const approving = percent('charged more than lost, bps, token deferred, approving')
  rows.splice(2, 0, ['token deferred, approving', approving, '', ''])
  return table(['', 'smallest operation', 'as large as opening a lease', '64 of any size and limits'], rows)
}

// ─── Every call ──────────────────────────────────────────────────────────────

function functionsOf(contract) {
  const { abi } = JSON.parse(readFileSync(join(contracts, `artifacts/${contract}.json`), 'utf8'))
  const writes = abi.filter(
    ({ type, stateMutability }) => type === 'function' && !/view|pure/.test(stateMutability),
  )
  return new Set(writes.map(({ name }) => name))
}

/** What was measured of each call that users make, as [name, gas]. */
function measured(entry) {
  const notUsers = new Set(othersCalls.flatMap(who => entry[who]?.split(' ') ?? []))
  const all = entry.groups.flatMap(group => Object.entries(snapshots[group]))
  return [...functionsOf(entry.contract)]
    .filter(name => !notUsers.has(name))
    .flatMap(name => {
      const ofCall = all.filter(
        ([key]) =>
          key === name ||
          (/^[ ,:]/.test(key.slice(name.length)) && key.startsWith(name)) ||
          entry.named?.[name]?.includes(key),
      )
      if (ofCall.length === 0) throw new Error(`no snapshot of ${entry.contract}.${name}`)
      return ofCall
    })
}

const pairsInARow = 3

function callTable(entry) {
  const calls = measured(entry).map(([name, gas]) => [name, gasText(gas)])
  const rows = []
  for (let at = 0; at < calls.length; at += pairsInARow) {
    const pairs = calls.slice(at, at + pairsInARow)
    while (pairs.length < pairsInARow) pairs.push(['', ''])
    rows.push(pairs.flat())
  }
  const head = Array.from({ length: pairsInARow }, (_, pair) => [pair === 0 ? entry.title : '', 'gas']).flat()
  return table(head, rows, Array.from({ length: pairsInARow }, () => ['---', '---:']).flat())
}

const calls = () => users.map(callTable).join('\n\n')

/** Bundles, sent to the EntryPoint and by the guard. */
function bundles() {
  const sizes = [1, 2, 5, 10]
  const names = ['direct', 'guard', 'guard, more for each', 'guard, last stale', 'guard, all stale']
  const gas = (size, name) => gasText(snapshot('Bundling', `${size}: ${name}`))
  const rows = sizes.map(size => [`${size} of a bundle`, ...names.map(name => gas(size, name))])
  return table(['', ...names], rows)
}

/** The account by itself: who signs makes the difference. */
function account() {
  const gas = name => gasText(snapshot('account', name))
  const signers = ['address', 'passkey', 'session', 'SimpleAccount']
  const line = (label, nameOf) => [
    label,
    ...signers.map(signer => {
      const value = snapshots.account[nameOf(signer)]
      return value === undefined ? '' : gas(nameOf(signer))
    }),
  ]
  return table(
    ['', ...signers],
    [
      line('token transfer', signer => `token transfer by ${signer}`),
      line('two in a batch', signer => `two token transfers by ${signer}`),
      line('verificationGasLimit needed', signer => `verificationGasLimit needed: ${signer}`),
      line('createAccount', signer => `createAccount: ${signer}`),
    ],
  )
}

// ─── In their documents ──────────────────────────────────────────────────────

const blocks = { operations, excess, calls, bundles, account }
const block = /(<!-- gasTables: (\w+) -->\n)[\s\S]*?(<!-- end of gasTables -->)/g

function render(text) {
  return text.replace(block, (_, begin, name, end) => `${begin}\n${blocks[name]()}\n\n${end}`)
}

function main() {
  const check = process.argv.includes('--check')
  const stale = documents.filter(name => {
    const path = join(contracts, name)
    const text = readFileSync(path, 'utf8')
    const rendered = render(text)
    if (rendered === text) return false
    if (!check) writeFileSync(path, rendered)
    return true
  })
  if (!check || stale.length === 0) {
    process.stdout.write(stale.length === 0 ? 'gas tables are up to date\n' : `wrote ${stale.join(', ')}\n`)
    return
  }
  process.stderr.write(
    `stale gas tables in contracts/: ${stale.join(', ')}\nrun: node scripts/gasTables.mjs\n`,
  )
  process.exitCode = 1
}

main()
