/** Whole transactions as other implementations held them, over the octets of their PDUs. */
import t, { type Test } from 'tap'
import { CONDITION, conditionName } from '../../../protocol/cfdp/condition.ts'
import { encodePdu, parsePdu } from '../../../protocol/cfdp/pdu/codec.ts'
import type { Body, Metadata } from '../../../protocol/cfdp/pdu/pdu.ts'
import type { Transmission } from '../../../protocol/cfdp/transmission.ts'
import { OctetWriter } from '../../../protocol/octets/writer.ts'
import { fromHex, toHex } from '../../kit/hex.ts'
import { Destination, type Message, Source, transmissionOf } from './ends.ts'
import {
  finishedOf,
  labelOf,
  pduOf,
  type Spoken,
  TRANSCRIPTS,
  type Transcript,
} from './transcripts.ts'

const ROOM = 1_000
const ONCE = { timeoutMs: 3_000, triesMax: 1 }

for (const transcript of TRANSCRIPTS) {
  const { name } = transcript
  t.test(`${name}: both our ends end as theirs did`, t => {
    const { source, destination, spoken } = hold(transcript)
    judge(t, transcript, destination)
    t.equal(conditionName(source.condition as number), conditionOf(transcript), 'at the source')
    t.equal(source.transaction.state, 'closed')
    t.equal(destination.transaction.stage, 'closed')
    checkOctets(t, transcript, spoken)
    t.end()
  })

  t.test(`${name}: our destination hears their source`, t => {
    const destination = hearSource(transcript)
    judge(t, transcript, destination)
    t.equal(destination.transaction.stage, 'closed')
    t.end()
  })

  t.test(`${name}: our source hears their destination`, t => {
    const { source, resent } = hearDestination(transcript)
    t.equal(source.transaction.state, 'closed')
    t.equal(conditionName(source.condition as number), conditionOf(transcript))
    for (const [start, end] of askedIn(transcript))
      t.ok(
        resent.some(span => span[0] <= start && end <= span[1]),
        `[${start}, ${end}) was sent again`,
      )
    t.end()
  })
}

t.test('labelOf() tells every PDU of a transaction from the others', t => {
  t.equal(labelOf({ kind: 'prompt', wants: 'nak' }), 'prompt')
  t.equal(TRANSCRIPTS.length, 16)
  t.strictSame(finishedOf([]), [])
  t.end()
})

/** Both our ends over a link without delay, which loses and turns over what the transcript lost. */
function hold(transcript: Transcript) {
  const { source, destination } = endsOf(transcript)
  const heard = new Map<string, number>()
  const spoken: Message[] = []
  const segmentOctets = transcript.params.segment_len
  const carry = (message: Message, dir: Spoken['dir']): Body | undefined => {
    spoken.push(message)
    const label = labelOf(message.body)
    const times = heard.get(dir + label) ?? 0
    heard.set(dir + label, times + 1)
    const there = transcript.pdus.filter(pdu => pdu.dir === dir && labelIn(pdu) === label)[times]
    if (there?.lost === true) return undefined
    const pdu = parsePdu(fromHex(there?.delivered_hex ?? toHex(octetsOf(message))))
    return pdu.kind === 'pdu' ? pdu.body : undefined
  }
  let now = 0
  for (let round = 0; round < 1_000; round++) {
    if (isCancelledHere(transcript, 'src->dst', spoken.length))
      source.transaction.cancel(CONDITION.cancelRequestReceived)
    if (isCancelledHere(transcript, 'dst->src', spoken.length))
      destination.cancel(CONDITION.cancelRequestReceived, now)
    const answer = destination.next(ROOM, now)
    const said = answer ?? source.next(segmentOctets, now)
    if (said === undefined) {
      const deadlines = [source.transaction.deadline, destination.transaction.deadline]
      now = Math.min(...deadlines.map(deadline => deadline ?? Number.POSITIVE_INFINITY))
      if (now === Number.POSITIVE_INFINITY) break
      source.tick(now)
      destination.tick(now)
      continue
    }
    const body = carry(said, answer === undefined ? 'src->dst' : 'dst->src')
    if (body === undefined) continue
    if (answer === undefined) destination.receive(body, now)
    else source.receive(body, now)
  }
  return { source, destination, spoken }
}

function hearSource(transcript: Transcript): Destination {
  const { destination } = endsOf(transcript)
  for (const [at, spoken] of transcript.pdus.entries()) {
    if (isCancelledHere(transcript, 'dst->src', at))
      destination.cancel(CONDITION.cancelRequestReceived, at)
    if (spoken.dir === 'dst->src' || spoken.lost) continue
    const pdu = parsePdu(fromHex(spoken.delivered_hex ?? spoken.hex))
    if (pdu.kind === 'pdu') destination.receive(pdu.body, at)
    while (destination.next(ROOM, at) !== undefined);
  }
  return destination
}

