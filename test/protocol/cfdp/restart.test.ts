/** A receiving end that is cut down after any of its effects goes on from what it had written down. */
import t from 'tap'
import { CONDITION } from '../../../protocol/cfdp/condition.ts'
import type { Received, ReceivingEffect } from '../../../protocol/cfdp/reception.ts'
import type { Transmission } from '../../../protocol/cfdp/transmission.ts'
import { Spans } from '../../../protocol/octets/spans.ts'
import { toHex } from '../../kit/hex.ts'
import { Destination, metadataOf, Source, transmissionOf, type Write } from './ends.ts'

const FILE = Uint8Array.from({ length: 100 }, (_, i) => i)
const STEPS_MAX = 1_000

interface Story {
  readonly name: string
  readonly differs?: Partial<Transmission>
  /** The sender cancels before it says this PDU. */
  readonly cancelAt?: number
  /** These PDUs of the sender are lost. */
  readonly lost?: readonly number[]
  readonly condition: number
}

const STORIES: readonly Story[] = [
  { name: 'a file', condition: 0 },
  { name: 'a file with gaps', lost: [0, 2], condition: 0 },
  { name: 'no file', differs: { destinationName: new Uint8Array(0) }, condition: 0 },
  { name: 'a broken file', cancelAt: 3, condition: CONDITION.cancelRequestReceived },
  {
    name: 'a broken file under the null checksum',
    differs: { checksumType: 15, checksum: 0 },
    cancelAt: 3,
    condition: CONDITION.cancelRequestReceived,
  },
  {
    name: 'a file cancelled while gaps are open',
    lost: [2],
    cancelAt: 6,
    condition: CONDITION.cancelRequestReceived,
  },
  { name: 'a wrong checksum', differs: { checksum: 1 }, condition: CONDITION.fileChecksumFailure },
  {
    name: 'an unknown checksum',
    differs: { checksumType: 9, checksum: 0 },
    condition: CONDITION.unsupportedChecksumType,
  },
]

for (const story of STORIES)
  t.test(`${story.name}, cut after every effect`, t => {
    const whole = live(story, Number.POSITIVE_INFINITY)
    t.equal(whole.source.condition, story.condition)
    for (let cut = 0; cut < whole.destination.effects.length; cut++) {
      const { source, destination, effects } = live(story, cut)
      const ends = [source.transaction.state, destination.transaction.stage, source.condition]
      t.strictSame(ends, ['closed', 'closed', story.condition], `cut after ${cut} effects`)
      const wasDelivered = effects.some(({ kind }) => kind === 'deliver')
      t.equal(wasDelivered, story.condition === 0 && story.differs === undefined)
      if (destination.delivered !== undefined)
        t.equal(toHex(destination.delivered), toHex(FILE), 'equal')
    }
    t.end()
  })

/** Runs the story; the receiving end is made anew once, from the first `cut` effects. */
function live(story: Story, cut: number) {
  const sent = transmissionOf(FILE, story.differs)
  const source = new Source(FILE, sent)
  let destination = new Destination(sent)
  let effects: readonly ReceivingEffect[] = []
  let isCut = false
  let said = 0
  let now = 0
  for (let step = 0; step < STEPS_MAX; step++) {
    if (!isCut && destination.effects.length > cut) {
      // What followed those effects was not said yet: it is done before it is said.
      effects = destination.effects.slice(0, cut)
      destination = afterRestart(sent, effects)
      isCut = true
    }
    const answer = destination.next(1_000, now)
    if (answer !== undefined) {
      source.receive(answer.body, now)
      continue
    }
    if (said === story.cancelAt) source.transaction.cancel(CONDITION.cancelRequestReceived)
    const message = source.next(30, now)
    if (message === undefined) {
      now += 1_000
      source.tick(now)
      destination.tick(now)
      continue
    }
    if (story.lost?.includes(said) !== true) destination.receive(message.body, now)
    said += 1
  }
  return { source, destination, effects: [...effects, ...destination.effects] }
}

t.test('Metadata alone, and no EOF: it is not waited for without end', t => {
  const sent = transmissionOf(new Uint8Array(0), { destinationName: new Uint8Array(0) })
  const destination = new Destination(sent, {}, { metadata: metadataOf(sent) })
  destination.tick(destination.transaction.deadline as number)
  t.match(destination.finished, { condition: 0, complete: true })
  t.end()
})

/** As a station does it from its journal and its disk. */
function afterRestart(sent: Transmission, effects: readonly ReceivingEffect[]): Destination {
  const held = new Spans()
  const partial: Write[] = []
  let known: Received = { held }
  for (const effect of effects) {
    if (effect.kind === 'write') {
      held.add(effect.offset, effect.offset + effect.octets.length)
      partial.push(effect)
    } else if (effect.kind === 'discard') {
      held.clear()
      partial.length = 0
    } else if (effect.kind === 'metadata') known = { ...known, metadata: effect.metadata }
    else if (effect.kind === 'eof') known = { ...known, eof: effect.eof }
    else if (effect.kind === 'deliver') known = { ...known, delivering: true }
    else if (effect.kind === 'finished') known = { ...known, finished: effect.finished }
  }
  return new Destination(sent, {}, known, partial)
}
