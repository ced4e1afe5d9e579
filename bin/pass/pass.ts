/** `downpour pass`: a whole pass on this computer. Three processes, one line, and the files compared at the end. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Refusal } from '../../hal/control.ts'
import type { Where } from '../../hal/link/end.ts'
import type { Clock } from '../../hal/ports.ts'
import type { Contact } from '../../hal/sim/sky.ts'
import { systemClock } from '../../hal/system-clock.ts'
import { ask, NobodyAnswers } from '../ask.ts'
import { inkFor, showsColour } from '../ink.ts'
import { readCommandLine, UsageError } from '../options.ts'
import { COMMAND, planOf } from './command.ts'
import { Crew, CrewLost } from './crew.ts'
import { handOver, makeFile, type SourceFile, sha256Of, sourceFiles } from './files.ts'
import {
  configurations,
  contactsFrom,
  linkArguments,
  type PassPlan,
  type Places,
  socketOf,
  timeoutMs,
} from './plan.ts'
import { type Display, displayOn, NO_DISPLAY } from './screen.ts'
import { type FileResult, summarise, summaryLines } from './summary.ts'
import { fileViews, isOver, type PassView } from './view.ts'
import { Watch } from './watch.ts'

export async function pass(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const sockets = mkdtempSync(join(tmpdir(), 'downpour-'))
  const folder =
    given.values.keep === undefined ? join(sockets, 'pass') : resolve(given.values.keep)
  makeEmpty(folder)
  const interrupted = interruption()
  const crew = new Crew(folder)
  try {
    const operands =
      given.operands.length > 0 ? given.operands : [makeFile(folder, given.values.seed)]
    const files = sourceFiles(operands)
    const plan = planOf(given.values, files)
    const display = given.values.json ? NO_DISPLAY : displayOn(process.stdout)
    const flight = { plan, files, places: { folder, sockets }, crew, clock: systemClock }
    const signal = AbortSignal.any([interrupted, crew.loss])
    const view = await fly(flight, display, signal)
    await crew.stop()
    return await conclude(flight, view, given.values.json)
  } catch (error) {
    if (interrupted.aborted) return INTERRUPTED
    const why = crew.loss.aborted ? crew.loss.reason : error
    if (!(why instanceof CrewLost || why instanceof Refusal)) throw error
    process.stderr.write(`downpour: ${why.message}\n`)
    return FAILED
  } finally {
    await crew.stop()
    rmSync(sockets, { recursive: true, force: true })
  }
}

/** What an earlier pass left in a folder would be taken for a part of this one. @throws UsageError */
function makeEmpty(folder: string): void {
  mkdirSync(folder, { recursive: true })
  if (readdirSync(folder).length > 0)
    throw new UsageError(`Cannot keep the pass in ${folder}: it is not empty`)
}

interface Flight {
  readonly plan: PassPlan
  readonly files: readonly SourceFile[]
  readonly places: Places
  readonly crew: Crew
  readonly clock: Clock
}

/** From an empty folder to the last view: all safe or failed, or out of time. */
async function fly(flight: Flight, display: Display, signal: AbortSignal): Promise<PassView> {
  const { plan, places, files, clock } = flight
  const contacts = contactsFrom(clock.utcMs(), plan)
  await startCrew(flight, contacts, signal)
  const watch = new Watch({ plan, places, contacts, files, clock })
  const deadline = clock.now() + timeoutMs(plan)
  for (const file of files) {
    const path = handOver(file, join(places.folder, 'files'))
    await ask(socketOf('onboard', places), '/send', { path })
  }
  try {
    for (;;) {
      const view = await watch.look()
      display.show(view)
      if (isOver(fileViews(view)) || clock.now() > deadline) return view
      await clock.until(clock.now() + display.everyMs, signal)
      signal.throwIfAborted()
    }
  } finally {
    display.end()
  }
}

async function startCrew(
  flight: Flight,
  contacts: readonly Contact[],
  signal: AbortSignal,
): Promise<void> {
  const { plan, places, crew } = flight
  const line = crew.start('link', linkArguments(plan, contacts, places))
  const ends = JSON.parse(await crew.firstLine(line)) as { onboard: Where; station: Where }
  const configs = configurations(plan, { places, ends, contacts })
  mkdirSync(join(places.folder, 'outbox'), { recursive: true })
  // The contact begins when the spacecraft is there: the ground is ready before, and files follow at once.
  for (const role of ['station', 'onboard'] as const) {
    // JSON is YAML too, and an end that reads JSON starts without the library for YAML.
    const file = join(places.folder, `${role}.json`)
    writeFileSync(file, `${JSON.stringify(configs[role], null, 2)}\n`)
    crew.start(role, ['--config', file])
    await answers(socketOf(role, places), flight, signal)
  }
}

/** Resolves when a process is ready, and its modem there: until then it refuses, or does not answer. */
async function answers(socket: string, { clock }: Flight, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    try {
      await ask(socket, '/healthz')
      return
    } catch (error) {
      if (!(error instanceof NobodyAnswers || error instanceof Refusal)) throw error
    }
    await clock.until(clock.now() + START_POLL_MS, signal)
  }
}

/** Compares, and says what came of it. @returns the exit code */
async function conclude(flight: Flight, view: PassView, json: boolean): Promise<number> {
  const { plan } = flight
  const files = await compared(flight, view)
  const summary = summarise({ view, files, seed: plan.seed })
  if (json) process.stdout.write(`${JSON.stringify(summary)}\n`)
  else {
    const ink = inkFor(showsColour(process.stdout, process.env))
    const width = process.stdout.isTTY ? process.stdout.columns : 100
    process.stdout.write(`\n${summaryLines(summary, { width, ink }).join('\n')}\n`)
  }
  for (const { name, why, phase } of fileViews(view))
    if (phase === 'failed') process.stderr.write(`downpour: ${name}: ${why ?? 'no reason given'}\n`)
  if (!isOver(fileViews(view))) {
    process.stderr.write(`downpour: not all files were safe after ${timeoutMs(plan) / 1_000} s\n`)
    return TIMED_OUT
  }
  return files.every(file => file.equal) ? 0 : FAILED
}

async function compared({ files }: Flight, view: PassView): Promise<FileResult[]> {
  const results: FileResult[] = []
  for (const file of fileViews(view)) {
    const sha256 = (await sha256Of(files[file.index]?.path)) ?? ''
    const delivered = file.phase === 'safe' ? await sha256Of(file.station?.path) : undefined
    results.push({ name: file.name, octets: file.octets, sha256, equal: delivered === sha256 })
  }
  return results
}

/** Aborts when the user has had enough. */
function interruption(): AbortSignal {
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => interrupted.abort(new UsageError(`Ended by ${signal}`)))
  return interrupted.signal
}

const START_POLL_MS = 10
const FAILED = 1
const TIMED_OUT = 4
const INTERRUPTED = 130
