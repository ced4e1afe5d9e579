/** Recorded spacecraft data that lies beside the repository, if it does: it belongs to others and is not in here. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FOLDER = new URL('../../../shared/real/', import.meta.url)

/** For the `skip` of a test: false, or why there is nothing to test. */
export const isAbsent = existsSync(new URL('expected.json', FOLDER))
  ? (false as const)
  : `no recordings in ${fileURLToPath(FOLDER)}`

export interface ExpectedChannel {
  readonly frames: number
  readonly gaps: number
  readonly missing_frames: number
  readonly fhp_7fe: number
  readonly fhp_7ff: number
  readonly packets: number
  readonly partials_dropped: number
  readonly apids: Readonly<Record<string, number>>
  readonly packet_bytes: number
  readonly max_packet: number
  readonly packets_sha256: string
}

/** A candidate of expected.json: where its marker starts, and what it begins with. */
export interface ExpectedCadu {
  readonly bit: number
  readonly inverted: boolean
  readonly rs: readonly number[]
  readonly head: string
}

export interface ExpectedTm {
  readonly scid: number
  readonly vcid: number
  readonly ocf: number
  readonly mc: number
  readonly vc: number
  readonly fhp: number
}

export interface Expected {
  readonly cadus: number | readonly ExpectedCadu[]
  readonly candidates: readonly ExpectedCadu[]
  readonly rs_corrected: number
  readonly frames: number
  readonly frames_ok: number
  readonly frames_sha256: string
  readonly fecf_ok: number
  readonly scid: number
  readonly ocf: number
  readonly clcw_distinct: number
  readonly master_channel_gaps: number
  readonly vc: Readonly<Record<string, ExpectedChannel>>
  readonly tm: readonly ExpectedTm[]
  readonly packets: number
  readonly apids: Readonly<Record<string, number>>
  readonly seqflags: Readonly<Record<string, number>>
  readonly max_packet: number
}

export function recording(name: string): Uint8Array {
  return Uint8Array.from(readFileSync(recordingPath(name)))
}

export function recordingPath(name: string): string {
  return fileURLToPath(new URL(name, FOLDER))
}

export function expectedOf(name: string): Expected {
  const all: Readonly<Record<string, { readonly expected: Expected }>> = JSON.parse(
    readFileSync(new URL('expected.json', FOLDER), 'utf8'),
  )
  const found = all[name]
  if (found === undefined) throw new Error(`Cannot find ${name} in expected.json`)
  return found.expected
}
