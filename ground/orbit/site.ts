/** A place on the ground, and how high the spacecraft stands there: the WGS-84 ellipsoid, no refraction. */
import type { Position } from './orbit.ts'

export interface Place {
  readonly latitudeDeg: number
  readonly longitudeDeg: number
  /** Above the ellipsoid. */
  readonly altitudeKm: number
}

/** A place as it is looked from: where it is, and which way is up. */
export interface Site {
  readonly position: Position
  readonly up: Position
}

export function siteOf({ latitudeDeg, longitudeDeg, altitudeKm }: Place): Site {
  const latitude = (latitudeDeg * Math.PI) / 180
  const longitude = (longitudeDeg * Math.PI) / 180
  const [cosLatitude, sinLatitude] = [Math.cos(latitude), Math.sin(latitude)]
  const up = {
    x: cosLatitude * Math.cos(longitude),
    y: cosLatitude * Math.sin(longitude),
    z: sinLatitude,
  }
  const normal = RADIUS_KM / Math.sqrt(1 - ECCENTRICITY2 * sinLatitude ** 2)
  const equatorial = normal + altitudeKm
  const polar = normal * (1 - ECCENTRICITY2) + altitudeKm
  return { position: { x: equatorial * up.x, y: equatorial * up.y, z: polar * up.z }, up }
}

/** Degrees above the horizon of the site. */
export function elevationDeg({ position, up }: Site, spacecraft: Position): number {
  const x = spacecraft.x - position.x
  const y = spacecraft.y - position.y
  const z = spacecraft.z - position.z
  const sine = (x * up.x + y * up.y + z * up.z) / Math.hypot(x, y, z)
  return (Math.asin(Math.min(1, Math.max(-1, sine))) * 180) / Math.PI
}

/** The Earth at the equator, and how fast it turns against the stars. */
export const RADIUS_KM = 6_378.137
export const ROTATION_RAD_S = 7.292_115_9e-5

const FLATTENING = 1 / 298.257_223_563
const ECCENTRICITY2 = FLATTENING * (2 - FLATTENING)
