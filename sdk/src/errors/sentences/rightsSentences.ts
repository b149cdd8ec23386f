// UsageRights' errors in words.
import type { ContractErrorName } from 'viem'
import type { usageRightsAbi } from '../../abi/usageRights.ts'
import { fromActBits } from '../../actions/rights/rightActs.ts'
import { amount } from './amount.ts'
import type { OpenZeppelinErrorName } from './openZeppelinSentences.ts'
import type { Sentences } from './sentence.ts'

export type RightsErrorName = Exclude<ContractErrorName<typeof usageRightsAbi>, OpenZeppelinErrorName>

export const rightsSentences: Sentences<typeof usageRightsAbi, RightsErrorName> = {
  UnknownRight: ([rightId]) => ({
    problem: `There is no usage right ${rightId}.`,
    remedy: 'Take the id from the event that granted it.',
  }),
  RightNotInForce: ([rightId]) => ({
    problem: `Usage right ${rightId}, or one above it, is revoked, ended or expired.`,
    remedy: 'Ask whoever granted it for a new one.',
  }),
  ActNotAllowed: ([rightId, acts]) => ({
    problem: `Usage right ${rightId} does not allow all of this: ${fromActBits(acts).join(', ') || acts}.`,
    remedy: 'Use, or grant, only what the right itself allows.',
  }),
  NoActs: () => ({
    problem: 'A usage right must allow something.',
    remedy: 'Grant at least one act.',
  }),
  EndpointNotAllowed: ([rightId, endpointHash]) => ({
    problem: `Usage right ${rightId} is not for the endpoint ${endpointHash}.`,
    remedy: 'Use the endpoint that the right names.',
  }),
  ExpiryOutOfRange: ([expires, parentExpires]) => ({
    problem: `It cannot expire at ${expires}.`,
    remedy: `Choose a time in the future, at the latest ${parentExpires}: a right ends with its parent, a session with the offer's longest duration.`,
  }),
  BudgetExceeded: ([rightId, requestedWei, restWei]) => ({
    problem: `${amount(requestedWei)} are asked of usage right or session ${rightId}, which has ${amount(restWei)} left.`,
    remedy: 'Ask for less, or have its budget raised.',
  }),
  TooDeep: ([maximumDepth]) => ({
    problem: `Rights can be passed on ${maximumDepth} times at most.`,
    remedy: 'Grant from a right higher up.',
  }),
  NotRevokableBy: ([rightId, caller]) => ({
    problem: `${caller} may not revoke usage right ${rightId}.`,
    remedy: 'Its owner, or the owner of a right above it, can.',
  }),
  RootNotRevokable: ([rightId]) => ({
    problem: `Usage right ${rightId} lives as long as its lease or session.`,
    remedy: 'Stop the lease or close the session instead.',
  }),
  AlreadyRevoked: ([rightId]) => ({
    problem: `Usage right ${rightId} has been revoked or ended before.`,
    remedy: 'There is nothing left to do.',
  }),
  NoLongerHonoured: ([rightId, deadRightId]) => ({
    problem: `Payments under usage right ${rightId} are not honoured any more, because of right ${deadRightId}.`,
    remedy: 'Redeem vouchers sooner; this one is lost.',
  }),
  NotHolder: ([rightId, account]) => ({
    problem: `${account} does not hold usage right ${rightId}.`,
    remedy: "Act as the right's owner or as its user.",
  }),
  NotRightOf: ([rightId, agreementId]) => ({
    problem: `Usage right ${rightId} does not belong to agreement ${agreementId}.`,
    remedy: 'Take a right that was granted from that lease or session.',
  }),
  ERC721IncorrectOwner: ([sender, rightId, owner]) => ({
    problem: `Right or model ${rightId} belongs to ${owner}, not to ${sender}.`,
    remedy: 'Transfer it from its owner.',
  }),
  ERC721InsufficientApproval: ([operator, rightId]) => ({
    problem: `${operator} may not act for right or model ${rightId}.`,
    remedy: 'Act as its owner, or be approved first.',
  }),
  ERC721InvalidApprover: ([approver]) => ({
    problem: `${approver} cannot approve.`,
    remedy: 'Approve as the owner.',
  }),
  ERC721InvalidOperator: ([operator]) => ({
    problem: `${operator} cannot be approved.`,
    remedy: 'Approve an address other than zero.',
  }),
  ERC721InvalidOwner: ([owner]) => ({
    problem: `${owner} cannot own a right or model.`,
    remedy: 'Ask about an address other than zero.',
  }),
  ERC721InvalidReceiver: ([receiver]) => ({
    problem: `${receiver} cannot receive rights or models.`,
    remedy: 'Send it to an account that takes ERC-721 tokens.',
  }),
  ERC721InvalidSender: ([sender]) => ({
    problem: `${sender} cannot send rights or models.`,
    remedy: 'Send it from its owner.',
  }),
  ERC721NonexistentToken: ([rightId]) => ({
    problem: `There is no right or model ${rightId}.`,
    remedy: 'Take the id from the event that granted or minted it.',
  }),
}
