/** Two modems with the face of one: what is sent goes through one, what is heard comes from the other. */
import type { Modem, ModemCounters } from './ports.ts'

/** Both belong to it from now on. What the sender hears is nobody's. */
export function joinedModem(sender: Modem, receiver: Modem): Modem {
  const ignored = ignore(sender.received())
  return {
    received: () => receiver.received(),
    get roomOctets() {
      return sender.roomOctets
    },
    room: octets => sender.room(octets),
    send: octets => sender.send(octets),
    transmit: enabled => sender.transmit?.(enabled),
    capabilities: { ...sender.capabilities, duplex: 'full' },
    get heardUtcMs() {
      return receiver.heardUtcMs
    },
    get counters() {
      return joinedCounters(sender.counters, receiver.counters)
    },
    async close() {
      await Promise.all([sender.close(), receiver.close(), ignored])
    },
  }
}

/** Opened as often as the one that was opened more; the receiver's events go by `receiver: ` and their names. */
function joinedCounters(sender: ModemCounters, receiver: ModemCounters): ModemCounters {
  const heard = Object.entries(receiver.events ?? {})
  return {
    octetsIn: receiver.octetsIn,
    octetsOut: sender.octetsOut,
    opens: Math.max(sender.opens, receiver.opens),
    errors: sender.errors + receiver.errors,
    lastError: sender.lastError ?? receiver.lastError,
    isOpen: sender.isOpen && receiver.isOpen,
    events: {
      ...sender.events,
      ...Object.fromEntries(heard.map(([name, count]) => [`receiver: ${name}`, count])),
    },
  }
}

/** Read all the same: a modem that is not read hears no answers either. */
async function ignore(octets: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of octets);
}
