import t from 'tap'
import { edgeSettings, spacecraftSettings } from '../../bin/settings.ts'
import { type OnboardConfig, readConfig, type StationConfig } from '../../hal/config/config.ts'

const LINK = 'entity: 1\npeer: 2\nmodem: { kind: tcp, listen: 0 }\n'
const CONTACTS = `contacts:
  - { start: 1000, end: 4000, station: Kiruna }
  - { start: 2000, end: 6000, station: Delft, role: secondary }
  - { start: 8000, end: 9000, station: Delft, role: secondary }
`

t.test(
  'spacecraftSettings() has every contact with its role, on the clock of the machine',
  async t => {
    const config = (await readConfig(
      `role: onboard\noutbox: o\n${LINK}${CONTACTS}`,
      '/a',
      {},
    )) as OnboardConfig
    t.match(spacecraftSettings(config, 70, 1_000).contacts, [
      { start: 70, end: 3_070, station: 'Kiruna', role: 'main' },
      { start: 1_070, end: 5_070, station: 'Delft', role: 'secondary' },
      { start: 7_070, end: 8_070, station: 'Delft', role: 'secondary' },
    ])
    const always = (await readConfig(
      `role: onboard\noutbox: o\n${LINK}`,
      '/a',
      {},
    )) as OnboardConfig
    t.equal(spacecraftSettings(always, 0, 0).contacts, undefined)
  },
)

t.test(
  'edgeSettings(): a station sends in its main contacts, and never if it has none',
  async t => {
    const edge = async (contacts: string, link = LINK) => {
      const config = await readConfig(`role: station\narchive: a\n${link}${contacts}`, '/a', {})
      const { contacts: mains, uplink } = edgeSettings(config as StationConfig, 0, 0)
      return { mains, service: uplink.service }
    }
    t.strictSame(await edge(`${CONTACTS}station: Kiruna\n`), {
      mains: [{ start: 1_000, end: 4_000 }],
      service: 'bd',
    })
    t.strictSame(await edge(`${CONTACTS}station: Delft\n`), { mains: [], service: 'none' })
    t.strictSame(await edge(''), { mains: undefined, service: 'bd' })
    const heard = 'contacts: [{ start: 8000, end: 9000, role: secondary }]\n'
    t.strictSame(await edge(heard), { mains: [], service: 'none' })
    t.match(await edge('uplink: { service: none }\n'), { service: 'none' })
    t.match(await edge('contacts: []\n'), { mains: [], service: 'bd' })
  },
)
