/** The uplink in the status of either end, in one line. Pure. */
import { countText } from './figures.ts'
import type { Ink } from './ink.ts'
import type { OnboardStatus, StationStatus } from './statuses.ts'

export function onboardUplinkText({ uplink }: OnboardStatus, ink: Ink): string {
  const { cop1, sdls } = uplink
  const state = cop1.state === 'lockout' ? ink.bad(cop1.state) : cop1.state
  const { opened = 0, ...refusals } = sdls ?? {}
  const refused = Object.values(refusals).reduce((sum, count) => sum + count, 0)
  const secured = `, SDLS ${countText(opened)} opened, ${countText(refused)} refused`
  return (
    `${countText(uplink.frames)} frames, COP-1 ${state} at ${cop1.expected}` +
    (sdls === undefined ? '' : refused > 0 ? ink.warn(secured) : secured)
  )
}

export function stationUplinkText({ uplink, queues }: StationStatus, ink: Ink): string {
  const { cop1, sdls, service, frames, unheard } = uplink
  const waits = unheard === true ? ink.warn(', files wait until the spacecraft is heard') : ''
  const secured = `${sdls === undefined ? '' : `, SDLS under SPI ${sdls.spi}`}${waits}`
  if (service === 'none') {
    const parts = queues.rx === 0 ? '' : `, ${countText(queues.rx)} in parts wait for an uplink`
    return `none: it only listens${parts}`
  }
  if (cop1 === undefined) return `${service.toUpperCase()}, ${countText(frames)} frames${secured}`
  const isActive = cop1.state < 'S4'
  const state = isActive ? ink.good(cop1.state) : ink.warn(cop1.state)
  const lockout = cop1.lockout ? ink.bad(', the spacecraft is in lockout') : ''
  return (
    `AD, ${countText(frames)} frames, COP-1 ${state} at ${cop1.next}, ` +
    `${cop1.underWay} under way, ${countText(cop1.alerts)} ends${lockout}${secured}`
  )
}
