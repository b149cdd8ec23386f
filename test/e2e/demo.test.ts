// `npm run demo` from the outside: one JSON object on the last line, and the chain says the same.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import { type Address, createPublicClient, type Hash, http, parseEther, parseEventLogs } from 'viem'
import { afterEach, describe, expect, it } from 'vitest'
import { type Command, descendantsOf, runCommand, untilAllEnded } from '../support/command.ts'
import { eventually } from '../support/eventually.ts'
import { subfolder, workFolder } from '../support/workFolder.ts'

const root = workFolder()
let demo: Command | undefined

afterEach(async () => {
  demo?.signal('SIGTERM')
  await demo?.ended
  demo = undefined
})

type DemoJson = {
  userOperationHash: Hash
  transactionHash: Hash
  leaseId: string
  renterNativeWei: string
  gasPaidToken: string
  refundToken: string
  steps: readonly Record<string, unknown>[]
}

type AccountsJson = Record<string, { address: Address; balanceToken: string; changeToken: string }>
type FullDemoJson = DemoJson & {
  story: string
  chapters: readonly {
    name: string
    steps: readonly {
      name: string
      userOperationHash?: Hash
      transactionHash?: Hash
      facts?: Record<string, number>
    }[]
    books: { accounts: AccountsJson }
  }[]
  books: AccountsJson
}

function run(folder: string, ...flags: readonly string[]): Command {
  demo = runCommand(
    'demo.js',
    ...['--json', '--port-base', '0', '--block-time', '1', '--data-directory', folder],
    ...flags,
  )
  return demo
}

function lastLine(command: Command): string {
  return command.stdout().trimEnd().split('\n').at(-1) ?? ''
}

function expectStory(json: DemoJson): void {
  expect(json).toMatchObject({
    userOperationHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    transactionHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    leaseId: expect.stringMatching(/^\d+$/),
    renterNativeWei: '0',
    gasPaidToken: expect.stringMatching(/^[1-9]\d*$/),
    refundToken: expect.stringMatching(/^[1-9]\d*$/),
  })
  expect(json.steps.length).toBeGreaterThan(5)
}

