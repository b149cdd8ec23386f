// What stops a devnet from starting or running, in words for the person who typed the command.

export class DevnetError extends Error {
  override name = 'DevnetError'
}
