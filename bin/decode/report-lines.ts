/** What was found in a recording, for people. */
import { countText, octetsText, percentText, printable } from '../figures.ts'
import { spacecraftRows } from '../housekeeping-lines.ts'
import type { ChannelReport } from './channel.ts'
import type { ConvolutionalReport } from './codeblocks.ts'
import type { Report } from './decoder.ts'
import type { HousekeepingReport } from './housekeeping-tally.ts'
import type { HeardTime } from './kiss-recording.ts'
import type { TalliedApid } from './packet-tally.ts'
import type { TransactionReport } from './transaction.ts'

export function reportLines(report: Report & { readonly heard: HeardTime | null }): string[] {
  const { cfdp, heard } = report
  return [
    ...linkLines(report),
    ...(heard === null ? [] : [`heard      ${utc(heard.firstUtcMs)} to ${utc(heard.lastUtcMs)}`]),
    ...report.channels.flatMap(channelLines),
    ...(report.apids.length > 0 ? ['packets', ...report.apids.map(apidLine)] : []),
    ...(report.leftOctets > 0
      ? [`${countText(report.leftOctets)} octets are no whole packet`]
      : []),
    ...housekeepingLines(report.housekeeping),
    ...cfdpLines(cfdp.pdus),
    ...cfdp.transactions.map(transactionLine),
  ]
}

function housekeepingLines(said: HousekeepingReport | null): string[] {
  if (said === null) return []
  const { packets, newest } = said
  const at = utc(newest.utcMs)
  return [
    `told       ${countText(packets)} housekeeping packets, the newest of ${at}`,
    ...spacecraftRows(newest).map(([name, value]) => `  ${name.padEnd(9)}${printable(value)}`),
  ]
}

function utc(ms: number): string {
  return new Date(ms).toISOString()
}

function linkLines({ octets, convolutional, sync, frames, randomizer }: Report): string[] {
  const { good, corrected, symbolsCorrected, bad, foreign, why } = frames
  const lines = [`recording  ${octetsText(octets)}`]
  if (convolutional !== null) lines.push(symbolsLine(convolutional))
  if (sync !== null)
    lines.push(
      `markers    ${countText(sync.markers)}; ${countText(sync.flywheels)} bridged, ${countText(sync.slips)} bit slips, ` +
        `${countText(sync.inversions)} inversions, ${octetsText(sync.octetsSkipped)} between frames`,
    )
  if (good + bad + foreign > 0)
    lines.push(
      `frames     ${countText(good)} good, ${countText(corrected)} of them corrected (${countText(symbolsCorrected)} symbols), ` +
        `${countText(bad)} bad${foreign > 0 ? `, ${countText(foreign)} of other spacecraft` : ''}`,
    )
  if (randomizer !== null)
    lines.push(`randomizer ${randomizer}, ${randomizer === 'short' ? '255' : '131,071'} bits`)
  return [...lines, ...why.map(text => `           bad: ${text}`)]
}

function symbolsLine({ rate, branches, symbols, corrected, slips }: ConvolutionalReport): string {
  const share = symbols > 0 ? ((100 * corrected) / symbols).toPrecision(2) : '0'
  return (
    `symbols    rate ${rate}, ${branches ?? 'no branches'}: ${countText(symbols)} of a code, ` +
    `${countText(corrected)} of them wrong (${share} %), ${countText(slips)} slips`
  )
}

function channelLines(channel: ChannelReport): string[] {
  const { kind, spacecraftId, virtualChannel, frames, idleFrames, gaps, missingFrames } = channel
  const name = `${kind} ${spacecraftId}/${virtualChannel}`.padEnd(10)
  return [
    `${name} ${countText(frames)} frames (${countText(idleFrames)} idle), ${countText(channel.correctedFrames)} corrected, ` +
      `${countText(gaps)} gaps (${countText(missingFrames)} frames missing), ${countText(channel.duplicateFrames)} twice`,
    `           ${countText(channel.packets)} packets, ${countText(channel.idlePackets)} idle, ${countText(channel.cutPackets)} cut`,
    ...channel.apids.map(apidLine),
  ]
}

function apidLine({ apid, packets, octets, missing }: TalliedApid): string {
  const lacking = missing > 0 ? `, ${countText(missing)} missing` : ''
  return `           apid ${String(apid).padEnd(5)} ${countText(packets)} packets, ${octetsText(octets)}${lacking}`
}

function cfdpLines(pdus: Readonly<Record<string, number>>): string[] {
  const kinds = Object.entries(pdus).map(([kind, count]) => `${countText(count)} ${kind}`)
  return kinds.length > 0 ? [`cfdp       ${kinds.join(', ')}`] : []
}

function transactionLine(file: TransactionReport): string {
  const { octets, heldOctets, path, checksumRight } = file
  const held =
    octets === null
      ? `${octetsText(heldOctets)} of ?`
      : `${octetsText(heldOctets)} of ${octetsText(octets)} (${percentText(heldOctets, octets)})`
  const state =
    file.why ?? (checksumRight === true ? 'complete, checksum right' : 'complete, unchecked')
  const id = `${file.source}-${file.sequence}`.padEnd(8)
  return `  ${id} ${printable(file.name ?? '?')}  ${held}  ${state}${path === null ? '' : `  -> ${path}`}`
}
