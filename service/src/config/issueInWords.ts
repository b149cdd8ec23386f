// What is wrong with a field of a file that a person wrote. Zod's own words for the commonest mistakes ("Invalid input:
// expected string, received undefined") are for programmers.
import type { z } from 'zod'

const words: Readonly<Record<string, string>> = {
  string: 'text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false, without quotes',
  array: 'a list, in [ ]',
  tuple: 'a list, in [ ]',
  object: 'an object, in { }',
  record: 'an object, in { }',
  undefined: 'left out',
}

/** Goes on after the field's name: `is missing`. A schema's own message stays as it is. */
export function issueInWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    return `has no field ${issue.keys.map(key => `"${key}"`).join(', ')}: mend its name, or take it out`
  }
  const [, expected, received] = /^Invalid input: expected (\w+), received (\w+)$/.exec(issue.message) ?? []
  if (expected === undefined || received === undefined) return issue.message
  if (received === 'undefined') return 'is missing'
  return `must be ${words[expected] ?? expected}, but is ${words[received] ?? received}`
}
