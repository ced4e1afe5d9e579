/** Asks the three processes how they are, and keeps what they said last. */
import type { LinkStatus } from '../../hal/link/link.ts'
import type { Clock } from '../../hal/ports.ts'
import type { Contact } from '../../hal/sim/sky.ts'
import { ask, NobodyAnswers } from '../ask.ts'
import type { OnboardFile, OnboardStatus, StationFile, StationStatus } from '../statuses.ts'
import { type PassPlan, type Places, socketOf } from './plan.ts'
import { fileViews, heldOctets, type PassView, type SentFile } from './view.ts'

export interface Watched {
  readonly plan: PassPlan
  readonly places: Places
  readonly contacts: readonly Contact[]
  readonly files: readonly SentFile[]
  readonly clock: Clock
}

export class Watch {
  readonly #pass: Watched
  readonly #startedAt: number
  #onboard: OnboardStatus | undefined
  #station: StationStatus | undefined
  #link: LinkStatus | undefined
  readonly #sent = new Seen<OnboardFile>()
  readonly #received = new Seen<StationFile>()
  /** What the station held, and when; the oldest is one window back. */
  readonly #held: { readonly at: number; readonly octets: number }[] = []

  /** Time counts from here. */
  constructor(pass: Watched) {
    this.#pass = pass
    this.#startedAt = pass.clock.now()
  }

  /** Asks all three at once. One that does not answer now keeps what it said before. */
  async look(): Promise<PassView> {
    const { places, clock } = this.#pass
    const [onboard, station, link] = await Promise.all([
      statusAt<OnboardStatus>(socketOf('onboard', places)),
      statusAt<StationStatus>(socketOf('station', places)),
      statusAt<LinkStatus>(socketOf('link', places)),
    ])
    if (onboard !== undefined) this.#onboard = { ...onboard, files: this.#sent.with(onboard.files) }
    if (station !== undefined)
      this.#station = { ...station, files: this.#received.with(station.files) }
    this.#link = link ?? this.#link
    const view = this.#view(0)
    this.#held.push({ at: clock.now(), octets: heldOctets(fileViews(view)) })
    return { ...view, goodputBps: this.#goodputBps() }
  }

  #view(goodputBps: number): PassView {
    const { plan, contacts, files, clock } = this.#pass
    return {
      nowMs: clock.utcMs(),
      elapsedMs: clock.now() - this.#startedAt,
      contacts,
      rateBps: plan.rateBps,
      goodputBps,
      files,
      onboard: this.#onboard,
      station: this.#station,
      link: this.#link,
    }
  }

  #goodputBps(): number {
    const last = this.#held.at(-1)
    if (last === undefined) return 0
    while (last.at - (this.#held[1]?.at ?? last.at) >= WINDOW_MS) this.#held.shift()
    const first = this.#held[0] ?? last
    if (last.at <= first.at) return 0
    return Math.max(0, ((last.octets - first.octets) * 8_000) / (last.at - first.at))
  }
}

/** An end lists so many files and no more; what it said of the others before still holds. */
class Seen<File extends { readonly sequence: number }> {
  readonly #files = new Map<number, File>()

  with(files: readonly File[]): readonly File[] {
    for (const file of files) this.#files.set(file.sequence, file)
    return [...this.#files.values()]
  }
}

async function statusAt<T>(socket: string): Promise<T | undefined> {
  try {
    return await ask<T>(socket, '/status')
  } catch (error) {
    if (error instanceof NobodyAnswers) return undefined
    throw error
  }
}

const WINDOW_MS = 3_000
