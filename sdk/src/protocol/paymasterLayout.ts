// Where the fields of paymasterAndData stand: PaymasterData.sol and Erc20Terms.sol in TypeScript, and nowhere else.
/** In bytes from the beginning: first what every paymaster has, then a ComputePaymaster's own. */
export const paymasterLayout = {
  verificationGasLimit: 20,
  postOpGasLimit: 36,
  mode: 52,
  validUntil: 53,
  validAfter: 59,
  policyId: 65,
  sponsorTermsEnd: 81,
  markupBps: 81,
  maxChargeWei: 83,
  paidTermsEnd: 99,
  erc20Token: 99,
  erc20Rate: 119,
  erc20TermsEnd: 135,
} as const

export const paymasterSignatureBytes = 65

/** The modes as the contract numbers them. */
export const paymasterModeNumber = { sponsor: 0, token: 1, tokenDeferred: 2, tank: 3, erc20: 4 } as const
