import { readFileSync } from 'node:fs'
import t from 'tap'
import { aesGcm } from '../../../../hal/aes-gcm.ts'
import { SecuritySender } from '../../../../protocol/frame/sdls/apply.ts'
import {
  type Association,
  SECURITY_OCTETS,
  type Security,
} from '../../../../protocol/frame/sdls/association.ts'
import { SecurityReceiver } from '../../../../protocol/frame/sdls/process.ts'
import { decodeTcFrame, encodeTcFrame, type TcFrame } from '../../../../protocol/frame/tc.ts'
import { fromHex, toHex } from '../../../kit/hex.ts'
import { Random } from '../../../kit/random.ts'

interface Vector {
  readonly name: string
  readonly mode: Association['mode']
  readonly key: string
  readonly spi: number
  readonly number: string
  readonly segmented: boolean
  readonly plain: string
  readonly frame: string
}

const VECTORS = JSON.parse(readFileSync('fixtures/sdls/sdls.json', 'utf8')) as readonly Vector[]
const KEY = new Uint8Array(32).map((_, i) => i)

function association(changes: Partial<Association> = {}): Association {
  return { spi: 11, mode: 'encrypt', operational: true, aead: aesGcm(KEY), ...changes }
}

function receiver(changes: Partial<Security> = {}, ...associations: Association[]) {
  const all = associations.length > 0 ? associations : [association()]
  return new SecurityReceiver({
    spi: 11,
    associations: all,
    window: 2 ** 48,
    segmented: false,
    ...changes,
  })
}

const FRAME: TcFrame = {
  spacecraftId: 42,
  virtualChannel: 3,
  bypass: false,
  control: false,
  sequence: 7,
  field: Uint8Array.of(1, 2, 3, 4),
}

t.test('frames secured by others are opened, and ours are the same octets', async t => {
  for (const { name, mode, key, spi, number, segmented, plain, frame } of VECTORS) {
    const one = association({ mode, spi, aead: aesGcm(fromHex(key)) })
    const secured = decodeTcFrame(fromHex(frame), { fecf: true })
    if (secured.kind === 'malformed') throw new Error(secured.why)
    // Numbers beyond those of this test's window are opened too, after one just before them.
    const ours = receiver({ segmented }, one)
    ours.accept(spi, BigInt(number) - 1n)
    const opened = ours.open(secured)
    if (opened.kind === 'refused') throw new Error(`${name}: ${opened.why}`)
    t.equal(toHex(opened.frame.field), plain, name)
    t.equal(opened.number, BigInt(number))
    if (BigInt(number) > 2n ** 52n) continue
    const sender = new SecuritySender(one, segmented, Number(number))
    t.equal(
      toHex(encodeTcFrame(sender.apply(opened.frame), { fecf: true })),
      frame,
      `${name}, ours`,
    )
    t.equal(fromHex(frame).length, fromHex(plain).length + 7 + SECURITY_OCTETS)
  }
})

t.test('SecurityReceiver takes each number once, and none before the last', async t => {
  const sender = new SecuritySender(association(), false, 1)
  const frames = Array.from({ length: 5 }, () => sender.apply(FRAME))
  const ours = receiver()
  const take = (i: number) => {
    const opened = ours.open(frames[i] as TcFrame)
    if (opened.kind === 'opened') ours.accept(opened.spi, opened.number)
    return opened.kind === 'opened' ? 'opened' : opened.why
  }
  t.strictSame([0, 0, 2, 1, 2, 4, 3, 0].map(take), [
    'opened',
    'replayed',
    'opened',
    'replayed',
    'replayed',
    'opened',
    'replayed',
    'replayed',
  ])
  ours.accept(11, 2n)
  t.strictSame([...ours.accepted()], [[11, 5n]], 'an older number takes nothing back')
  const again = receiver()
  for (const [spi, number] of ours.accepted()) again.accept(spi, number)
  t.match(again.open(frames[4] as TcFrame), { why: 'replayed' }, 'after a restart too')
})

t.test('a frame that was opened and not accepted may come again as it is', async t => {
  const ours = receiver()
  const frame = new SecuritySender(association(), false, 1).apply(FRAME)
  t.equal(ours.open(frame).kind, 'opened')
  t.equal(ours.open(frame).kind, 'opened')
})

