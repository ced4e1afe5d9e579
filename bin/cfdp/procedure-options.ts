/** How an end asks, waits, judges a file, and what it does about faults. */
import { CONDITION } from '../../protocol/cfdp/condition.ts'
import type { FaultHandler, FaultHandlers } from '../../protocol/cfdp/fault-handlers.ts'
import type { RemoteChoice } from '../../protocol/cfdp/remote.ts'
import { count, duration, type Given, size, UsageError, valued } from '../options.ts'

const NAK_MODES = ['immediate', 'deferred', 'prompted', 'asynchronous'] as const
const nakMode = valued('MODE', typed => oneOf(typed, NAK_MODES))

const VERIFICATIONS = { 'read-back': 'read back', stream: 'stream' } as const
const verification = valued('HOW', typed => {
  const names = Object.keys(VERIFICATIONS) as (keyof typeof VERIFICATIONS)[]
  return VERIFICATIONS[oneOf(typed, names)]
})

/** checksum=ignore,inactivity=suspend */
export const faultHandlers = valued('FAULT=HANDLER,...', (typed): FaultHandlers => {
  const handlers: Partial<Record<number, FaultHandler>> = {}
  for (const rule of typed.split(',')) {
    const [fault = '', handler = '', ...rest] = rule.split('=')
    if (rest.length > 0) throw new UsageError(`"${rule}": such as checksum=ignore is needed`)
    const names = Object.keys(FAULTS) as (keyof typeof FAULTS)[]
    handlers[FAULTS[oneOf(fault, names)]] = oneOf(handler, HANDLERS)
  }
  return handlers
})

export const PROCEDURE_OPTIONS = {
  nak: nakMode(
    'what is missing is asked for at once (immediate), or at the end: deferred, prompted, asynchronous',
    'immediate',
  ),
  reorder: duration(
    'what is late may come out of order for so long, before it is asked for',
    '100ms',
  ),
  'hold-off': duration('and so long at the end', '0s'),
  'keep-alive': duration('how often a receiver says how far it has got; 0: never', '0s'),
  'keep-alive-limit': size('octets that a receiver may be behind when it says so'),
  verify: verification(
    'a file that came is judged as it is on the disk (read-back), or as it came (stream)',
    'read-back',
  ),
  'open-octets': size('octets of all files that are being received, together', '256G'),
  'again-max': count('how often all of a file is sent again, whoever asks for it', '32'),
  fault: faultHandlers(
    'what is done about a fault: cancel, suspend, ignore or abandon; such as checksum=ignore,inactivity=abandon',
  ),
}

/** These options as what is known of the remote entity. */
export function proceduresOf(values: Given<typeof PROCEDURE_OPTIONS>['values']) {
  const { fault = {}, nak, reorder, verify } = values
  const keepAliveOctetsMax = values['keep-alive-limit']
  return {
    verify,
    limits: { openOctetsMax: values['open-octets'] },
    sending: {
      againRatioMax: values['again-max'],
      faultHandlers: fault,
      ...(keepAliveOctetsMax === undefined ? {} : { keepAliveOctetsMax }),
    },
    receiving: {
      nakMode: nak,
      reorderMs: reorder,
      holdOffMs: values['hold-off'],
      keepAliveMs: values['keep-alive'],
      faultHandlers: fault,
    },
  } satisfies Partial<RemoteChoice>
}

function oneOf<Name extends string>(typed: string, names: readonly Name[]): Name {
  const found = names.find(name => name === typed)
  if (found !== undefined) return found
  throw new UsageError(`"${typed}": one of ${names.join(', ')} is needed`)
}

const HANDLERS = ['cancel', 'suspend', 'ignore', 'abandon'] as const satisfies FaultHandler[]

const FAULTS = {
  'ack-limit': CONDITION.positiveAckLimitReached,
  'keep-alive-limit': CONDITION.keepAliveLimitReached,
  filestore: CONDITION.filestoreRejection,
  checksum: CONDITION.fileChecksumFailure,
  size: CONDITION.fileSizeError,
  'nak-limit': CONDITION.nakLimitReached,
  inactivity: CONDITION.inactivityDetected,
  'check-limit': CONDITION.checkLimitReached,
  'checksum-type': CONDITION.unsupportedChecksumType,
} as const
