import t from 'tap'
import type { Clcw } from '../../../../protocol/frame/clcw.ts'
import type { FopEffect, FopSettings } from '../../../../protocol/frame/cop1/fop.ts'
import { Fop } from '../../../../protocol/frame/cop1/fop.ts'
import {
  clcwEvent,
  type FopDirective,
  type FopVariables,
} from '../../../../protocol/frame/cop1/fop-event.ts'

const SETTINGS: FopSettings = { window: 4, timeoutMs: 1_000, transmissionLimit: 3, timeoutType: 0 }

/** Who sends: takes every frame handed down at once, unless told otherwise. */
class Sender {
  readonly fop: Fop<string>
  now = 0
  takes = true
  readonly said: string[] = []

  constructor(changes: Partial<FopSettings> = {}) {
    this.fop = new Fop({ ...SETTINGS, ...changes })
  }

  directive(directive: FopDirective): this {
    this.fop.receive({ kind: 'directive', directive }, this.now)
    return this.#look()
  }

  initiate(check: 'none' | 'clcw' | 'unlock' = 'none'): this {
    return this.directive({ kind: 'initiate', check })
  }

  transfer(...fdus: string[]): this {
    for (const fdu of fdus) {
      this.fop.receive({ kind: 'transfer', service: 'ad', fdu }, this.now)
      this.#look()
    }
    return this
  }

  clcw(report: number, flags: Partial<Clcw> = {}): this {
    this.fop.receive({ kind: 'clcw', clcw: clcw(report, flags) }, this.now)
    return this.#look()
  }

  after(ms: number): this {
    this.now += ms
    this.fop.tick(this.now)
    return this.#look()
  }

  answer(kind: 'taken' | 'refused', type: 'ad' | 'bc' | 'bd'): this {
    this.fop.receive({ kind, type }, this.now)
    return this.#look()
  }

  bypass(fdu: string): this {
    this.fop.receive({ kind: 'transfer', service: 'bd', fdu }, this.now)
    return this.#look()
  }

  /** What was said since the last call. */
  heard(): string {
    return this.said.splice(0).join(', ')
  }

  #look(): this {
    for (const effect of this.fop.drain()) {
      this.said.push(wordsOf(effect))
      if (effect.kind === 'frame' && this.takes) {
        this.fop.receive({ kind: 'taken', type: effect.frame.type }, this.now)
        this.#look()
      }
    }
    return this
  }
}

function wordsOf(effect: FopEffect<string>): string {
  if (effect.kind === 'transfer') return `${effect.fdu} ${effect.outcome}`
  if (effect.kind === 'directive') return `${effect.directive.kind} ${effect.outcome}`
  if (effect.kind === 'alert') return `alert ${effect.why}`
  if (effect.kind !== 'frame') return effect.kind
  const { frame } = effect
  if (frame.type === 'bc') return `BC ${frame.command.kind}`
  return frame.type === 'ad' ? `AD ${frame.sequence} ${frame.fdu}` : `BD ${frame.fdu}`
}

function clcw(report: number, flags: Partial<Clcw> = {}): Clcw {
  const none = { noRf: false, noBitLock: false, lockout: false, wait: false, retransmit: false }
  return { status: 0, cop: 1, virtualChannel: 0, ...none, farmB: 0, report, ...flags }
}

const R = { retransmit: true }
const W = { retransmit: true, wait: true }

t.test('Fop numbers frames, keeps to its window, and forgets what is acknowledged', async t => {
  const one = new Sender().initiate()
  t.equal(one.heard(), 'initiate accepted, abort, initiate confirmed')
  one.transfer('a', 'b', 'c', 'd', 'e', 'f')
  t.equal(
    one.heard(),
    'a accepted, AD 0 a, b accepted, AD 1 b, c accepted, AD 2 c, d accepted, AD 3 d, f rejected',
  )
  t.strictSame(one.fop.outlook, { next: 4, oldest: 0, underWay: 4, isWaiting: true })
  t.equal(one.clcw(0).heard(), '', 'nothing new')
  t.equal(one.clcw(2).heard(), 'a acknowledged, b acknowledged, e accepted, AD 4 e')
  t.equal(one.clcw(5).heard(), 'c acknowledged, d acknowledged, e acknowledged')
  t.equal(one.fop.deadline, undefined)
  t.equal(one.clcw(5).heard(), '')
  t.equal(one.fop.state, 'S1')
})