t.test('SecurityReceiver refuses a number too far ahead', async t => {
  const ours = receiver({ window: 10 })
  for (const [number, kind] of [
    [11, 'refused'],
    [10, 'opened'],
  ] as const)
    t.equal(ours.open(new SecuritySender(association(), false, number).apply(FRAME)).kind, kind)
  t.equal(ours.counters.ahead, 1)
})

t.test(
  'CVE-2025-46673, CVE-2025-46675: unknown and idle associations, other keys and other modes are refused',
  async t => {
    const frame = new SecuritySender(association(), false, 1).apply(FRAME)
    for (const [one, why] of [
      [association({ spi: 12 }), 'unknown'],
      [association({ operational: false }), 'not operational'],
      [association({ aead: aesGcm(new Uint8Array(32)) }), 'unauthentic'],
      [association({ mode: 'authenticate' }), 'unauthentic'],
    ] as const) {
      const ours = receiver({}, one)
      t.match(ours.open(frame), { kind: 'refused', why, spi: 11 })
      t.equal(ours.counters[why], 1)
    }
  },
)

t.test(
  'no bit under the MAC can be turned, in either mode; none of the others matters',
  async t => {
    for (const mode of ['encrypt', 'authenticate'] as const) {
      const one = association({ mode })
      const segmented = { ...FRAME, field: Uint8Array.of(0xc1, 2, 3, 4) }
      const frame = new SecuritySender(one, true, 1).apply(segmented)
      for (let bit = 0; bit < 8 * frame.field.length; bit++) {
        const field = frame.field.slice()
        field[bit >>> 3]! ^= 0x80 >>> (bit & 7)
        const refused = receiver({ segmented: true }, one).open({ ...frame, field })
        t.equal(refused.kind, 'refused', `bit ${bit}`)
      }
      const otherVc = { ...frame, virtualChannel: 4 }
      t.match(receiver({ segmented: true }, one).open(otherVc), { why: 'unauthentic' })
      const renumbered = { ...frame, sequence: 99, bypass: true }
      t.match(receiver({ segmented: true }, one).open(renumbered), { kind: 'opened' })
    }
  },
)

t.test(
  'CVE-2025-29909, CVE-2025-29910, CVE-2025-29913: a secured field cut short anywhere is refused, and never read past its end',
  async t => {
    for (const segmented of [false, true]) {
      const frame = new SecuritySender(association(), segmented, 1).apply(FRAME)
      for (let length = 0; length < frame.field.length; length++) {
        const refused = receiver({ segmented }).open({
          ...frame,
          field: frame.field.subarray(0, length),
        })
        const isShort = length <= SECURITY_OCTETS + (segmented ? 1 : 0)
        t.match(refused, { kind: 'refused', why: isShort ? 'short' : 'unauthentic' })
      }
    }
  },
)

t.test(
  'CVE-2025-46672: SecuritySender reserves numbers before it uses them, and never uses one twice',
  async t => {
    const random = new Random(355)
    const used = new Set<bigint>()
    const all = association()
    let kept = 1
    for (let run = 0; run < 40; run++) {
      const sender = new SecuritySender(all, false, kept)
      for (let frames = random.below(600); frames > 0; frames--) {
        const frame = sender.apply(FRAME)
        // The process may be gone before the record is written: then the frame has not left either.
        const reservation = sender.takeReservation()
        if (reservation !== undefined && random.below(4) === 0) break
        kept = reservation ?? kept
        const opened = receiver({}, all).open(frame)
        if (opened.kind === 'refused') throw new Error(opened.why)
        if (used.has(opened.number)) t.fail(`number ${opened.number} twice`)
        used.add(opened.number)
      }
      t.equal(sender.takeReservation(), undefined)
      t.ok(sender.reserved >= kept)
    }
    t.ok(used.size > 3_000, `${used.size} frames`)
  },
)

t.test('SecuritySender stops where its numbers end', async t => {
  const last = new SecuritySender(association(), false, Number.MAX_SAFE_INTEGER)
  t.throws(() => last.apply(FRAME), RangeError)
})
