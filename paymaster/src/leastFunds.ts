// What one operation, and one transaction of the treasury, may cost at the fees of now: with less, nothing goes.

/** Of an ordinary operation with its account's deployment. */
const operationGas = 500_000n
/** To fill the deposit up. */
const refillGas = 150_000n
/** Miners on WorldLand take no less. */
const minersTipWei = 1_000_000_000n

/** As wallets do, for a base fee that may double meanwhile. */
function feePerGasWei(baseFeePerGas: bigint): bigint {
  return 2n * baseFeePerGas + minersTipWei
}

/** `leaderTipWei`: what the bundler in turn is given beside. */
export function leastDepositWei(baseFeePerGas: bigint, leaderTipWei: bigint): bigint {
  return operationGas * feePerGasWei(baseFeePerGas) + leaderTipWei
}

export function leastTreasuryWei(baseFeePerGas: bigint): bigint {
  return refillGas * feePerGasWei(baseFeePerGas)
}
