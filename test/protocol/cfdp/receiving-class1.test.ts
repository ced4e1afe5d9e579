/** The receiving end of class 1: whoever it hears is told nothing, or one Finished. CCSDS 727.0-B-5, 4.6.3 and 4.6.6. */
import t from 'tap'
import { CONDITION } from '../../../protocol/cfdp/condition.ts'
import { Destination, eofOf, metadataOf, transmissionOf } from './ends.ts'
import { dataOf, saidBy } from './words.ts'

const FILE = Uint8Array.from({ length: 100 }, (_, i) => i)
const SENT = transmissionOf(FILE)
const METADATA = metadataOf(SENT)
const EOF = eofOf(SENT)

t.test(
  'class 1: no word back; whole is delivered, and what is not whole ends with the check limit',
  t => {
    const sent = transmissionOf(FILE, { acknowledged: false })
    const nak = { timeoutMs: 3_000, triesMax: 2 }
    const whole = new Destination(sent, { nak })
    whole.receive(METADATA, 0)
    whole.receive(EOF, 0)
    whole.receive({ kind: 'prompt', wants: 'nak' }, 0)
    whole.transaction.contactBegins(10)
    t.equal(whole.transaction.deadline, 3_010)
    whole.receive(dataOf(FILE, 0, 100), 20)
    t.strictSame(whole.delivered, FILE)
    t.equal(whole.condition, CONDITION.noError)

    const cut = new Destination(sent, { nak, nakMode: 'immediate' })
    for (const body of [METADATA, dataOf(FILE, 50, 60), EOF]) cut.receive(body, 0)
    cut.tick(3_000)
    t.equal(cut.condition, undefined)
    cut.tick(9_000)
    t.equal(cut.condition, CONDITION.checkLimitReached)
    t.match(cut.finished, { complete: false, fileStatus: 0 })
    for (const one of [whole, cut]) t.strictSame(saidBy(one, 9_000), [])
    t.end()
  },
)

t.test('class 1 without its Metadata asks for no closure', t => {
  const sent = transmissionOf(FILE, { acknowledged: false, closureRequested: true })
  const destination = new Destination(sent)
  destination.receive(dataOf(FILE, 0, 10), 0)
  destination.cancel(CONDITION.cancelRequestReceived, 1)
  t.strictSame(saidBy(destination, 1), [])
  t.equal(destination.condition, CONDITION.cancelRequestReceived)
  t.end()
})

t.test('class 1 with closure: one Finished, and no waiting', t => {
  const sent = transmissionOf(FILE, { acknowledged: false, closureRequested: true })
  const destination = new Destination(sent)
  for (const body of [metadataOf(sent), dataOf(FILE, 0, 100), EOF]) destination.receive(body, 0)
  t.equal(destination.transaction.stage, 'finishing')
  t.match(saidBy(destination, 0), [{ kind: 'finished', complete: true }])
  t.equal(destination.condition, CONDITION.noError)
  t.end()
})
