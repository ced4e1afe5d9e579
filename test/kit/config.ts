/** Least configurations of both ends, and what is wrong with one. */
import type { Test } from 'tap'
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

/** A configuration that is refused: what is wrong with it, its text, and what is in the one sentence about it. */
export type Refusal = readonly [what: string, text: string, sentence: string]

/** A test for each: the sentence is said, and nothing else. */
export function refuses(test: Test, refusals: readonly Refusal[]): void {
  for (const [what, text, sentence] of refusals)
    test.test(`readConfig() refuses ${what}`, async t => {
      const faults = await faultsOf(text)
      t.ok(
        faults.some(fault => fault.includes(sentence)),
        faults.join('\n'),
      )
      // A line that is no YAML is two things that are wrong.
      if (!what.includes('YAML')) t.equal(faults.length, 1, 'and says nothing else')
    })
}

/** The least configuration aboard, or ashore, with another modem. */
export function aboard(modem: string, more = ''): string {
  return `${LEAST.replace(/modem: .*/, `modem: { ${modem} }`)}${more}`
}

export function ashore(modem: string, more = ''): string {
  return `${GROUND.replace(/modem: .*/, `modem: { ${modem} }`)}${more}`
}
