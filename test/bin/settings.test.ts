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

t.test('edgeSettings() is in contact in every contact that it is told of', async t => {
  const config = (await readConfig(
    `role: station\narchive: a\n${LINK}${CONTACTS}`,
    '/a',
    {},
  )) as StationConfig
  t.strictSame(edgeSettings(config, 0, 0).contacts, [
    { start: 1_000, end: 6_000 },
    { start: 8_000, end: 9_000 },
  ])
})

t.test('both ends know UTC from the start: what they read next is no step', async t => {
  const folders = { onboard: 'outbox: o', station: 'archive: a' }
  const [onboard, station] = await Promise.all(
    (['onboard', 'station'] as const).map(role =>
      readConfig(`role: ${role}\n${folders[role]}\n${LINK}`, '/a', {}),
    ),
  )
  t.equal(spacecraftSettings(onboard as OnboardConfig, 70, 1_000).epochUtcMs, 930)
  t.equal(edgeSettings(station as StationConfig, 70, 1_000).epochUtcMs, 930)
})
