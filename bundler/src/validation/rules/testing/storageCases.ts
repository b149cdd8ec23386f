// Rows of the rule tests about storage: whose slots, in whose contract, by whom, under whose stake.
import { type Hex, pad } from 'viem'
import {
  call,
  mappingReader,
  mappingWriter,
  reader,
  touchMapping,
  transientReader,
  writer,
} from './contracts.ts'
import type { RuleCase } from './ruleCase.ts'

const slot: Hex = pad('0x07')

export const storageCases: readonly RuleCase[] = [
  { title: "the account's own storage", does: '1 5 SSTORE 5 SLOAD POP', expected: 'allowed' },
  {
    title: "the sender's slot in a mapping",
    does: touchMapping(mappingWriter, 'SENDER'),
    expected: 'allowed',
  },
  {
    title: "the 128th slot of the sender's struct in a mapping",
    does: touchMapping(mappingWriter, 'SENDER', 128),
    expected: 'allowed',
  },
  {
    title: "the 129th slot of the sender's struct in a mapping",
    does: touchMapping(mappingWriter, 'SENDER', 129),
    expected: { rule: 'STO-021', entity: 'account', contract: mappingWriter },
  },
  {
    title: "someone else's slot in a mapping",
    does: touchMapping(mappingReader, reader),
    expected: { rule: 'STO-033', entity: 'account', contract: mappingReader },
  },
  ...(['account', 'paymaster', 'factory'] as const).flatMap((by): RuleCase[] => [
    {
      title: `a foreign slot read by an unstaked ${by}`,
      by,
      does: call(reader),
      expected: { rule: 'STO-033', entity: by, slot, contract: reader },
    },
    {
      title: `a foreign slot read by a staked ${by}`,
      by,
      staked: by,
      does: call(reader),
      expected: 'allowed',
    },
    ...[undefined, by].map(
      (staked): RuleCase => ({
        title: `a foreign slot written by ${staked ? 'a staked' : 'an unstaked'} ${by}`,
        by,
        ...(staked && { staked }),
        does: call(writer),
        expected: { rule: by === 'account' ? 'STO-021' : 'STO-032', entity: by, slot, contract: writer },
      }),
    ),
  ]),
  ...(['paymaster', 'factory'] as const).flatMap((by): RuleCase[] => [
    {
      title: `the storage of an unstaked ${by}`,
      by,
      does: '7 SLOAD POP',
      expected: { rule: 'STO-031', entity: by, slot },
    },
    { title: `the storage of a staked ${by}`, by, staked: by, does: '1 7 SSTORE', expected: 'allowed' },
    {
      title: `an unstaked ${by}'s slot in a mapping`,
      by,
      does: touchMapping(mappingWriter, by.toUpperCase()),
      expected: { rule: 'STO-032', entity: by, contract: mappingWriter },
    },
    {
      title: `a staked ${by}'s slot in a mapping`,
      by,
      staked: by,
      does: touchMapping(mappingWriter, by.toUpperCase()),
      expected: 'allowed',
    },
  ]),
  {
    title: "the sender's slot written by an unstaked paymaster",
    by: 'paymaster',
    does: touchMapping(mappingWriter, 'SENDER'),
    expected: 'allowed',
  },
  ...(['account', 'paymaster'] as const).flatMap((by): RuleCase[] => [
    {
      title: `the sender's slot written by the ${by} while an unstaked factory deploys the sender`,
      by,
      deploys: true,
      does: touchMapping(mappingWriter, 'SENDER'),
      expected: { rule: 'STO-022', entity: by, contract: mappingWriter },
    },
    {
      title: `the sender's slot written by the ${by} while a staked factory deploys the sender`,
      by,
      deploys: true,
      staked: 'factory',
      does: touchMapping(mappingWriter, 'SENDER'),
      expected: by === 'account' ? 'allowed' : { rule: 'STO-022', entity: by, contract: mappingWriter },
    },
  ]),
  {
    title: "the sender's slot written by the paymaster while a staked factory deploys the sender, since v0.8",
    by: 'paymaster',
    deploys: true,
    staked: 'factory',
    vouches: true,
    does: touchMapping(mappingWriter, 'SENDER'),
    expected: 'allowed',
  },
  {
    title:
      "the sender's slot written by the paymaster while an unstaked factory deploys the sender, since v0.8",
    by: 'paymaster',
    deploys: true,
    vouches: true,
    does: touchMapping(mappingWriter, 'SENDER'),
    expected: { rule: 'STO-022', entity: 'paymaster', contract: mappingWriter },
  },
  {
    title: "the sender's slot written by a staked paymaster while an unstaked factory deploys the sender",
    by: 'paymaster',
    deploys: true,
    staked: 'paymaster',
    does: touchMapping(mappingWriter, 'SENDER'),
    expected: 'allowed',
  },
  {
    title: 'a foreign transient slot is judged like a persistent one',
    does: call(transientReader, { gas: '3000' }),
    expected: { rule: 'STO-033', slot, contract: transientReader },
  },
]
