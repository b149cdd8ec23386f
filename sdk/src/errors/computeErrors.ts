// Every custom error that a user can meet, as ABI and in words: the market's, the paymaster's, the
// EntryPoint's and the accounts'. A name that several contracts use has one sentence, which fits them all.
import type { Abi } from 'viem'
import { computeAccountAbi } from '../abi/computeAccount.ts'
import { computeAccountFactoryAbi } from '../abi/computeAccountFactory.ts'
import { computePaymasterAbi } from '../abi/computePaymaster.ts'
import { computeTokenAbi } from '../abi/computeToken.ts'
import { entryPoint07Abi } from '../abi/entryPoint07.ts'
import { instanceLeaseAbi } from '../abi/instanceLease.ts'
import { modelNftAbi } from '../abi/modelNft.ts'
import { offerBookAbi } from '../abi/offerBook.ts'
import { providerRegistryAbi } from '../abi/providerRegistry.ts'
import { serverlessSessionAbi } from '../abi/serverlessSession.ts'
import { simpleAccountAbi } from '../abi/simpleAccount.ts'
import { simpleAccountFactoryAbi } from '../abi/simpleAccountFactory.ts'
import { trainingRecordAbi } from '../abi/trainingRecord.ts'
import { usageRightsAbi } from '../abi/usageRights.ts'
import { entryPointSentences, simpleAccountSentences } from './sentences/accountAbstractionSentences.ts'
import { computeAccountSentences } from './sentences/computeAccountSentences.ts'
import { leaseSentences } from './sentences/leaseSentences.ts'
import { modelSentences } from './sentences/modelSentences.ts'
import { offerBookSentences } from './sentences/offerBookSentences.ts'
import { openZeppelinSentences } from './sentences/openZeppelinSentences.ts'
import { paymasterSentences } from './sentences/paymasterSentences.ts'
import { recordSentences } from './sentences/recordSentences.ts'
import { registrySentences } from './sentences/registrySentences.ts'
import { rightsSentences } from './sentences/rightsSentences.ts'
import type { Sentence } from './sentences/sentence.ts'
import { sessionSentences } from './sentences/sessionSentences.ts'
import { tokenSentences } from './sentences/tokenSentences.ts'

export const computeErrorsAbi: Abi = [
  computeTokenAbi,
  providerRegistryAbi,
  offerBookAbi,
  usageRightsAbi,
  instanceLeaseAbi,
  serverlessSessionAbi,
  trainingRecordAbi,
  modelNftAbi,
  computePaymasterAbi,
  entryPoint07Abi,
  simpleAccountAbi,
  simpleAccountFactoryAbi,
  computeAccountAbi,
  computeAccountFactoryAbi,
].flatMap(abi => (abi as Abi).filter(item => item.type === 'error'))

export const computeErrorSentences: Readonly<Record<string, ((args: never) => Sentence) | undefined>> = {
  ...computeAccountSentences,
  ...simpleAccountSentences,
  ...openZeppelinSentences,
  ...entryPointSentences,
  ...paymasterSentences,
  ...tokenSentences,
  ...registrySentences,
  ...offerBookSentences,
  ...recordSentences,
  ...modelSentences,
  ...sessionSentences,
  ...leaseSentences,
  ...rightsSentences,
}
