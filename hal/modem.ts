/** The modem that a configuration names. */
import type { ModemConfig } from './config/config.ts'
import type { Clock, Modem } from './ports.ts'

/** Its kind alone is loaded. `queueOctets`: how much may wait before the line. */
export async function openModem(
  config: ModemConfig,
  queueOctets: number,
  clock: Clock,
): Promise<Modem> {
  if (config.kind === 'serial') {
    const { SerialModem } = await import('./serial-modem.ts')
    const { path, baudRate, recordOctets } = config
    const record = recordOctets === undefined ? {} : { recordOctets }
    return SerialModem.open({ path, baudRate, queueOctets, ...record }, clock)
  }
  const { TcpModem } = await import('./tcp-modem.ts')
  const { host } = config
  const end = 'port' in config ? { host, port: config.port } : { host, listen: config.listen }
  return TcpModem.open({ ...end, queueOctets }, clock)
}
