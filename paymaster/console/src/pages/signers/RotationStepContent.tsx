// What the step of a rotation asks for.
import { Alert, Group, Stack, Text } from '@mantine/core'
import type { SignersView } from '../../../../src/admin/signers/schema.ts'
import type { TransactionRequest } from '../../../../src/admin/treasury/schema.ts'
import { Hex } from '../../components/Hex.tsx'
import { RoleButton } from '../../components/RoleButton.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { ExpiryCountdown } from './ExpiryCountdown.tsx'
import { ReloadKeysButton } from './ReloadKeysButton.tsx'
import type { Rotation } from './rotation.ts'
import { useActivate } from './useActivate.ts'
import { signerWords } from './words.ts'

export function RotationStepContent({
  rotation: { step, next, old },
  view,
  onWanted,
}: {
  readonly rotation: Rotation
  readonly view: SignersView
  /** To be prepared, shown and sent. */
  readonly onWanted: (wanted: TransactionRequest) => void
}) {
  const { steps } = useWords(signerWords).rotation
  const language = useLanguage()
  const activate = useActivate()
  if (step === 'key') {
    return (
      <Stack gap="sm" align="flex-start">
        <Text size="sm" className="wraps">
          {view.keyFile === null ? steps.key.noFile : steps.key.text(view.keyFile)}
        </Text>
        <ReloadKeysButton />
      </Stack>
    )
  }
  if (step === 'trust' && next !== undefined) {
    const { address, isTrusted, trustedBlocks } = next
    return (
      <Stack gap="sm" align="flex-start">
        <Text size="sm" component="div">
          {steps.trust.text} <Hex value={address} />
        </Text>
        {isTrusted ? (
          <Alert color="blue" role="status">
            {steps.trust.waiting(count(trustedBlocks, language), count(view.neededTrustBlocks, language))}{' '}
            {steps.trust.waitingHint}
          </Alert>
        ) : (
          <RoleButton least="admin" onClick={() => onWanted({ kind: 'trustSigner', signer: address })}>
            {steps.trust.act}
          </RoleButton>
        )}
      </Stack>
    )
  }
  if (step === 'activate' && next !== undefined) {
    return (
      <Stack gap="sm" align="flex-start">
        <Text size="sm" component="div">
          {steps.activate.text} <Hex value={next.address} />
        </Text>
        <RoleButton least="admin" loading={activate.isPending} onClick={() => activate.mutate(next.address)}>
          {steps.activate.act}
        </RoleButton>
      </Stack>
    )
  }
  if (old === undefined) return null
  return (
    <Stack gap="sm">
      <Text size="sm" component="div">
        {step === 'wait' ? steps.wait.text : steps.remove.text} <Hex value={old.address} />
      </Text>
      {step === 'wait' ? (
        <ExpiryCountdown old={old} view={view} />
      ) : (
        <Group>
          <RoleButton least="admin" onClick={() => onWanted({ kind: 'removeSigner', signer: old.address })}>
            {steps.remove.act}
          </RoleButton>
        </Group>
      )}
    </Stack>
  )
}
