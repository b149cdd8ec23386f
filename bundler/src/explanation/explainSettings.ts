// What `worldland-bundler explain` takes: a few settings of the node, and where traces are kept.
import { optionalHttpUrl, optionalText, toggle } from '@worldland-aa/service/config/setting'
import { bundlerSettings } from '../config.ts'

const group = 'Explain'
const {
  entryPoint,
  entryPointVersion,
  fork,
  extraPrecompiles,
  minimumStakeWei,
  minimumUnstakeDelaySeconds,
  maxVerificationGas,
  verificationGasSlack,
  allowUnstakedPaymasterContext,
  maxOperationBytes,
  alternativeMempools,
  expectedBundleOperations,
  validityMarginSeconds,
} = bundlerSettings

export const explainSettings = {
  rpcUrl: optionalHttpUrl({ group, describe: 'JSON-RPC of any execution node' }),
  trace: optionalText({ group, describe: 'a saved trace to explain instead, without any node' }),
  saveTrace: optionalText({ group, describe: 'file to keep the trace in' }),
  json: toggle({ group, describe: 'answer as JSON', fallback: false }),
  entryPoint,
  entryPointVersion,
  fork,
  extraPrecompiles,
  minimumStakeWei,
  minimumUnstakeDelaySeconds,
  maxVerificationGas,
  verificationGasSlack,
  allowUnstakedPaymasterContext,
  maxOperationBytes,
  alternativeMempools,
  expectedBundleOperations,
  validityMarginSeconds,
} as const
