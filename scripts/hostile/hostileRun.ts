// One run: the house opens, honest people come, then strangers, then twice as many; then everything is counted.
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { BenchRun } from '../bench/benchRun.ts'
import { operatorWealthWei } from './books.ts'
import { createHonestUser, type HonestUser, honestWays } from './honest/honestUser.ts'
import { type House, openHouse } from './house.ts'
import { watchLandings } from './landings.ts'
import { type PhaseFigures, runPhase } from './phase.ts'
import { expiries } from './strangers/expiries.ts'
import { hardWork } from './strangers/hardWork.ts'
import { inflatedFields, type Thief } from './strangers/inflatedFields.ts'
import { junk } from './strangers/junk.ts'
import { relays } from './strangers/relays.ts'
import { revocations } from './strangers/revocations.ts'
import { slowReaders } from './strangers/slowReaders.ts'
import type { Stranger } from './strangers/stranger.ts'
import { stuckFees } from './strangers/stuckFees.ts'
import { unsentRequests } from './strangers/unsentRequests.ts'
import { type Evidence, judge, type Verdict } from './verdicts.ts'
import { startWeather } from './weather.ts'

export type HostileFigures = {
  readonly phases: readonly PhaseFigures[]
  readonly verdicts: readonly Verdict[]
}

const honestPerWay = 2

export async function hostileRun(
  run: BenchRun,
  options: { readonly minutes: number; readonly strength: number },
): Promise<HostileFigures> {
  const { say, signal, complain } = run
  const house = await openHouse(run)
  const { client, devnet } = house
  const landings = watchLandings(
    { client, entryPoint: devnet.entryPoint, paymaster: devnet.contracts.paymaster },
    error => complain('Landings could not be read', error),
  )
  run.cleanup.add('landings', landings.stop)
  const honest = honestWays.flatMap((way, index) =>
    Array.from({ length: honestPerWay }, (_, number) =>
      createHonestUser(house, way, house.caller(`198.51.100.${index * honestPerWay + number + 1}`)),
    ),
  )
  say('the strangers arrive')
  const { strangers, thief } = await gatherStrangers(house, honest)
  const weather = startWeather(devnet.rpcUrl, error => complain('The base fee could not be set', error))
  run.cleanup.add('weather', weather.stop)
  const before = await operatorWealthWei(house, await house.client.getBlockNumber({ cacheTime: 0 }))
  const seconds = options.minutes * 60
  const phase = (name: string, share: number, strength: number): Promise<PhaseFigures> => {
    say(`${name}: ${Math.round(seconds * share)} s`)
    const planned = { name, seconds: Math.round(seconds * share), strength }
    return runPhase(planned, { house, honest, strangers, landings, signal })
  }
  const phases = [
    await phase('quiet', 0.2, 0),
    await phase('hostile', 0.4, options.strength),
    await phase('twice as hostile', 0.4, options.strength * 2),
  ] as const
  signal.throwIfAborted()
  // Both of one block: on a busy machine more lands while they are read.
  const last = await house.client.getBlockNumber({ cacheTime: 0 })
  await landings.seen(last)
  const verdicts = judge({
    phases,
    lossWei: before - (await operatorWealthWei(house, last)),
    sponsoredWei: landings.sponsoredWei(last),
    thiefCostliness: thief.costliness,
    wronglyBlamed: await wronglyBlamed(house, honest),
  })
  return { phases, verdicts }
}

async function gatherStrangers(
  house: House,
  honest: readonly HonestUser[],
): Promise<{ strangers: readonly Stranger[]; thief: Thief }> {
  let address = 0
  const caller = () => house.caller(`203.0.113.${++address}`)
  const rich = () => house.richClient(privateKeyToAccount(generatePrivateKey()), parseEther('1000'))
  const victim = () => honest.find(({ name }) => name === 'is sponsored')?.accounts.at(-1)
  const thief = inflatedFields(house, caller(), await rich())
  const strangers = [
    unsentRequests(house, caller(), victim),
    thief,
    revocations(house, caller()),
    expiries(house, caller()),
    relays(house, caller(), await rich()),
    stuckFees(house, caller()),
    await hardWork(house, caller(), await rich()),
    slowReaders(house),
    junk(caller()),
  ]
  return { strangers, thief }
}

async function wronglyBlamed(
  house: House,
  honest: readonly HonestUser[],
): Promise<Evidence['wronglyBlamed']> {
  const { entryPoint, contracts } = house.devnet
  const records = await house
    .caller('127.0.0.1')
    .call<readonly { address: `0x${string}`; status: string }[]>('debug_bundler_dumpReputation', entryPoint)
  const innocent = new Set(
    [...honest.flatMap(({ accounts }) => accounts), contracts.paymaster, contracts.simpleAccountFactory].map(
      each => each.toLowerCase(),
    ),
  )
  return records
    .filter(({ address, status }) => innocent.has(address.toLowerCase()) && Number(status) !== 0)
    .map(({ address }) => address)
}
