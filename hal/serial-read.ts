/**
 * How a serial device is read, in the place of what the serialport package does by itself. That one goes
 * through a thread for every read, and reads for ever, at full load, from a device that hung up between
 * two reads: such a device answers no error but nothing, again and again.
 */
import { readSync } from 'node:fs'
import { errorCode } from './file-error.ts'
import type { Clock } from './ports.ts'

/** An open device of the serialport package, as far as it is used here. */
export interface Device {
  read(into: Uint8Array, offset: number, length: number): Promise<Reading>
  write(octets: Uint8Array): Promise<void>
  /** Null once it is closed. */
  readonly fd: number | null
  /** Not on Windows, where nothing is changed. */
  readonly poller?: { once(event: 'readable', tell: (error: Error | null) => void): unknown }
}

interface Reading {
  readonly buffer: Uint8Array
  readonly bytesRead: number
}

/**
 * Makes reads of `device` cheap. After a small read the next one waits a little, so that octets of a slow
 * line pile up and it costs 250 turns a second at most. A lone octet is not delayed: its read was waiting
 * for it. Changes and answers `device`.
 */
export function readCalmly(device: Device, clock: Clock): Device {
  if (device.poller === undefined) return device
  let isSmall = false
  device.read = async (into, offset, length) => {
    if (isSmall) await clock.until(clock.now() + CALM_MS, NEVER)
    for (;;) {
      const count = readNow(device, into, offset, length)
      if (count !== undefined) {
        isSmall = count < SMALL_OCTETS
        return { buffer: into, bytesRead: count }
      }
      await readable(device)
    }
  }
  return device
}

/** Undefined if nothing waits: the device is opened not to block. */
function readNow(
  device: Device,
  into: Uint8Array,
  offset: number,
  length: number,
): number | undefined {
  if (device.fd === null) throw new ReadCanceled('the port is closed')
  try {
    const count = readSync(device.fd, into, offset, length, null)
    if (count > 0) return count
  } catch (error) {
    if (WAIT.has(errorCode(error) ?? '')) return undefined
    throw error
  }
  throw new Error('The line hung up')
}

function readable(device: Device): Promise<void> {
  return new Promise((resolve, reject) => {
    device.poller?.once('readable', error => (error ? reject(error) : resolve()))
  })
}

/** By `canceled`, the port knows that this is no fault of the line. */
class ReadCanceled extends Error {
  readonly canceled = true
}

const WAIT = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR'])
const SMALL_OCTETS = 512
const CALM_MS = 4
const NEVER = new AbortController().signal
