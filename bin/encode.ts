/** `downpour encode`: files go in, the recording of a link that carries them comes out; decode's other direction. */
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { digest } from '../hal/files/digest.ts'
import { FileSource } from '../hal/files/file-source.ts'
import { systemClock } from '../hal/system-clock.ts'
import { CHECKSUM } from '../protocol/cfdp/checksum.ts'
import { encodePdu } from '../protocol/cfdp/pdu/codec.ts'
import { SEGMENT_OCTETS_MAX } from '../protocol/cfdp/segment-size.ts'
import { SendingTransaction } from '../protocol/cfdp/sending.ts'
import type { Transmission } from '../protocol/cfdp/transmission.ts'
import { OctetWriter } from '../protocol/octets/writer.ts'
import { ABOUT_FORMATS, LINK_OPTIONS, oneOf, readLinkFormat } from './decode/link-options.ts'
import { OutputFile } from './decode/output-file.ts'
import { Progress } from './decode/progress.ts'
import { Recorder } from './encode/recorder.ts'
import {
  type Command,
  count,
  flag,
  type Given,
  type Options,
  path,
  readCommandLine,
  size,
  UsageError,
  valued,
} from './options.ts'

export async function encode(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const { values, operands } = given
  const { out } = values
  if (out === undefined) throw new UsageError('Cannot write nowhere: --out is needed')
  const recorder = recorderOf(values)
  const whole = operands.reduce((sum, operand) => sum + octetsOf(operand), 0)
  const output = await OutputFile.open(out)
  const progress = new Progress(process.stderr, systemClock, whole)
  for (const [i, operand] of operands.entries()) {
    const transmission = await transmissionOf(operand, values, values.sequence + i)
    for await (const pdu of pdusOf(operand, transmission, values.segment)) {
      for (const octets of recorder.put(pdu)) await output.write(octets)
      progress.add(pdu.length)
    }
  }
  for (const octets of recorder.end()) await output.write(octets)
  await output.close()
  progress.end()
  const report = {
    out,
    files: operands.length,
    octets: whole,
    ...recorder.counters,
    outOctets: output.octets,
  }
  const text = values.json
    ? JSON.stringify(report)
    : `${report.files} files, ${whole} octets: ${report.packets} packets, ${report.frames} frames, ${report.outOctets} octets in ${out}`
  const stream = out === '-' ? process.stderr : process.stdout
  stream.write(`${text}\n`)
  return 0
}

type Values = Given<(typeof COMMAND)['options']>['values']

function recorderOf(values: Values): Recorder {
  const { make: kind, apid, 'virtual-channel': virtualChannel } = values
  const last = kind === 'tm' ? LAST_TM_CHANNEL : LAST_AOS_CHANNEL
  if (virtualChannel > last)
    throw new UsageError(`Cannot use virtual channel ${virtualChannel}: 0 to ${last} carry packets`)
  atMost('apid', apid, LAST_APID)
  atMost('entity', values.entity, 2 ** (8 * ENTITY_OCTETS) - 1)
  atMost('peer', values.peer, 2 ** (8 * ENTITY_OCTETS) - 1)
  atMost('sequence', values.sequence, 2 ** (8 * SEQUENCE_OCTETS) - 1 - FILES_MAX)
  if (values.segment < 1 || values.segment > SEGMENT_OCTETS_MAX)
    throw new UsageError(
      `Cannot use segments of ${values.segment} octets: 1 to ${SEGMENT_OCTETS_MAX}`,
    )
  const format = readLinkFormat(values, values.spacecraft)
  return new Recorder({ format, kind, virtualChannel, apid })
}

async function transmissionOf(
  file: string,
  values: Values,
  sequence: number,
): Promise<Transmission> {
  const checksumType = CHECKSUM[values.checksum]
  const { identity, checksum } = await digest(file, checksumType)
  const name = new TextEncoder().encode(basename(file))
  return {
    source: values.entity,
    sequence,
    destination: values.peer,
    entityOctets: ENTITY_OCTETS,
    sequenceOctets: SEQUENCE_OCTETS,
    acknowledged: false,
    closureRequested: false,
    pduCrc: values['pdu-crc'],
    fileSize: identity.octets,
    checksumType,
    checksum,
    sourceName: name,
    destinationName: name,
    options: [],
  }
}

/** Each PDU is borrowed until the next is asked for. */
async function* pdusOf(
  file: string,
  transmission: Transmission,
  segmentOctets: number,
): AsyncIterable<Uint8Array> {
  const source = await FileSource.open(file, new Uint8Array(WINDOW_OCTETS))
  const transaction = new SendingTransaction(transmission, { ack: { timeoutMs: 0, triesMax: 0 } })
  const pdu = new OctetWriter(segmentOctets + HEADER_OCTETS_MAX)
  try {
    for (;;) {
      const outgoing = transaction.next(segmentOctets, 0)
      if (outgoing === undefined) return
      const { header } = outgoing
      pdu.clear()
      if (outgoing.kind === 'directive') encodePdu({ header, body: outgoing.body }, pdu)
      else {
        const { offset, length } = outgoing
        const octets = await source.read(offset, length)
        const body = { kind: 'file data', offset, octets, segmentMetadata: undefined } as const
        encodePdu({ header, body }, pdu)
      }
      yield pdu.written()
    }
  } finally {
    await source.close()
  }
}

function atMost(name: string, value: number, limit: number): void {
  if (value > limit) throw new UsageError(`Cannot use --${name} ${value}: at most ${limit}`)
}

function octetsOf(file: string): number {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found?.isFile() === true) return found.size
  throw new UsageError(`Cannot encode ${file}: it is no file`)
}

/** More than a command line holds. */
const FILES_MAX = 1_000_000
const ENTITY_OCTETS = 2
const SEQUENCE_OCTETS = 4
const HEADER_OCTETS_MAX = 64
const WINDOW_OCTETS = 256 * 1024
const LAST_TM_CHANNEL = 7
/** 63 is idle. */
const LAST_AOS_CHANNEL = 62
const LAST_APID = 2_046

const COMMAND = {
  synopsis: 'downpour encode FILE... --out RECORDING [options]',
  about: `Makes a recording of a link that carries the files: CFDP class 1, one transaction a file, space packets, frames,
codeblocks. downpour decode --files with the same options gives the files back.`,
  options: {
    out: path('the recording; - for standard output'),
    ...LINK_OPTIONS,
    make: valued('tm|aos', oneOf('tm', 'aos'))('kind of the frames', 'tm'),
    spacecraft: count('spacecraft id', '42'),
    'virtual-channel': count('virtual channel of the frames', '0'),
    apid: count('APID of the packets', '2045'),
    entity: count('CFDP entity that sends', '1'),
    peer: count('CFDP entity that is sent to', '2'),
    sequence: count('transaction sequence number of the first file', '1'),
    segment: size('octets of a file in one PDU', '4096'),
    checksum: valued('modular|crc32|crc32c|null', oneOf('modular', 'crc32', 'crc32c', 'null'))(
      'checksum of the files',
      'crc32c',
    ),
    'pdu-crc': flag('every PDU ends with a CRC'),
    json: flag('prints one JSON object'),
  },
  operands: [1, FILES_MAX],
  notes: `${ABOUT_FORMATS}

Exit codes: 0 written; 1 a file could not be read or written; 2 the command line is wrong.`,
} satisfies Command<Options>
