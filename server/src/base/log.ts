/** Values beside a log message. What people said goes under keys that start with `content.`. */
export type LogFields = Readonly<Record<string, unknown>>

/** A log: a fixed message and fields. The system form is in `system-log.ts`. */
export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** A log that adds `fields` to every line. */
  with(fields: LogFields): Log
}

/** A log that says nothing. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  with: () => silentLog,
}
