import pino from 'pino'
import type { Log, LogFields } from './log.ts'

/** JSON lines on standard error, so that standard output stays for what the operator reads. */
export function systemLog(options: { readonly level: string; readonly content: boolean }): Log {
  const root = pino({ level: options.level, base: null }, pino.destination({ dest: 2, sync: true }))
  return wrap(root, options.content)
}

function wrap(logger: pino.Logger, content: boolean): Log {
  const clean = (fields: LogFields | undefined): LogFields =>
    content || fields === undefined ? (fields ?? {}) : withoutContent(fields)
  const isDebug = logger.isLevelEnabled('debug')
  return {
    debug: (message, fields) => {
      if (isDebug) logger.debug(clean(fields), message)
    },
    info: (message, fields) => logger.info(clean(fields), message),
    warn: (message, fields) => logger.warn(clean(fields), message),
    error: (message, fields) => logger.error(clean(fields), message),
    with: (fields) => wrap(logger.child(clean(fields)), content),
  }
}

const withoutContent = (fields: LogFields): LogFields =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => !key.startsWith('content.')))
