/**
 * A circular orbit, its node and its phase drifting as the flattening of the Earth makes them in the mean (J2,
 * secular terms: Vallado, Fundamentals of Astrodynamics, 9.6). For studies and for a mission without elements yet.
 *
 *     node rate  = -3/2 J2 (R/a)^2 n cos i
 *     phase rate = n (1 + 3/2 J2 (R/a)^2 (3 - 4 sin^2 i))
 */
import type { Orbit } from './orbit.ts'
import { RADIUS_KM, ROTATION_RAD_S } from './site.ts'

export interface CircularElements {
  /** Above the equator's radius. */
  readonly altitudeKm: number
  readonly inclinationDeg: number
  /** Of the ascending node at the epoch, east of Greenwich. */
  readonly nodeDeg: number
  /** From the ascending node, along the orbit, at the epoch. */
  readonly phaseDeg: number
  readonly epochMs: number
}

export function circularOrbit(elements: CircularElements): Orbit {
  const { altitudeKm, epochMs } = elements
  const a = RADIUS_KM + altitudeKm
  const i = rad(elements.inclinationDeg)
  const motion = Math.sqrt(GRAVITY_KM3_S2 / a ** 3)
  const flattening = 1.5 * J2 * (RADIUS_KM / a) ** 2
  const nodeRate = -flattening * motion * Math.cos(i) - ROTATION_RAD_S
  const phaseRate = motion * (1 + flattening * (3 - 4 * Math.sin(i) ** 2))
  const [cosI, sinI] = [Math.cos(i), Math.sin(i)]
  return {
    epochMs,
    periodMs: (2_000 * Math.PI) / phaseRate,
    position(utcMs) {
      const seconds = (utcMs - epochMs) / 1_000
      const node = rad(elements.nodeDeg) + nodeRate * seconds
      const phase = rad(elements.phaseDeg) + phaseRate * seconds
      const [along, across] = [a * Math.cos(phase), a * Math.sin(phase)]
      return {
        x: along * Math.cos(node) - across * cosI * Math.sin(node),
        y: along * Math.sin(node) + across * cosI * Math.cos(node),
        z: across * sinI,
      }
    },
  }
}

function rad(degrees: number): number {
  return (degrees * Math.PI) / 180
}

/** Of the Earth: EGM-96. */
const GRAVITY_KM3_S2 = 398_600.4418
const J2 = 1.082_626_68e-3
