// Every custom error a rental can meet, as ABI and in words: the market's, the paymaster's, the EntryPoint's
// and SimpleAccount's.
import type { Abi } from 'viem'
import { computePaymasterAbi } from '../abi/computePaymaster.ts'
import { computeTokenAbi } from '../abi/computeToken.ts'
import { entryPoint07Abi } from '../abi/entryPoint07.ts'
import { instanceLeaseAbi } from '../abi/instanceLease.ts'
import { offerBookAbi } from '../abi/offerBook.ts'
import { providerRegistryAbi } from '../abi/providerRegistry.ts'
import { simpleAccountAbi } from '../abi/simpleAccount.ts'
import { usageRightsAbi } from '../abi/usageRights.ts'
import { entryPointSentences, simpleAccountSentences } from './sentences/accountAbstractionSentences.ts'
import { leaseSentences } from './sentences/leaseSentences.ts'
import { offerBookSentences } from './sentences/offerBookSentences.ts'
import { openZeppelinSentences } from './sentences/openZeppelinSentences.ts'
import { paymasterSentences } from './sentences/paymasterSentences.ts'
import { registrySentences } from './sentences/registrySentences.ts'
import { rightsSentences } from './sentences/rightsSentences.ts'
import type { Sentence } from './sentences/sentence.ts'
import { tokenSentences } from './sentences/tokenSentences.ts'

export const computeErrorsAbi: Abi = [
  computeTokenAbi,
  providerRegistryAbi,
  offerBookAbi,
  usageRightsAbi,
  instanceLeaseAbi,
  computePaymasterAbi,
  entryPoint07Abi,
  simpleAccountAbi,
].flatMap(abi => (abi as Abi).filter(item => item.type === 'error'))

export const computeErrorSentences: Readonly<Record<string, ((args: never) => Sentence) | undefined>> = {
  ...simpleAccountSentences,
  ...openZeppelinSentences,
  ...entryPointSentences,
  ...paymasterSentences,
  ...tokenSentences,
  ...registrySentences,
  ...offerBookSentences,
  ...rightsSentences,
  ...leaseSentences,
}
