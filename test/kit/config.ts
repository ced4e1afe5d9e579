/** Least configurations of both ends, and what is wrong with one. */
import { readConfig } from '../../hal/config/config.ts'
import { ConfigFault } from '../../hal/config/fault.ts'

export const LEAST = `
role: onboard
entity: 1
peer: 2
outbox: ./out
modem: { kind: serial, path: /dev/ttyUSB0 }
`
export const GROUND = `
role: station
entity: 2
peer: 1
archive: /srv/archive
modem: { kind: tcp, listen: 4001 }
`

/** Every fault that readConfig() finds; none if it takes the configuration. */
export async function faultsOf(
  text: string,
  env = {},
  path = '/etc/a.yaml',
): Promise<readonly string[]> {
  try {
    await readConfig(text, path, env)
    return []
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults
    throw error
  }
}
