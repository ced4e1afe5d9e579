/**
 * `downpour inspect`: octets in hexadecimal digits go in, one JSON object a line comes out. For logs of any
 * length: what is read is described and forgotten.
 */

import { HOUSEKEEPING_APID } from './decode/housekeeping-tally.ts'
import { inspectKiss } from './inspect/describe-kiss.ts'
import {
  type Described,
  inspectPacket,
  inspectPdu,
  inspectTcFrame,
  inspectTmFrame,
  refused,
} from './inspect/describe-link.ts'
import { hexLines, parseHex } from './inspect/hex-lines.ts'
import { count, flag, readCommandLine, UsageError } from './options.ts'

export interface Streams {
  readonly stdin: AsyncIterable<Uint8Array>
  readonly stdout: NodeJS.WritableStream
}

/** Resolves with 0, or with 1 if anything was malformed. @throws UsageError */
export async function inspect(args: string[], streams: Streams = process): Promise<number> {
  const [what = '', ...rest] = args
  if (what === '--help' || what === '-h') {
    streams.stdout.write(`${USAGE}\n`)
    return 0
  }
  const task = readTask(what, rest)
  if (task === undefined) return 0
  const { describe, operands } = task
  const items = operands.length > 0 ? [operands] : hexLines(streams.stdin)
  return await describeAll(items, describe, streams.stdout)
}

type Describe = (octets: Uint8Array) => Described

interface Task {
  readonly describe: Describe
  readonly operands: readonly string[]
}

function readTask(what: string, args: readonly string[]): Task | undefined {
  if (what === 'pdu') return readPduTask(args)
  if (what === 'packet') return readPacketTask(args)
  if (what === 'frame') return readFrameTask(args)
  if (what === 'kiss') return readKissTask(args)
  throw new UsageError(`Cannot inspect "${what}": pdu, packet, frame and kiss are known\n${USAGE}`)
}

function readPduTask(args: readonly string[]): Task | undefined {
  const given = readCommandLine(PDU, args)
  return given && { describe: inspectPdu, operands: given.operands }
}

function readPacketTask(args: readonly string[]): Task | undefined {
  const given = readCommandLine(PACKET, args)
  return (
    given && {
      describe: octets => inspectPacket(octets, given.values.apid, given.values.housekeeping),
      operands: given.operands,
    }
  )
}

function readKissTask(args: readonly string[]): Task | undefined {
  const given = readCommandLine(LINE, args)
  return given && { describe: inspectKiss, operands: given.operands }
}

function readFrameTask(args: readonly string[]): Task | undefined {
  const given = readCommandLine(FRAME, args)
  if (given === undefined) return undefined
  const options = { fecf: !given.values['no-fecf'], ocf: given.values.ocf }
  const inspectFrame = given.values.tc ? inspectTcFrame : inspectTmFrame
  return { describe: octets => inspectFrame(octets, options), operands: given.operands }
}

async function describeAll(
  items: Iterable<readonly string[]> | AsyncIterable<readonly string[]>,
  describe: Describe,
  output: NodeJS.WritableStream,
): Promise<number> {
  let status = 0
  for await (const texts of items) {
    let lines = ''
    for (const text of texts) {
      const item = parseHex(text)
      const described = item.kind === 'octets' ? describe(item.octets) : refused(item)
      if (!described.good) status = 1
      lines += `${JSON.stringify(described.description)}\n`
    }
    // Whoever reads has read enough: nothing is wrong.
    if (!(await written(output, lines))) return status
  }
  return status
}

/** Resolves when the reader is ready for more; with false if there is no reader any more. */
async function written(output: NodeJS.WritableStream, text: string): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' ? resolve(false) : reject(error)
    output.once('error', onError)
    output.write(text, error => {
      if (error) return onError(error)
      output.off('error', onError)
      resolve(true)
    })
  })
}

const ABOUT_INPUT = `HEX: an item in hexadecimal digits, blanks allowed. Without any, items are read from standard input, one a
line; empty lines and what follows a # are skipped.`

const NOTES = `${ABOUT_INPUT}
Exit code: 0, or 1 if anything was malformed; of that the line says why, and at which octet.`

const ITEMS = [0, Number.MAX_SAFE_INTEGER] as const

const PDU = {
  synopsis: 'downpour inspect pdu [HEX...]',
  about: 'Says what CFDP PDUs say, as one JSON object a line.',
  options: {},
  notes: NOTES,
  operands: ITEMS,
}

const PACKET = {
  synopsis: 'downpour inspect packet [HEX...] [--apid N] [--housekeeping N]',
  about: 'Says what space packets say, and the PDU or the housekeeping in them if there is one.',
  options: {
    apid: count('packets of this APID must hold a PDU; others may'),
    housekeeping: count('housekeeping is in packets of this APID', String(HOUSEKEEPING_APID)),
  },
  notes: NOTES,
  operands: ITEMS,
}

const FRAME = {
  synopsis: 'downpour inspect frame [HEX...] [--tc] [--ocf] [--no-fecf]',
  about:
    'Says what transfer frames say (no marker, no check symbols), and the packets that lie whole in them.',
  options: {
    tc: flag('TC frames instead of TM frames'),
    ocf: flag('every TM frame must have an operational control field'),
    'no-fecf': flag('frames do not end with a frame error control field'),
  },
  notes: NOTES,
  operands: ITEMS,
}

const LINE = {
  synopsis: 'downpour inspect kiss [HEX...]',
  about:
    'Says which KISS frames are in octets of a line, and when they were heard, where it says so.',
  options: {},
  notes: NOTES,
  operands: ITEMS,
}

const USAGE = `usage: downpour inspect pdu|packet|frame|kiss [HEX...]

Says what octets say, as one JSON object a line. See also downpour inspect frame --help.

${NOTES}`
