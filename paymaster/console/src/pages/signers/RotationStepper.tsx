// The rotation of the signer, step by step, where it stands; each step has the one button that leads on.
import { Stepper, Title, useMatches } from '@mantine/core'
import { useState } from 'react'
import type { SignersView } from '../../../../src/admin/signers/schema.ts'
import type { TransactionRequest } from '../../../../src/admin/treasury/schema.ts'
import { Section } from '../../components/Section.tsx'
import { useWords } from '../../i18n/words.ts'
import { TransactionDialog, type TreasuryKey } from '../../transactions/TransactionDialog.tsx'
import { RotationStepContent } from './RotationStepContent.tsx'
import { rotationOf, rotationSteps } from './rotation.ts'
import { signerWords } from './words.ts'

export function RotationStepper({
  view,
  treasuryKey,
}: {
  readonly view: SignersView
  readonly treasuryKey: TreasuryKey
}) {
  const words = useWords(signerWords).rotation
  const orientation = useMatches({ base: 'vertical', md: 'horizontal' } as const)
  const [wanted, setWanted] = useState<TransactionRequest>()
  const rotation = rotationOf(view)
  const active = rotationSteps.indexOf(rotation.step)
  return (
    <Section title={words.title} description={words.intro}>
      <Stepper active={active} orientation={orientation} size="sm" allowNextStepsSelect={false}>
        {rotationSteps.map(step => (
          <Stepper.Step
            key={step}
            label={words.steps[step].short}
            aria-current={step === rotation.step ? 'step' : undefined}
          />
        ))}
      </Stepper>
      <Title order={3} size="h5">
        {words.steps[rotation.step].title}
      </Title>
      <RotationStepContent rotation={rotation} view={view} onWanted={setWanted} />
      {/* It outlasts the step that opened it: what it did leads to the next one. */}
      {wanted !== undefined && (
        <TransactionDialog wanted={wanted} treasuryKey={treasuryKey} onClose={() => setWanted(undefined)} />
      )}
    </Section>
  )
}