describe('npm run demo', () => {
  it('--once --json exits 0 with the story on its last line, and leaves nothing running', async () => {
    const command = run(subfolder(root), '--once')
    const family = new Set<number>()
    const watching = setInterval(() => {
      for (const pid of descendantsOf(command.pid)) family.add(pid)
    }, 500)
    const { code } = await command.ended
    clearInterval(watching)
    expect(code, command.stderr()).toBe(0)
    expectStory(JSON.parse(lastLine(command)) as DemoJson)
    await untilAllEnded(family)
  }, 240_000)

  it('tells what the chain tells: one operation rented, gas paid in the token, the refund exact', async () => {
    const folder = subfolder(root)
    const command = run(folder)
    const line = await eventually(
      'the story',
      async () => lastLine(command),
      text => text.startsWith('{') && text.endsWith('}'),
      120,
    )
    const story = JSON.parse(line) as DemoJson
    expectStory(story)
    const { rpcUrl, contracts } = JSON.parse(readFileSync(join(folder, 'devnet.json'), 'utf8')) as {
      rpcUrl: string
      contracts: Record<'token' | 'instanceLease' | 'paymaster', Address>
    }
    const client = createPublicClient({ transport: http(rpcUrl) })
    const rental = await client.getTransactionReceipt({ hash: story.transactionHash })
    const [operation] = parseEventLogs({
      abi: entryPoint07Abi,
      eventName: 'UserOperationEvent',
      logs: rental.logs,
      args: { userOpHash: story.userOperationHash },
    })
    const [opened] = parseEventLogs({ abi: instanceLeaseAbi, eventName: 'LeaseOpened', logs: rental.logs })
    expect(operation?.args).toMatchObject({ success: true, paymaster: contracts.paymaster })
    expect(String(opened?.args.leaseId)).toBe(story.leaseId)

    const renter = operation?.args.sender as Address
    expect(await client.getBalance({ address: renter })).toBe(0n)
    const everything = { fromBlock: 0n, toBlock: 'latest' } as const
    const logs = await client.getLogs({ address: contracts.instanceLease, ...everything })
    const [settled] = parseEventLogs({
      abi: instanceLeaseAbi,
      eventName: 'LeaseSettled',
      logs,
      args: { leaseId: BigInt(story.leaseId) },
    })
    expect(String(settled?.args.refundWei)).toBe(story.refundToken)
    const charges = parseEventLogs({
      abi: computePaymasterAbi,
      eventName: 'TokenCharged',
      logs: await client.getLogs({ address: contracts.paymaster, ...everything }),
      args: { sender: renter },
    })
    expect(String(charges.reduce((sum, { args }) => sum + args.chargeWei, 0n))).toBe(story.gasPaidToken)

    // What came in is what went out and what is left, to the wei.
    const transfers = parseEventLogs({
      abi: computeTokenAbi,
      eventName: 'Transfer',
      logs: await client.getLogs({ address: contracts.token, ...everything }),
    })
    const held = transfers.reduce(
      (sum, { args }) =>
        sum + (args.to === renter ? args.value : 0n) - (args.from === renter ? args.value : 0n),
      0n,
    )
    const balance = await client.readContract({
      address: contracts.token,
      abi: computeTokenAbi,
      functionName: 'balanceOf',
      args: [renter],
    })
    expect(balance).toBe(held)
    const family = descendantsOf(command.pid)
    command.signal('SIGINT')
    await command.ended
    await untilAllEnded(family)
  }, 240_000)

  it('--story full goes on with six chapters, whose books the chain confirms to the wei', async () => {
    const folder = subfolder(root)
    const command = run(folder, '--story', 'full')
    const line = await eventually(
      'the full story',
      async () => lastLine(command),
      text => text.startsWith('{') && text.endsWith('}'),
      300,
    )
    const story = JSON.parse(line) as FullDemoJson
    expectStory(story)
    expect(story.story).toBe('full')
    expect(story.chapters.map(chapter => chapter.name)).toEqual([
      'cast',
      'delegation',
      'serverless',
      'exit',
      'fault',
      'provenance',
      'resale',
    ])
    const changeOf = (accounts: FullDemoJson['books']) =>
      Object.values(accounts).reduce((sum, { changeToken }) => sum + BigInt(changeToken), 0n)
    for (const { books } of story.chapters) expect(changeOf(books.accounts)).toBe(0n)
    expect(changeOf(story.books)).toBe(0n)
    const chapter = (name: string) => story.chapters.find(told => told.name === name)
    expect(chapter('fault')?.books.accounts).toMatchObject({
      bonds: { changeToken: String(-parseEther('0.5')) },
      burnt: { changeToken: String(parseEther('0.25')) },
    })
    const redemption = chapter('serverless')?.steps.find(step => step.name === 'redeem')
    expect(redemption?.facts).toMatchObject({ requests: 50 })
    expect(redemption?.facts?.gasPerRequest).toBeLessThan(10_000)

    const { rpcUrl, contracts } = JSON.parse(readFileSync(join(folder, 'devnet.json'), 'utf8')) as {
      rpcUrl: string
      contracts: Record<'token' | 'paymaster', Address>
    }
    const client = createPublicClient({ transport: http(rpcUrl) })
    const operations = story.chapters.flatMap(({ steps }) =>
      steps.filter(step => step.userOperationHash !== undefined),
    )
    expect(operations.length).toBeGreaterThan(25)
    const exit = chapter('exit')?.steps.find(step => step.name === 'stop')
    const { logs: ofExit, blockNumber } = await client.getTransactionReceipt({
      hash: exit?.transactionHash as Hash,
    })
    const [paid] = parseEventLogs({
      abi: computePaymasterAbi,
      eventName: 'TankCharged',
      logs: ofExit,
      args: { userOpHash: exit?.userOperationHash as Hash },
    })
    expect(paid?.args.sender).toBe(story.books.student?.address)
    const emptied = await client.readContract({
      address: contracts.token,
      abi: computeTokenAbi,
      functionName: 'balanceOf',
      args: [paid?.args.sender as Address],
      blockNumber: blockNumber - 1n,
    })
    expect(emptied).toBe(0n)
    for (const { userOperationHash, transactionHash } of operations) {
      const { logs } = await client.getTransactionReceipt({ hash: transactionHash as Hash })
      const [landed] = parseEventLogs({
        abi: entryPoint07Abi,
        eventName: 'UserOperationEvent',
        logs,
        args: { userOpHash: userOperationHash as Hash },
      })
      expect(landed?.args).toMatchObject({ success: true, paymaster: contracts.paymaster })
    }
    for (const person of ['payer', 'lead', 'student', 'provider', 'broker', 'buyer', 'collector']) {
      const account = story.books[person]
      expect(account, person).toBeDefined()
      if (account === undefined) continue
      expect(await client.getBalance({ address: account.address })).toBe(0n)
      const tokens = await client.readContract({
        address: contracts.token,
        abi: computeTokenAbi,
        functionName: 'balanceOf',
        args: [account.address],
      })
      expect(String(tokens), person).toBe(account.balanceToken)
    }
  }, 400_000)
})
