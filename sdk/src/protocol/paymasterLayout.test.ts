import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { paymasterLayout, paymasterModeNumber, paymasterSignatureBytes } from './paymasterLayout.ts'

const libraries = ['PaymasterData', 'Erc20Terms'].map(name =>
  readFileSync(new URL(`../../../contracts/src/paymaster/${name}.sol`, import.meta.url), 'utf8'),
)
const constants = Object.fromEntries(
  [...libraries.join().matchAll(/uint(?:8|256) internal constant (\w+) = (\d+);/g)].map(
    ([, name, value]) => [name, Number(value)] as const,
  ),
)

describe('the layout of paymasterAndData', () => {
  it("is that of the contracts' libraries, field by field", () => {
    expect({
      VERIFICATION_GAS_AT: paymasterLayout.verificationGasLimit,
      POST_OP_GAS_AT: paymasterLayout.postOpGasLimit,
      MODE_AT: paymasterLayout.mode,
      VALID_UNTIL_AT: paymasterLayout.validUntil,
      VALID_AFTER_AT: paymasterLayout.validAfter,
      POLICY_ID_AT: paymasterLayout.policyId,
      MARKUP_AT: paymasterLayout.markupBps,
      MAX_CHARGE_AT: paymasterLayout.maxChargeWei,
      SPONSOR_TERMS_END: paymasterLayout.sponsorTermsEnd,
      PAID_TERMS_END: paymasterLayout.paidTermsEnd,
      SIGNATURE_LENGTH: paymasterSignatureBytes,
      SPONSOR: paymasterModeNumber.sponsor,
      TOKEN: paymasterModeNumber.token,
      TOKEN_DEFERRED: paymasterModeNumber.tokenDeferred,
      TANK: paymasterModeNumber.tank,
      ERC20: paymasterModeNumber.erc20,
      ERC20_TOKEN_AT: paymasterLayout.erc20Token,
      ERC20_RATE_AT: paymasterLayout.erc20Rate,
      ERC20_TERMS_END: paymasterLayout.erc20TermsEnd,
    }).toEqual(constants)
  })
})
