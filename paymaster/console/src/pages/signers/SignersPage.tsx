// The keys that make the paymaster pay: how they stand, how one follows another, how all is stopped.
import { Alert } from '@mantine/core'
import { IconHandStop } from '@tabler/icons-react'
import { useState } from 'react'
import type { SignersView } from '../../../../src/admin/signers/schema.ts'
import type { PreparedTransaction, TreasuryView } from '../../../../src/admin/treasury/schema.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { Answer } from '../../components/Answer.tsx'
import { Empty } from '../../components/Empty.tsx'
import { Page } from '../../components/Page.tsx'
import { RoleButton } from '../../components/RoleButton.tsx'
import { Section } from '../../components/Section.tsx'
import { useWords } from '../../i18n/words.ts'
import { TransactionDialog } from '../../transactions/TransactionDialog.tsx'
import { KillDialog } from './KillDialog.tsx'
import { ReloadKeysButton } from './ReloadKeysButton.tsx'
import { RotationStepper } from './RotationStepper.tsx'
import { SignerTable } from './SignerTable.tsx'
import { signerWords } from './words.ts'

export function SignersPage() {
  const words = useWords(signerWords)
  const query = useApiQuery<SignersView>({ path: 'signers', live: ['signer', 'block', 'treasury', 'brake'] })
  const treasuryKey =
    useApiQuery<TreasuryView>({ path: 'treasury', live: ['treasury'] }).data?.treasuryKey ?? null
  const [isKilling, setIsKilling] = useState(false)
  const [removal, setRemoval] = useState<{
    readonly signer: string
    readonly prepared: PreparedTransaction
  }>()
  return (
    <Page
      title={words.title}
      description={words.intro}
      actions={
        <>
          <ReloadKeysButton />
          <RoleButton
            least="admin"
            color="red"
            leftSection={<IconHandStop size={16} aria-hidden />}
            disabled={query.data === undefined}
            onClick={() => setIsKilling(true)}
          >
            {words.kill}
          </RoleButton>
        </>
      }
    >
      <Answer query={query}>
        {view => (
          <>
            {removal !== undefined && (
              <Alert color="red" role="status" title={words.killing.done}>
                {words.killing.next}
              </Alert>
            )}
            <Section title={words.title}>
              {view.items.length === 0 ? (
                <Empty title={words.empty}>{words.emptyNext}</Empty>
              ) : (
                <SignerTable view={view} treasuryKey={treasuryKey} />
              )}
            </Section>
            <RotationStepper view={view} treasuryKey={treasuryKey} />
            {isKilling && (
              <KillDialog
                view={view}
                onClose={() => setIsKilling(false)}
                onKilled={(signer, { executed, removal: prepared }) => {
                  setIsKilling(false)
                  if (executed === null) setRemoval({ signer, prepared })
                }}
              />
            )}
          </>
        )}
      </Answer>
      {removal !== undefined && (
        <TransactionDialog
          wanted={{ kind: 'removeSigner', signer: removal.signer }}
          prepared={removal.prepared}
          treasuryKey={treasuryKey}
          onClose={() => setRemoval(undefined)}
        />
      )}
    </Page>
  )
}
