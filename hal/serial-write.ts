/**
 * How a serial device is written to, in the place of what the serialport package does by itself. That one
 * waits for room and for octets with one poller, which forgets the wait for room when octets come first: a
 * line that is busy both ways then stalls for ever.
 */
import { writeSync } from 'node:fs'
import { errorCode } from './file-error.ts'
import type { Clock } from './ports.ts'
import type { Device } from './serial-read.ts'

/** Makes writes of `device` wait by the clock. Changes and answers `device`. */
export function writeSteadily(device: Device, clock: Clock): Device {
  if (device.poller === undefined) return device
  device.write = async octets => {
    for (let done = 0; done < octets.length; ) {
      const count = writeNow(device, octets, done)
      done += count
      if (count === 0) await clock.until(clock.now() + RETRY_MS, NEVER)
    }
  }
  return device
}

/** How many octets the device took: none if it is full, for it is opened not to block. */
function writeNow(device: Device, octets: Uint8Array, done: number): number {
  if (device.fd === null) throw new WriteCanceled('the port is closed')
  try {
    return writeSync(device.fd, octets, done, octets.length - done)
  } catch (error) {
    if (FULL.has(errorCode(error) ?? '')) return 0
    throw error
  }
}

/** By `canceled`, the port knows that this is no fault of the line. */
class WriteCanceled extends Error {
  readonly canceled = true
}

const FULL = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR'])
/** Less than the 4 KiB of a terminal last at 10 Mbit/s. */
const RETRY_MS = 2
const NEVER = new AbortController().signal
