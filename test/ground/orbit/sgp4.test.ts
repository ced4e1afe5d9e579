import t from 'tap'
import type { Orbit, Position } from '../../../ground/orbit/orbit.ts'
import { type ElementsReading, orbitOfOmm, orbitOfTle } from '../../../ground/orbit/sgp4.ts'

/** Of the verification set of SGP4: see fixtures/orbit/README.md. */
const FIRST = '1 00005U 58002B   00179.78495062  .00000023  00000-0  28098-4 0  4753'
const SECOND = '2 00005  34.2682 348.7242 1859667 331.7664  19.3264 10.82419157413667'
const VERIFIED: readonly [minutes: number, x: number, y: number, z: number][] = [
  [0, 7022.46529266, -1400.08296755, 0.03995155],
  [360, -7154.03120202, -3783.17682504, -3536.19412294],
]

const STATIONARY = {
  OBJECT_NAME: 'STILL',
  EPOCH: '2000-01-01T12:00:00',
  MEAN_MOTION: '1.00273791',
  ECCENTRICITY: 0,
  INCLINATION: 0,
  RA_OF_ASC_NODE: 0,
  ARG_OF_PERICENTER: 0,
  MEAN_ANOMALY: 0,
  BSTAR: 0,
}

t.test('orbitOfTle() is where SGP4 is verified to be', async t => {
  const orbit = orbitIn(orbitOfTle('Vanguard 1', FIRST, SECOND))
  t.ok(Math.abs(orbit.epochMs - Date.UTC(2000, 5, 27, 18, 50, 19, 733)) < 2)
  t.ok(Math.abs(orbit.periodMs / 60_000 - 133.1) < 0.1)
  for (const [minutes, x, y, z] of VERIFIED) {
    const position = orbit.position(orbit.epochMs + minutes * 60_000) as Position
    t.ok(Math.abs(position.z - z) < 1e-3, `z at ${minutes} min`)
    const across = Math.hypot(position.x, position.y)
    t.ok(Math.abs(across - Math.hypot(x, y)) < 1e-3, `x and y at ${minutes} min, turned`)
  }
})

t.test('orbitOfOmm() stands still over one meridian where the Earth turns as fast', async t => {
  const read = orbitOfOmm(STATIONARY)
  t.match(read, { kind: 'orbit', name: 'STILL' })
  const orbit = orbitIn(read)
  t.equal(orbit.epochMs, Date.UTC(2000, 0, 1, 12))
  const degrees = [0, 6, 12, 24].map(hours => {
    const { x, y } = orbit.position(orbit.epochMs + hours * 3_600_000) as Position
    return (Math.atan2(y, x) * 180) / Math.PI
  })
  // Greenwich was at 280.46 degrees at that moment.
  for (const longitude of degrees) t.ok(Math.abs(longitude - 79.54) < 0.2, `${longitude}`)
})

const FAULTS: readonly [string, object, string][] = [
  ['no epoch', { EPOCH: undefined }, 'EPOCH "" will not do; such as 2026-01-01T00:00:00 is needed'],
  [
    'an epoch on no calendar',
    { EPOCH: '2026-02-29T00:00:00Z' },
    'EPOCH "2026-02-29T00:00:00Z" will',
  ],
  ['no mean motion', { MEAN_MOTION: undefined }, 'MEAN_MOTION is missing; a number is needed'],
  ['an empty number', { BSTAR: ' ' }, 'BSTAR " "; a number is needed'],
  ['a word for a number', { INCLINATION: 'i' }, 'INCLINATION "i"; a number is needed'],
  ['another frame', { REF_FRAME: 'EME2000' }, 'REF_FRAME "EME2000" will not do; it must be TEME'],
  [
    'another planet',
    { CENTER_NAME: ['MARS'] },
    'CENTER_NAME ["MARS"] will not do; it must be EARTH',
  ],
  [
    'another theory',
    { MEAN_ELEMENT_THEORY: 'DSST' },
    'MEAN_ELEMENT_THEORY "DSST" will not do; it must be SGP4 or SGP/SGP4',
  ],
  ['an orbit in the ground', { MEAN_MOTION: 30 }, 'SGP4 finds no orbit in these elements'],
]
for (const [what, changed, why] of FAULTS) {
  t.test(`orbitOfOmm() refuses ${what}`, async t => {
    const read = orbitOfOmm({ ...STATIONARY, OBJECT_NAME: 5, ...changed })
    t.match(read, { kind: 'refused' })
    t.ok(read.kind === 'refused' && read.why.startsWith(`no name: ${why}`), JSON.stringify(read))
  })
}

t.test('orbitOfTle() refuses lines that were hurt', async t => {
  const refused = (first: string, second: string) => {
    const read = orbitOfTle('V', first, second)
    return read.kind === 'refused' ? read.why : 'taken'
  }
  t.equal(
    refused(FIRST.slice(1), SECOND),
    'line 1 of V: 68 characters will not do; 69 are needed, the first of them 1',
  )
  t.match(refused(FIRST, FIRST), /^line 2 of V: 69 characters/)
  t.equal(
    refused(FIRST, SECOND.replace('34.2682', '34.2683')),
    'line 2 of V: checksum 7 will not do; it is 8',
  )
  const other = SECOND.replace('2 00005', '2 00006').replace(/7$/, '8')
  t.equal(refused(FIRST, other), 'V: the lines are of two spacecraft')
  const nonsense = SECOND.replace('10.82419157', 'xx.xxxxxxxx').replace(/7$/, '9')
  t.equal(refused(FIRST, nonsense), 'V: SGP4 finds no orbit in these elements')
})

function orbitIn(read: ElementsReading): Orbit {
  if (read.kind === 'orbit') return read.orbit
  throw new Error(read.why)
}
