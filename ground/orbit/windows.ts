/**
 * When stations see the spacecraft above their mask. The sky is sampled at steady steps; where the elevation goes
 * through the mask the moment is found by halving, and where it has a peak below the mask between samples the peak
 * is looked for, so that the shortest pass is found too.
 */
import type { Orbit } from './orbit.ts'
import { elevationDeg, type Place, type Site, siteOf } from './site.ts'

export interface Watcher extends Place {
  readonly name: string
  /** From how many degrees on it hears. */
  readonly maskDeg: number
}

export interface Window<W extends Watcher> {
  readonly station: W
  /** UTC in milliseconds since 1970, to ROOT_MS. */
  readonly start: number
  readonly end: number
  /** Between the two, and when. */
  readonly peakDeg: number
  readonly peakMs: number
}

export interface Span {
  readonly fromMs: number
  readonly untilMs: number
}

/** By start. A window that the span cuts is told as far as it lies in it. `onTime` hears how far it has come. */
export function windows<W extends Watcher>(
  orbit: Orbit,
  stations: readonly W[],
  { fromMs, untilMs }: Span,
  onTime?: (utcMs: number) => void,
): Window<W>[] {
  const stepMs = Math.min(STEP_MS, orbit.periodMs / STEPS_PER_PERIOD)
  const watches = stations.map(station => new Watch(orbit, station))
  const found: Window<W>[] = []
  // One step more at either end: a peak is seen by what is lower on both sides of it.
  for (let ms = fromMs - stepMs; ms < untilMs + 2 * stepMs; ms += stepMs) {
    const position = orbit.position(ms)
    for (const watch of watches) {
      const degrees = position === undefined ? UNSEEN : elevationDeg(watch.site, position)
      const pass = watch.push(ms, degrees)
      if (pass !== undefined) found.push(...cut(pass, watch, { fromMs, untilMs }))
    }
    onTime?.(ms)
  }
  for (const watch of watches) {
    const pass = watch.finish(untilMs)
    if (pass !== undefined) found.push(...cut(pass, watch, { fromMs, untilMs }))
  }
  return found.toSorted((a, b) => a.start - b.start || a.end - b.end)
}

/** Elevations at `count` moments, the first at the start of a window and the last at its end. */
export function elevationProfile(
  orbit: Orbit,
  { station, start, end }: Window<Watcher>,
  count: number,
): { readonly atMs: number; readonly degrees: number }[] {
  const site = siteOf(station)
  return Array.from({ length: count }, (_, i) => {
    const atMs = Math.round(((end - start) * i) / (count - 1))
    return { atMs, degrees: degreesAt(orbit, site, start + atMs) }
  })
}

interface Sample {
  readonly ms: number
  readonly degrees: number
}

interface Pass {
  readonly start: number
  readonly end: number
}

/** One station's sky: the last two samples, and since when the spacecraft is up. */
class Watch<W extends Watcher> {
  readonly station: W
  readonly site: Site
  readonly orbit: Orbit
  #before: Sample | undefined
  #last: Sample | undefined
  #risen: number | undefined

  constructor(orbit: Orbit, station: W) {
    this.orbit = orbit
    this.station = station
    this.site = siteOf(station)
  }

  /** The next sample; @returns a pass that has ended in it. */
  push(ms: number, degrees: number): Pass | undefined {
    const next = { ms, degrees }
    const [before, last] = [this.#before, this.#last]
    this.#before = last
    this.#last = next
    const { maskDeg } = this.station
    if (last === undefined) {
      if (degrees >= maskDeg) this.#risen = ms
      return undefined
    }
    if (last.degrees < maskDeg && degrees >= maskDeg) this.#risen = this.#crossing(last.ms, ms)
    else if (last.degrees >= maskDeg && degrees < maskDeg) return this.#set(last.ms, ms)
    else if (before !== undefined && last.degrees < maskDeg) return this.#hidden(before, last, next)
    return undefined
  }

  /** The pass under way when nothing more comes. */
  finish(ms: number): Pass | undefined {
    return this.#risen === undefined ? undefined : { start: this.#risen, end: ms }
  }

  #set(above: number, below: number): Pass | undefined {
    const start = this.#risen as number
    this.#risen = undefined
    return { start, end: this.#crossing(below, above) }
  }

  /** A pass between three samples of which none is above the mask. */
  #hidden(before: Sample, last: Sample, next: Sample): Pass | undefined {
    const { maskDeg } = this.station
    if (last.degrees <= before.degrees || last.degrees < next.degrees) return undefined
    const peak = peakOf(this.orbit, this.site, before.ms, next.ms)
    if (peak.degrees < maskDeg) return undefined
    return {
      start: this.#crossing(before.ms, peak.ms),
      end: this.#crossing(next.ms, peak.ms),
    }
  }

  /** When the elevation is that of the mask, between a moment below and one above it. */
  #crossing(belowMs: number, aboveMs: number): number {
    let [below, above] = [belowMs, aboveMs]
    while (Math.abs(above - below) > ROOT_MS) {
      const middle = (below + above) / 2
      if (degreesAt(this.orbit, this.site, middle) < this.station.maskDeg) below = middle
      else above = middle
    }
    return above
  }
}

function cut<W extends Watcher>(pass: Pass, watch: Watch<W>, span: Span): Window<W>[] {
  const start = Math.max(pass.start, span.fromMs)
  const end = Math.min(pass.end, span.untilMs)
  if (start >= end) return []
  const peak = peakOf(watch.orbit, watch.site, start, end)
  return [{ station: watch.station, start, end, peakDeg: peak.degrees, peakMs: peak.ms }]
}

/** The highest moment of a stretch that has one hill: by the golden section. */
function peakOf(orbit: Orbit, site: Site, fromMs: number, untilMs: number): Sample {
  let [low, high] = [fromMs, untilMs]
  while (high - low > ROOT_MS) {
    const left = high - (high - low) * GOLDEN
    const right = low + (high - low) * GOLDEN
    if (degreesAt(orbit, site, left) < degreesAt(orbit, site, right)) low = left
    else high = right
  }
  const ms = (low + high) / 2
  return { ms, degrees: degreesAt(orbit, site, ms) }
}

function degreesAt(orbit: Orbit, site: Site, utcMs: number): number {
  const position = orbit.position(utcMs)
  return position === undefined ? UNSEEN : elevationDeg(site, position)
}

/** What a moment is found to. */
const ROOT_MS = 10
const STEP_MS = 30_000
const STEPS_PER_PERIOD = 100
const UNSEEN = -90
const GOLDEN = (Math.sqrt(5) - 1) / 2
