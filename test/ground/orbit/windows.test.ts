import { existsSync, readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { circularOrbit } from '../../../ground/orbit/circular.ts'
import type { Orbit } from '../../../ground/orbit/orbit.ts'
import { elevationDeg, siteOf } from '../../../ground/orbit/site.ts'
import {
  elevationProfile,
  type Watcher,
  type Window,
  windows,
} from '../../../ground/orbit/windows.ts'

const SCENARIOS = '../shared/scenarios'
const EPOCH = Date.UTC(2026, 0, 1)

t.test('windows() agrees with windows computed by others', async t => {
  for (const scenario of JSON.parse(readFileSync('fixtures/orbit/windows.json', 'utf8')))
    agree(t, scenario, scenario.seconds)
})

for (const name of ['S1', 'S2', 'S3']) {
  const path = `${SCENARIOS}/windows_${name}_mask5.json`
  const skip = existsSync(path) ? false : `${path} is not here`
  t.test(`windows() agrees with the three days of ${name}`, { skip }, async t => {
    const scenario = JSON.parse(readFileSync(path, 'utf8'))
    agree(t, scenario, scenario.days * 86_400)
  })
}

const POLAR = { altitudeKm: 500, inclinationDeg: 90, nodeDeg: 0, phaseDeg: 0, epochMs: EPOCH }
const POLE = { name: 'Pole', latitudeDeg: 90, longitudeDeg: 0, altitudeKm: 0, maskDeg: 5 }

t.test('windows() sees every revolution from the pole, symmetric about its peak', async t => {
  const orbit = circularOrbit(POLAR)
  const span = { fromMs: EPOCH, untilMs: EPOCH + 86_400_000 }
  const seen = windows(orbit, [POLE], span)
  t.equal(seen.length, Math.floor((span.untilMs - EPOCH) / orbit.periodMs + 0.25))
  for (const { start, end, peakMs, peakDeg } of seen) {
    t.ok(Math.abs((start + end) / 2 - peakMs) < 500, 'the peak is in the middle')
    t.ok(peakDeg > 89, 'and overhead')
    t.ok(Math.abs(elevationAt(orbit, POLE, start) - 5) < 0.01, 'from the mask')
    t.ok(Math.abs(elevationAt(orbit, POLE, end) - 5) < 0.01, 'to the mask')
  }
})

t.test('windows() finds the pass that lies between two samples', async t => {
  const orbit = circularOrbit(POLAR)
  const mask = { ...POLE, maskDeg: 89.2 }
  const span = { fromMs: EPOCH, untilMs: EPOCH + orbit.periodMs }
  const [short, ...more] = windows(orbit, [mask], span) as [Window<Watcher>]
  t.equal(more.length, 0)
  t.ok(short.end - short.start < 3_000, `${short.end - short.start} ms`)
  t.ok(short.end - short.start > 0)
  t.strictSame(windows(orbit, [{ ...mask, latitudeDeg: 89 }], span), [], 'and none that is none')
})

t.test('windows() tells of a window as far as it lies in the span', async t => {
  const orbit = circularOrbit(POLAR)
  const [whole] = windows(orbit, [POLE], { fromMs: EPOCH, untilMs: EPOCH + orbit.periodMs })
  const { start, end } = whole as Window<Watcher>
  const inside = { fromMs: start + 60_000, untilMs: end - 60_000 }
  const low = { ...POLE, maskDeg: 4 }
  for (const cut of windows(orbit, [POLE, low], inside))
    t.strictSame([cut.start, cut.end], [inside.fromMs, inside.untilMs])
  t.equal(windows(orbit, [POLE, low], inside).length, 2)
  t.strictSame(windows(orbit, [POLE], { fromMs: start - 600_000, untilMs: start - 1_000 }), [])
  t.strictSame(windows(orbit, [POLE], { fromMs: end + 1_000, untilMs: end + 600_000 }), [])
})

t.test('windows() says how far it has come, and sees nothing where no orbit is', async t => {
  const times: number[] = []
  const nowhere: Orbit = { ...circularOrbit(POLAR), position: () => undefined }
  const span = { fromMs: EPOCH, untilMs: EPOCH + 120_000 }
  t.strictSame(
    windows(nowhere, [POLE], span, ms => times.push(ms)),
    [],
  )
  t.ok(times.length >= 4)
  t.ok((times.at(-1) as number) >= span.untilMs)
})

t.test('elevationProfile() goes from mask to mask over the peak', async t => {
  const orbit = circularOrbit(POLAR)
  const [pass] = windows(orbit, [POLE], { fromMs: EPOCH, untilMs: EPOCH + orbit.periodMs })
  const profile = elevationProfile(orbit, pass as Window<Watcher>, 9)
  t.equal(profile.length, 9)
  t.equal(profile[0]?.atMs, 0)
  t.ok(Math.abs((profile[0]?.degrees as number) - 5) < 0.01)
  t.ok((profile[4]?.degrees as number) > 88)
  t.ok(Math.abs((profile[8]?.degrees as number) - 5) < 0.01)
  const nowhere: Orbit = { ...orbit, position: () => undefined }
  t.equal(elevationProfile(nowhere, pass as Window<Watcher>, 2)[0]?.degrees, -90)
})

t.test('siteOf() is on the ellipsoid', async t => {
  const equator = siteOf({ latitudeDeg: 0, longitudeDeg: 90, altitudeKm: 1 })
  t.ok(Math.abs(equator.position.y - 6_379.137) < 1e-9)
  const pole = siteOf({ latitudeDeg: -90, longitudeDeg: 7, altitudeKm: 0 })
  t.ok(Math.abs(pole.position.z + 6_356.752314) < 1e-6, 'the polar radius of WGS-84')
  t.equal(elevationDeg(pole, { x: 0, y: 0, z: -7_000 }), 90)
})

/** Within 1.5 s a pass, of which a second is the step of the others, and 0.5 % in total. */
function agree(
  t: Test,
  scenario: {
    scenario: string
    mask_deg: number
    orbit: { h_km: number; inc: number; raan0: number; u0: number }
    stations: { name: string; lat: number; lon: number; alt_km: number }[]
    windows: { st: string; aos: number; los: number; maxEl: number }[]
  },
  seconds: number,
): void {
  const { h_km, inc, raan0, u0 } = scenario.orbit
  const orbit = circularOrbit({
    altitudeKm: h_km,
    inclinationDeg: inc,
    nodeDeg: raan0,
    phaseDeg: u0,
    epochMs: EPOCH,
  })
  const stations = scenario.stations.map(one => ({
    name: one.name,
    latitudeDeg: one.lat,
    longitudeDeg: one.lon,
    altitudeKm: one.alt_km,
    maskDeg: scenario.mask_deg,
  }))
  const ours = windows(orbit, stations, { fromMs: EPOCH, untilMs: EPOCH + seconds * 1_000 })
  t.equal(ours.length, scenario.windows.length, `${scenario.scenario}: as many passes`)
  let [worst, total, theirs] = [0, 0, 0]
  for (const { st, aos, los } of scenario.windows) {
    const near = ours.find(
      one => one.station.name === st && Math.abs(one.start - EPOCH - aos * 1_000) < 60_000,
    )
    if (near === undefined) {
      t.fail(`${st} at ${aos} s: there is no such pass`)
      continue
    }
    const [start, end] = [(near.start - EPOCH) / 1_000, (near.end - EPOCH) / 1_000]
    worst = Math.max(worst, Math.abs(start - aos), Math.abs(end - los))
    total += end - start
    theirs += los - aos
  }
  t.ok(worst <= 1.5, `${scenario.scenario}: ${worst} s apart at most`)
  t.ok(Math.abs(total / theirs - 1) < 0.005, `${scenario.scenario}: ${total} s of ${theirs} s`)
}

function elevationAt(orbit: Orbit, station: Watcher, ms: number): number {
  const position = orbit.position(ms)
  return position === undefined ? -90 : elevationDeg(siteOf(station), position)
}