function hearDestination(transcript: Transcript) {
  const { source } = endsOf(transcript)
  const resent: [number, number][] = []
  const speak = (count: number, now: number) => {
    for (let i = 0; i < count; i++) {
      const message = source.next(transcript.params.segment_len, now)
      if (message?.body.kind !== 'file data') continue
      const { offset, octets } = message.body
      if (now > 0) resent.push([Number(offset), Number(offset) + octets.length])
    }
  }
  const first = transcript.pdus.findIndex(({ dir }) => dir === 'dst->src')
  const cancelled = transcript.pdus.findIndex((_, at) =>
    isCancelledHere(transcript, 'src->dst', at),
  )
  speak(cancelled >= 0 ? cancelled : first >= 0 ? first : 100, 0)
  if (cancelled >= 0) {
    source.transaction.cancel(CONDITION.cancelRequestReceived)
    speak(1, 0)
  }
  for (const [at, spoken] of transcript.pdus.entries()) {
    if (spoken.dir === 'src->dst' || spoken.lost) continue
    source.receive(pduOf(spoken.hex).body, at)
    speak(20, at)
  }
  return { source, resent: merged(resent) }
}

/** Whether the end that speaks in this direction cancels before PDU `at` of the transcript. */
function isCancelledHere(transcript: Transcript, dir: Spoken['dir'], at: number): boolean {
  const spoken = transcript.pdus[at]
  if (!transcript.name.includes('_cancel_by_') || spoken?.dir !== dir) return false
  const by = dir === 'src->dst' ? 'eof' : 'finished'
  return (
    transcript.name.endsWith(dir === 'src->dst' ? 'source' : 'dest') &&
    pduOf(spoken.hex).body.kind === by
  )
}

function endsOf(transcript: Transcript): { source: Source; destination: Destination } {
  const file = fromHex(transcript.file_hex ?? '')
  const { header, body } = pduOf((transcript.pdus[0] as Spoken).hex)
  const { kind: _, ...metadata } = body as Metadata
  const { source, sequence, destination, entityOctets, sequenceOctets, acknowledged } = header
  const transmission: Transmission = transmissionOf(file, {
    source,
    sequence,
    destination,
    entityOctets,
    sequenceOctets,
    acknowledged,
    pduCrc: header.crc,
    ...metadata,
    fileSize: Number(metadata.fileSize),
  })
  const limits = { checksumRetriesMax: 0, ...(acknowledged ? {} : { nak: ONCE }) }
  return {
    source: new Source(file, transmission),
    destination: new Destination(transmission, limits),
  }
}

function conditionOf(transcript: Transcript): string {
  const said = finishedOf(transcript.dest_indications)[0] as string
  return said.replaceAll('_', ' ').toLowerCase().replace('ack', 'ACK').replace('nak', 'NAK')
}

function judge(t: Test, transcript: Transcript, destination: Destination): void {
  const [, code, status] = finishedOf(transcript.dest_indications)
  t.equal(conditionName(destination.condition as number), conditionOf(transcript), 'at the end')
  const isDelivered = transcript.delivered_identical === true
  t.equal(destination.delivered !== undefined, isDelivered, 'whether it is delivered')
  if (isDelivered) t.equal(toHex(destination.delivered as Uint8Array), transcript.file_hex)
  const { finished } = destination
  if (finished === undefined) {
    // Told EOF(cancel), our end throws the file away and has nothing more to say of it.
    t.notOk(isDelivered)
    return
  }
  t.equal(finished.complete, code === 'DATA_COMPLETE')
  // What is not whole is not kept under its name, where theirs retained it.
  const kept = status === 'FILE_STATUS_UNREPORTED' ? 3 : 2
  t.equal(finished.fileStatus, finished.complete ? kept : 0)
}

/** What our ends say in the same words has the same octets. */
function checkOctets(t: Test, transcript: Transcript, spoken: readonly Message[]): void {
  const theirs = new Map(transcript.pdus.map(pdu => [pdu.dir + labelIn(pdu), pdu.hex]))
  let compared = 0
  for (const message of spoken) {
    const { body, header } = message
    // Of a file broken off we tell no checksum, and Finished names where it was broken off.
    if ((body.kind === 'eof' || body.kind === 'finished') && body.condition !== 0) continue
    if (body.kind === 'ack') continue
    const hex = theirs.get((header.towardSender ? 'dst->src' : 'src->dst') + labelOf(body))
    if (hex === undefined) continue
    t.equal(toHex(octetsOf(message)), hex, labelOf(body))
    compared += 1
  }
  t.ok(compared >= 2)
}

function octetsOf(message: Message): Uint8Array {
  const out = new OctetWriter()
  encodePdu(message, out)
  return out.written().slice()
}

function labelIn(spoken: Spoken): string {
  return labelOf(pduOf(spoken.hex).body)
}

function askedIn(transcript: Transcript): [number, number][] {
  return transcript.pdus.flatMap(({ dir, lost, hex }) => {
    const { body } = pduOf(hex)
    if (dir === 'src->dst' || lost || body.kind !== 'nak') return []
    return body.gaps.map(({ start, end }): [number, number] => [Number(start), Number(end)])
  })
}

function merged(spans: readonly [number, number][]): [number, number][] {
  const all: [number, number][] = []
  for (const [start, end] of spans.toSorted((one, other) => one[0] - other[0])) {
    const last = all.at(-1)
    if (last !== undefined && last[1] >= start) last[1] = Math.max(last[1], end)
    else all.push([start, end])
  }
  return all
}
