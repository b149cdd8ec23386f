// Every custom error that a user can meet, in words: the market's, the paymaster's, the
// EntryPoint's and the accounts'. A name that several contracts use has one sentence, which fits them all.
import { entryPointSentences, simpleAccountSentences } from './sentences/accountAbstractionSentences.ts'
import { bundlerRegistrySentences } from './sentences/bundlerRegistrySentences.ts'
import { computeAccountSentences } from './sentences/computeAccountSentences.ts'
import { leaseSentences } from './sentences/leaseSentences.ts'
import { modelSentences } from './sentences/modelSentences.ts'
import { offerBookSentences } from './sentences/offerBookSentences.ts'
import { openZeppelinSentences } from './sentences/openZeppelinSentences.ts'
import { paymasterSentences } from './sentences/paymasterSentences.ts'
import { promiseCourtSentences } from './sentences/promiseCourtSentences.ts'
import { recordSentences } from './sentences/recordSentences.ts'
import { registrySentences } from './sentences/registrySentences.ts'
import { rightsSentences } from './sentences/rightsSentences.ts'
import type { Sentence } from './sentences/sentence.ts'
import { sessionSentences } from './sentences/sessionSentences.ts'
import { tokenSentences } from './sentences/tokenSentences.ts'

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
  ...bundlerRegistrySentences,
  ...promiseCourtSentences,
}
