// A button that changes something: for who may not, it stays visible, does nothing, and says why.
import { Button, type ButtonProps, Tooltip } from '@mantine/core'
import type { ComponentPropsWithoutRef } from 'react'
import type { Role } from '../../../src/admin/adminEnvironment.ts'
import { useRoleProblem } from '../api/session.ts'

type Properties = ButtonProps &
  Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps> & {
    readonly least: Role
    /** Another reason why it does nothing now. */
    readonly because?: string | undefined
  }

export function RoleButton({ least, because, disabled, onClick, ...rest }: Properties) {
  const problem = useRoleProblem(least) ?? because
  const isOff = problem !== undefined || disabled === true
  return (
    <Tooltip
      label={problem}
      disabled={problem === undefined}
      multiline
      maw={320}
      events={{ hover: true, focus: true, touch: true }}
    >
      {/* Not `disabled`: what has no focus cannot say why. */}
      <Button
        {...rest}
        title={problem}
        aria-disabled={isOff}
        data-disabled={isOff}
        onClick={event => {
          if (isOff) event.preventDefault()
          else onClick?.(event)
        }}
      />
    </Tooltip>
  )
}
