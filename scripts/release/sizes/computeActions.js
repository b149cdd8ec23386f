// By the package's entry, which must let go of everything else.
import { computeActions } from '@worldland-aa/sdk'

export const decorate = contracts => computeActions({ contracts })
