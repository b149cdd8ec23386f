// A file or key that the command was pointed to is none: exit code 78 (EX_CONFIG of sysexits.h), no retry mends it.

export class SettingError extends Error {
  override name = 'SettingError'
}