t.test('Fop sends all from the missing one again, once per request', async t => {
  const one = new Sender().initiate().transfer('a', 'b', 'c')
  one.heard()
  t.equal(one.clcw(1, R).heard(), 'a acknowledged, abort, AD 1 b, AD 2 c')
  t.equal(one.fop.state, 'S2')
  t.equal(one.clcw(1, R).heard(), '', 'the same word again asks for nothing new')
  t.equal(one.clcw(2, R).heard(), 'b acknowledged, abort, AD 2 c')
  t.equal(one.clcw(3).heard(), 'c acknowledged')
  t.equal(one.fop.state, 'S1')
  one.transfer('d')
  t.equal(one.heard(), 'd accepted, AD 3 d')
})

t.test('Fop waits while the far end has no room', async t => {
  const one = new Sender().initiate().transfer('a', 'b')
  one.clcw(1, W)
  t.equal(one.fop.state, 'S3')
  one.heard()
  one.transfer('c')
  t.equal(one.heard(), '')
  t.equal(one.after(1_000).heard(), '', 'a timer changes nothing')
  one.clcw(1, W)
  t.equal(one.clcw(1, R).heard(), 'abort, AD 1 b, c accepted, AD 2 c')
  t.equal(one.fop.state, 'S2')
})

t.test('Fop sends again when nothing is heard, as often as it may', async t => {
  for (const [timeoutType, last] of [
    [0, 'b lost, abort, alert T1'],
    [1, 'suspended'],
  ] as const) {
    const one = new Sender({ timeoutType }).initiate().transfer('b')
    one.heard()
    t.equal(one.after(999).heard(), '')
    t.equal(one.after(1).heard(), 'abort, AD 0 b')
    t.equal(one.after(1_000).heard(), 'abort, AD 0 b')
    t.equal(one.after(1_000).heard(), last)
    t.equal(one.fop.state, 'S6')
    t.equal(one.fop.isSuspended, timeoutType === 1)
    t.equal(one.fop.deadline, undefined)
  }
})

t.test('Fop goes on from a suspension, in the state that it left', async t => {
  const settings = { timeoutType: 1, transmissionLimit: 2 } as const
  for (const [state, bring] of [
    ['S1', (one: Sender) => one.initiate().transfer('a').after(1_000).clcw(0)],
    ['S2', (one: Sender) => one.initiate().transfer('a').clcw(0, R)],
    ['S3', (one: Sender) => one.initiate().transfer('a').after(1_000).clcw(0, W)],
    ['S4', (one: Sender) => one.initiate('clcw')],
  ] as const) {
    const one = bring(new Sender(settings))
    t.equal(one.fop.state, state)
    one.after(1_000)
    t.equal(one.fop.isSuspended, true, `${state} is suspended`)
    one.heard()
    t.equal(one.directive({ kind: 'set V(S)', sequence: 3 }).heard(), 'set V(S) rejected')
    one.directive({ kind: 'resume' })
    t.equal(one.fop.state, state)
    t.match(one.heard(), /^resume accepted/)
    t.equal(one.directive({ kind: 'resume' }).heard(), 'resume rejected', 'nothing is suspended')
    if (state === 'S1') t.equal(one.clcw(1).heard(), 'a acknowledged')
    if (state === 'S4') t.equal(one.clcw(0).heard(), 'initiate confirmed')
  }
})

