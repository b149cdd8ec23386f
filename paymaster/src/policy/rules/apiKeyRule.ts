// Whose API key may use a policy.
import { deny } from '../../denial.ts'
import { pass, type Rule, refuseBy } from './rule.ts'

export const judgeApiKey: Rule = (policy, { apiKeyId }) => {
  const { id, apiKeys } = policy
  if (apiKeys === undefined) return pass('apiKey', 'apiKeyNotNeeded')
  if (apiKeyId !== undefined && apiKeys.has(apiKeyId)) return pass('apiKey', 'apiKeyAllowed', { apiKeyId })
  return refuseBy(
    'apiKey',
    deny(
      'apiKeyNotAllowed',
      {
        problem:
          apiKeyId === undefined
            ? `Policy "${id}" serves callers with an API key only`
            : `Policy "${id}" does not serve the API key ${apiKeyId}`,
        remedy: 'ask the operator for a key that it serves',
      },
      { policyId: id },
    ),
  )
}
