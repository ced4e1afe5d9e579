/** `downpour decode`: recordings of any size go in; counts, packets, files and captures come out. */
import { systemClock } from '../hal/system-clock.ts'
import { Decoder, type Report } from './decode/decoder.ts'
import { FileWriter } from './decode/file-writer.ts'
import { HOUSEKEEPING_APID } from './decode/housekeeping-tally.ts'
import { type Input, openInput } from './decode/input.ts'
import { KissRecording } from './decode/kiss-recording.ts'
import { ABOUT_FORMATS, LINK_OPTIONS, oneOf, readLinkFormat } from './decode/link-options.ts'
import { PacketOutputs } from './decode/packet-outputs.ts'
import { Progress } from './decode/progress.ts'
import { reportLines } from './decode/report-lines.ts'
import { Transactions } from './decode/transactions.ts'
import {
  type Command,
  count,
  flag,
  type Options,
  path,
  readCommandLine,
  valued,
} from './options.ts'

/** Resolves with 0, or with 1 if anything was missing, bad or incomplete. @throws UsageError */
export async function decode(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const { values, operands } = given
  const format = readLinkFormat(values)
  const inputs: Input[] = []
  const recording = values.kiss ? new KissRecording() : undefined
  for (const operand of operands) {
    const input = await openInput(operand)
    inputs.push(recording?.open(input) ?? input)
  }

  const outputs = await PacketOutputs.open(values.packets, values.pcapng)
  const files = values.files === undefined ? undefined : await FileWriter.open(values.files)
  const transactions = new Transactions({ apid: values.apid, files })
  const { expect: expected, spacecraft: spacecraftId, 'virtual-channel': virtualChannel } = values
  const housekeepingApid = values.housekeeping
  const settings = { format, expected, spacecraftId, virtualChannel, housekeepingApid }
  const decoder = new Decoder(settings, outputs, transactions)
  await decodeAll(decoder, inputs)
  await transactions.end()
  await outputs.close()

  const report = { ...decoder.report(), heard: recording?.heard ?? null }
  const text = values.json ? JSON.stringify(report) : reportLines(report).join('\n')
  // Where the packets go to standard output, the report must not.
  const stream = values.packets === '-' || values.pcapng === '-' ? process.stderr : process.stdout
  stream.write(`${text}\n`)
  return isWhole(report, values.format) ? 0 : DAMAGED
}

async function decodeAll(decoder: Decoder, inputs: readonly Input[]): Promise<void> {
  const whole = inputs.some(input => input.octets === 0)
    ? 0
    : inputs.reduce((sum, input) => sum + input.octets, 0)
  const progress = new Progress(process.stderr, systemClock, whole)
  for (const input of inputs) {
    decoder.begin()
    for await (const chunk of input.chunks()) {
      await decoder.push(chunk)
      progress.add(chunk.length)
    }
    await decoder.end()
  }
  progress.end()
}

function isWhole(report: Report, form: string): boolean {
  const { channels, apids, frames, leftOctets, cfdp } = report
  if (channels.length + apids.length === 0 || leftOctets > 0) return false
  // Behind a marker that noise has made there is no frame, and nothing is lost with it.
  if (form === 'frames' && frames.bad > 0) return false
  if (channels.some(channel => channel.missingFrames > 0)) return false
  return cfdp.transactions.every(file => file.complete && file.checksumRight !== false)
}

const DAMAGED = 1

const COMMAND = {
  synopsis: 'downpour decode FILE... [options]',
  about: `Decodes recordings: counts frames, gaps, corrections and packets, and finds the files sent by CFDP. Octets of one
file may come from several recordings, of several stations or passes. FILE may be - for standard input.`,
  options: {
    ...LINK_OPTIONS,
    expect: valued(
      'tm|aos',
      oneOf('tm', 'aos'),
    )('only such frames; else each is read as its version says'),
    spacecraft: count('only frames of this spacecraft'),
    'virtual-channel': count('only packets of this virtual channel'),
    housekeeping: count('housekeeping is in packets of this APID', String(HOUSEKEEPING_APID)),
    apid: count(
      'PDUs are in packets of this APID, and only there; else they are looked for in all',
    ),
    packets: path('writes whole packets there, one behind the other'),
    files: path('writes received files into this folder; incomplete ones as NAME.part'),
    pcapng: path('writes packets there, for Wireshark; the file says how to open it'),
    kiss: flag(
      'FILE is KISS, as gr_satellites --kiss_out writes it: what its frames hold is decoded',
    ),
    json: flag('prints one JSON object'),
  },
  operands: [1, Number.MAX_SAFE_INTEGER],
  notes: `${ABOUT_FORMATS}

Without --files, checksums are compared only of files whose octets came in order.
Exit codes: 0 all is there; 1 frames are missing, files incomplete, or nothing was found; 2 the command line is wrong.`,
} satisfies Command<Options>