t.test('Fop begins after a look at a CLCW, after Unlock, and after Set V(R)', async t => {
  const looks = new Sender().initiate('clcw')
  t.equal(looks.heard(), 'initiate accepted, abort')
  t.equal(looks.transfer('a').heard(), 'a rejected')
  t.equal(looks.clcw(0).heard(), 'initiate confirmed')

  const unlocks = new Sender().initiate('unlock')
  t.equal(unlocks.heard(), 'initiate accepted, abort, BC unlock')
  t.equal(unlocks.clcw(0, { lockout: true }).clcw(7).clcw(0, R).heard(), '', 'older words')
  t.equal(unlocks.after(1_000).heard(), 'BC unlock')
  t.equal(unlocks.clcw(0).heard(), 'initiate confirmed')

  const sets = new Sender().directive({ kind: 'initiate with V(R)', sequence: 200 })
  t.equal(sets.heard(), 'initiate with V(R) accepted, abort, BC set V(R)')
  t.equal(
    sets.clcw(200).transfer('a').heard(),
    'initiate with V(R) confirmed, a accepted, AD 200 a',
  )
})

t.test(
  'Fop gives an initiation up: no answer, wrong number, the far end locked or full',
  async t => {
    const failed = 'abort, initiate failed, alert'
    for (const check of ['clcw', 'unlock'] as const) {
      const one = new Sender({ transmissionLimit: 1 }).initiate(check)
      one.heard()
      t.equal(one.after(1_000).heard(), `${failed} T1`)
    }
    const first = () => {
      const one = new Sender().initiate('clcw')
      one.heard()
      return one
    }
    t.equal(first().after(1_000).heard(), `${failed} T1`)
    t.equal(first().clcw(5).heard(), `${failed} NN(R)`)
    t.equal(first().clcw(0, { lockout: true }).heard(), `${failed} LOCKOUT`)
    t.equal(first().clcw(0, R).heard(), `${failed} SYNCH`)
    t.equal(first().clcw(0, { wait: true }).heard(), `${failed} CLCW`)
    t.equal(first().clcw(0, { cop: 2 }).heard(), `${failed} CLCW`)
    t.equal(
      first().directive({ kind: 'terminate' }).heard(),
      'terminate accepted, abort, initiate failed, alert TERM, terminate confirmed',
    )
  },
)

t.test('Fop lets a control command wait until the one before it has left', async t => {
  const one = new Sender()
  one.takes = false
  one.initiate('unlock')
  one.after(1_000)
  t.equal(one.heard(), 'initiate accepted, abort, BC unlock', 'the timer finds it still there')
  t.equal(one.answer('taken', 'bc').heard(), 'BC unlock', 'and it goes once more')
  one.directive({ kind: 'terminate' }).heard()
  t.equal(one.initiate('unlock').heard(), 'initiate rejected')
  t.equal(
    one.directive({ kind: 'initiate with V(R)', sequence: 1 }).heard(),
    'initiate with V(R) rejected',
  )
  one.answer('taken', 'bc')
  t.match(one.initiate('unlock').heard(), /BC unlock$/)
})

t.test('Fop carries the BD service in every state, one frame at a time', async t => {
  const one = new Sender()
  t.equal(one.bypass('x').heard(), 'x accepted, BD x')
  one.takes = false
  t.equal(one.bypass('y').bypass('z').heard(), 'y accepted, BD y, z rejected')
  t.equal(one.answer('taken', 'bd').bypass('z').heard(), 'z accepted, BD z')
})

t.test('Fop stops when what is below it refuses a frame', async t => {
  for (const type of ['ad', 'bc', 'bd'] as const) {
    const one = new Sender().initiate().transfer('a')
    one.heard()
    t.equal(one.answer('refused', type).heard(), 'a lost, abort, alert LLIF', type)
    t.equal(one.answer('refused', type).heard(), '', 'and says so once')
  }
})

t.test('Fop takes new parameters at any time, and none that cannot be', async t => {
  const one = new Sender().initiate()
  one.heard()
  one.directive({ kind: 'set window', frames: 1 })
  one.directive({ kind: 'set T1', ms: 50 })
  one.directive({ kind: 'set transmission limit', times: 1 })
  one.directive({ kind: 'set timeout type', type: 1 })
  t.notMatch(one.heard(), 'rejected')
  t.equal(one.transfer('a', 'b').heard(), 'a accepted, AD 0 a', 'window 1')
  t.equal(one.after(50).heard(), 'suspended', 'T1, limit and type')
  for (const directive of [
    { kind: 'set window', frames: 0 },
    { kind: 'set window', frames: 256 },
    { kind: 'set T1', ms: 0 },
    { kind: 'set transmission limit', times: 0 },
    { kind: 'set transmission limit', times: 1.5 },
    { kind: 'initiate with V(R)', sequence: 256 },
    { kind: 'set V(S)', sequence: -1 },
  ] as const)
    t.equal(one.directive(directive).heard(), `${directive.kind} rejected`)
  t.match(one.directive({ kind: 'terminate' }).heard(), /^terminate accepted, a lost, b rejected/)
  t.equal(one.directive({ kind: 'set V(S)', sequence: 9 }).fop.outlook.next, 9)
})

