// What may be done with one signer outside of the rotation's order.
import { Group } from '@mantine/core'
import { useState } from 'react'
import type { SignersView, SignerView } from '../../../../src/admin/signers/schema.ts'
import { RoleButton } from '../../components/RoleButton.tsx'
import { shortHex } from '../../format/hex.ts'
import { useWords } from '../../i18n/words.ts'
import { TransactionDialog, type TreasuryKey } from '../../transactions/TransactionDialog.tsx'
import { actionsFor, type SignerAction } from './rotation.ts'
import { useActivate } from './useActivate.ts'
import { signerWords } from './words.ts'

export function SignerActions({
  signer,
  view,
  treasuryKey,
}: {
  readonly signer: SignerView
  readonly view: SignersView
  readonly treasuryKey: TreasuryKey
}) {
  const words = useWords(signerWords)
  const activate = useActivate()
  const [wanted, setWanted] = useState<'trustSigner' | 'removeSigner'>()
  const begin = (action: SignerAction): void => {
    if (action === 'activate') activate.mutate(signer.address)
    else setWanted(action === 'trust' ? 'trustSigner' : 'removeSigner')
  }
  const actions = actionsFor(signer, view.neededTrustBlocks)
  return (
    <Group gap={6}>
      {actions.length === 0 && '–'}
      {actions.map(action => (
        <RoleButton
          key={action}
          least="admin"
          size="xs"
          variant="default"
          aria-label={words.actionOf(words.actions[action], shortHex(signer.address))}
          onClick={() => begin(action)}
        >
          {words.actions[action]}
        </RoleButton>
      ))}
      {/* It outlasts the button that opened it: what it did takes that button away. */}
      {wanted !== undefined && (
        <TransactionDialog
          wanted={{ kind: wanted, signer: signer.address }}
          treasuryKey={treasuryKey}
          onClose={() => setWanted(undefined)}
        />
      )}
    </Group>
  )
}
