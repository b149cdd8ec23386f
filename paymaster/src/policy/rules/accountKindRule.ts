// Which kinds of accounts a policy sponsors, by the code they have: a proxy by its own and by its implementation's, since
// anybody can write a contract that names a well-known implementation and does something else.
import { deny } from '../../denial.ts'
import { pass, type Rule, refuseBy } from './rule.ts'

export const judgeAccountKind: Rule = (policy, { operation, facts }) => {
  const { accountKinds, id } = policy
  if (accountKinds === undefined) return pass('accountKind', 'accountAnyKind')
  const account = facts?.account
  if (account !== undefined && account.codeHash === undefined) {
    return operation.factory === undefined
      ? refuseBy(
          'accountKind',
          deny('accountKindNotAllowed', noAccount(id, operation.sender), { policyId: id }),
        )
      : pass('accountKind', 'accountNotDeployed')
  }
  const kind = accountKinds.find(
    ({ codeHash, implementationCodeHash }) =>
      account?.codeHash === codeHash &&
      (implementationCodeHash === undefined || account.implementationCodeHash === implementationCodeHash),
  )
  if (kind?.name !== undefined) return pass('accountKind', 'accountKind', { kind: kind.name })
  if (kind !== undefined) return pass('accountKind', 'accountCode', { codeHash: kind.codeHash })
  const behind =
    account?.implementationCodeHash === undefined
      ? ''
      : `, before an implementation of ${account.implementationCodeHash}`
  return refuseBy(
    'accountKind',
    deny(
      'accountKindNotAllowed',
      {
        problem: `Policy "${id}" does not sponsor accounts of this kind: the code of ${operation.sender} has the hash ${account?.codeHash ?? 'that could not be read'}${behind}`,
        remedy: 'use an account of a kind that it names, or pay in the token',
      },
      {
        policyId: id,
        codeHash: account?.codeHash,
        implementationCodeHash: account?.implementationCodeHash,
      },
    ),
  )
}

function noAccount(id: string, sender: string): { problem: string; remedy: string } {
  return {
    problem: `Policy "${id}" sponsors accounts of known code, and there is none at ${sender}`,
    remedy: 'deploy it by a factory that the policy names',
  }
}
