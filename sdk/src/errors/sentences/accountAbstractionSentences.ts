// Errors of the EntryPoint v0.7 and of SimpleAccount, in words.
import type { ContractErrorName } from 'viem'
import type { entryPoint07Abi } from '../../abi/entryPoint07.ts'
import type { simpleAccountAbi } from '../../abi/simpleAccount.ts'
import type { Sentences } from './sentence.ts'

export const entryPointSentences: Sentences<
  typeof entryPoint07Abi,
  ContractErrorName<typeof entryPoint07Abi>
> = {
  FailedOp: ([, reason]) => ({
    problem: `The EntryPoint refused the operation: ${reason}.`,
    remedy:
      'Prepare the operation again; the code AAxx says which part it was (AA1 factory, AA2 account, AA3 paymaster).',
  }),
  FailedOpWithRevert: ([, reason]) => ({
    problem: `The EntryPoint refused the operation: ${reason}.`,
    remedy: 'Prepare the operation again; what reverted inside says more.',
  }),
  PostOpReverted: () => ({
    problem: "The paymaster's last step (postOp) failed, so the operation was undone.",
    remedy: 'Keep enough tokens and allowance for the gas at the end of the calls.',
  }),
  SignatureValidationFailed: ([aggregator]) => ({
    problem: `The aggregator ${aggregator} does not accept the signature.`,
    remedy: 'Use an account without signature aggregator.',
  }),
  ReentrancyGuardReentrantCall: () => ({
    problem: 'A user operation may not call back into the EntryPoint.',
    remedy: 'Leave calls to the EntryPoint out of the operation.',
  }),
  DelegateAndRevert: ([success]) => ({
    problem: `A simulated delegate call ${success ? 'succeeded' : 'failed'}; the EntryPoint always undoes it.`,
    remedy: 'This is the answer of a simulation, not a failure.',
  }),
  SenderAddressResult: ([sender]) => ({
    problem: `The account's address is ${sender}.`,
    remedy: 'This is the answer of getSenderAddress, not a failure.',
  }),
}

export const simpleAccountSentences: Sentences<
  typeof simpleAccountAbi,
  ContractErrorName<typeof simpleAccountAbi>
> = {
  AddressEmptyCode: ([target]) => ({
    problem: `There is no contract at ${target}.`,
    remedy: 'Check the address and the chain.',
  }),
  ECDSAInvalidSignature: () => ({
    problem: 'The signature is malformed.',
    remedy: 'Sign the operation again.',
  }),
  ECDSAInvalidSignatureLength: ([length]) => ({
    problem: `The signature is ${length} bytes long instead of 65.`,
    remedy: 'Sign the operation again.',
  }),
  ECDSAInvalidSignatureS: () => ({
    problem: 'The signature is malleable: its s is in the upper half.',
    remedy: 'Sign the operation again with a library that gives low s values.',
  }),
  ERC1967InvalidImplementation: ([implementation]) => ({
    problem: `${implementation} cannot be the account's new implementation.`,
    remedy: 'Upgrade to a deployed implementation.',
  }),
  ERC1967NonPayable: () => ({
    problem: 'This upgrade takes no native coin.',
    remedy: 'Send it without value.',
  }),
  FailedInnerCall: () => ({
    problem: 'One of the calls failed without giving a reason.',
    remedy: 'Simulate the calls one by one to find which.',
  }),
  InvalidInitialization: () => ({
    problem: 'The account is initialised already.',
    remedy: 'Use the account as it is.',
  }),
  NotInitializing: () => ({
    problem: 'This runs only while the account is being created.',
    remedy: 'Leave the call out.',
  }),
  UUPSUnauthorizedCallContext: () => ({
    problem: "An upgrade must go through the account's proxy.",
    remedy: "Call the account's own address.",
  }),
  UUPSUnsupportedProxiableUUID: () => ({
    problem: 'The new implementation is not upgradeable in the same way (UUPS).',
    remedy: 'Upgrade to a UUPS implementation.',
  }),
}
