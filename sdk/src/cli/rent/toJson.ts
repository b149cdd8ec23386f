// JSON for programs: amounts and ids in decimal digits, since no number of JSON holds them.

export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, field) => (typeof field === 'bigint' ? field.toString() : field), 2)
}
