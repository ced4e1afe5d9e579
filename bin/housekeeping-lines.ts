/** What a station knows of the spacecraft and of the commands to it, as rows for people. Pure. */
import { VERBS } from '../protocol/command/command.ts'
import type { Housekeeping } from '../protocol/command/housekeeping.ts'
import { formatUtc } from '../protocol/plan/utc.ts'
import { countText, octetsText } from './figures.ts'
import type { StationStatus } from './statuses.ts'

type Row = readonly [name: string, value: string]

export function housekeepingRows({ housekeeping, orders }: StationStatus): readonly Row[] {
  const waiting = orders.filter(({ state }) => state === 'waiting')
  const newest = orders.findLast(({ state }) => state !== 'waiting')
  const said: Row[] = []
  if (waiting.length > 0)
    said.push([
      'commands',
      waiting.map(({ counter, command }) => `${counter} ${command}`).join(', '),
    ])
  if (newest !== undefined) {
    const { counter, command, state, why = '' } = newest
    said.push(['command', `${counter} ${command} was ${state}${why === '' ? '' : `: ${why}`}`])
  }
  if (housekeeping === undefined) return said
  const age = `${Math.round(housekeeping.ageMs / 1_000)} s ago`
  return [
    ...said,
    ...spacecraftRows(housekeeping).map(
      ([name, value], i): Row => [name, i === 0 ? `${value}, ${age}` : value],
    ),
  ]
}

/** The same of any housekeeping. */
export function spacecraftRows(report: Housekeeping): readonly Row[] {
  const { bufferFiles, bufferOctets, filesWaiting, filesOpen, filesSuspended } = report
  const { commandsAccepted, commandsRejected, commandsRepeated, commandRefusal } = report
  const mode = report.isSafe ? 'safe mode' : report.isFrozen ? 'frozen' : 'nominal'
  const verb = VERBS[report.lastVerb] ?? 'no verb'
  const rows: Row[] = [
    [
      'aboard',
      `${mode}, up ${report.uptimeS} s, start ${report.starts}, ${octetsText(report.memoryKib * 1_024)}`,
    ],
    [
      'holds',
      `${countText(bufferFiles)} files of ${octetsText(bufferOctets)}: ${filesWaiting} wait, ${filesOpen} open, ${filesSuspended} suspended`,
    ],
    [
      'verbs',
      `${commandsAccepted} accepted, ${commandsRejected} rejected, ${commandsRepeated} repeated; last ${report.lastCounter} ${verb}`,
    ],
  ]
  const { uploadsOpen, uploadsWhole, uploadsFailed, plansTaken, plansRefused } = report
  if (uploadsOpen + uploadsWhole + uploadsFailed > 0)
    rows.push([
      'inbox',
      `${uploadsWhole} whole, ${uploadsFailed} failed, ${uploadsOpen} on their way`,
    ])
  if (report.planIssuedMs > 0 || plansTaken + plansRefused > 0) {
    const issued = report.planIssuedMs > 0 ? ` of ${formatUtc(report.planIssuedMs)}` : ''
    rows.push(['plan', `in force${issued}; ${plansTaken} taken over, ${plansRefused} refused`])
  }
  if (report.planRefusal !== '') rows.push(['refused', report.planRefusal])
  if (commandRefusal !== '') rows.push(['rejected', commandRefusal])
  return rows
}