t.test('a word that cannot be ends the service, and what was under way is lost', async t => {
  for (const [report, flags, why] of [
    [4, {}, 'NN(R)'],
    [255, {}, 'NN(R)'],
    [1, { lockout: true }, 'LOCKOUT'],
    [3, R, 'SYNCH'],
    [3, { wait: true }, 'CLCW'],
    [1, { wait: true }, 'CLCW'],
    [1, { cop: 0 }, 'CLCW'],
  ] as const) {
    const one = new Sender().initiate().transfer('a', 'b', 'c')
    one.heard()
    t.equal(one.clcw(report, flags).heard(), `a lost, b lost, c lost, abort, alert ${why}`)
    t.equal(one.clcw(report, flags).heard(), '', 'in S6 words mean nothing')
    t.equal(one.fop.outlook.underWay, 0)
  }
})

/** Event of table 5-1, and the state that follows each of S1 to S6; a dot: cannot happen there. */
const NEXT: Readonly<Record<string, string>> = {
  E1: '1..116',
  E2: '111..6',
  E3: '666666',
  E4: '666656',
  E5: '166..6',
  E6: '111..6',
  E7: '666..6',
  E8: '222..6',
  E9: '333..6',
  E10: '222..6',
  E11: '333..6',
  E12: '222..6',
  E103: '333..6',
  E101: '666..6',
  E102: '666..6',
  E13: '666656',
  E14: '666656',
  E15: '666666',
}

t.test('every word that can come, in every state, leads where table 5-1 says', async t => {
  const seen = new Set<string>()
  for (const limit of [1, 2, 3])
    for (const state of [1, 2, 3, 4, 5, 6])
      for (const report of [253, 254, 255, 0, 1, 2, 3])
        for (let bits = 0; bits < 16; bits++) {
          const flags = {
            lockout: (bits & 1) > 0,
            wait: (bits & 2) > 0,
            retransmit: (bits & 4) > 0,
            cop: bits & 8 ? 1 : 2,
          }
          const one = inState(state, limit)
          if (one === undefined) continue
          const event = clcwEvent(clcw(report, flags), variables(one, limit))
          one.clcw(report, flags)
          const next = NEXT[event]?.[state - 1]
          seen.add(`${event} S${state}`)
          if (one.fop.state !== `S${next}`) t.fail(`${event} in S${state}: ${one.fop.state}`)
        }
  t.ok(seen.size >= 60, `${seen.size} cells`)
})

/** With frames 254, 255, 0 and 1 under way in S1 to S3; undefined: there is no such state with this limit. */
function inState(state: number, limit: number): Sender | undefined {
  const one = new Sender({ transmissionLimit: limit })
  one.directive({ kind: 'set V(S)', sequence: 254 })
  if (state === 4 || state === 5) return one.initiate(state === 4 ? 'clcw' : 'unlock')
  if (state === 6) return one
  one.initiate().transfer('a', 'b', 'c', 'd')
  if (limit === 1 && state > 1) return undefined
  if (state === 2) one.clcw(254, R)
  if (state === 3) one.clcw(254, W)
  return one
}

function variables(one: Sender, transmissionLimit: number): FopVariables {
  const { next, oldest } = one.fop.outlook
  const transmissions = one.fop.state === 'S2' ? 2 : 1
  const others = { timeoutType: 0, suspended: 0, isBcReady: true } as const
  return { next, oldest, transmissions, transmissionLimit, ...others }
}
