/** The Debian package, as it would lie on a board: what is in it runs, and what installs it may run twice. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const BARE = { PATH: '/usr/bin:/bin' }
const skip = spawnSync('dpkg-deb', ['--version']).status === 0 ? false : 'dpkg-deb is missing'

t.test('make deb', { skip }, async t => {
  const folder = t.testdir()
  const file = packed(join(folder, 'one'))
  const root = join(folder, 'board')
  execFileSync('dpkg-deb', ['-x', file, root])
  execFileSync('dpkg-deb', ['-e', file, join(folder, 'control')])
  const home = join(root, 'usr/lib/downpour')
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(root, 'usr/bin/downpour'), ...args], {
      env: BARE,
      cwd: '/',
      encoding: 'utf8',
    })

  t.test('the same source makes the same octets', async t => {
    t.equal(sumOf(packed(join(folder, 'two'))), sumOf(file))
  })

  t.test('runs from where it lies, without anything else', async t => {
    t.match(run('--version'), { status: 0, stdout: /^downpour \d+\.\d+\.\d+\n$/ })
    for (const end of ['onboard', 'station']) {
      const check = run('config', 'check', join(root, `etc/downpour/${end}.yaml`))
      t.match(check, { status: 0, stderr: '' }, end)
    }
    t.match(run('modem', 'ls'), { status: 0, stdout: /endurosat-uhf/ })
    t.match(run('plan', 'schema'), { status: 0 })
  })

  t.test(
    'the serial line finds its native module, and says that the device is missing',
    async t => {
      const config = join(folder, 'onboard.json')
      const modem = { kind: 'lithium', path: '/dev/no-device' }
      const places = { outbox: '/nowhere', control: { socket: '/nowhere' } }
      const onboard = { role: 'onboard', entity: 1, peer: 2, ...places, modem }
      writeFileSync(config, JSON.stringify({ ...onboard, downlink: { rateBps: 9_600 } }))
      const probe = run('modem', 'probe', config, '--timeout', '10ms')
      t.match(probe, { status: 1, stderr: /No such file or directory/ })
      for (const [arch, modules] of [
        ['arm', 2],
        ['arm64', 1],
        ['x64', 1],
      ] as const) {
        const found = readdirSync(
          join(home, `node_modules/@serialport/bindings-cpp/prebuilds/linux-${arch}`),
        )
        t.equal(found.length, modules, arch)
      }
    },
  )

  t.test('says what it needs, and what of it is to be kept', async t => {
    const control = readFileSync(join(folder, 'control/control'), 'utf8')
    t.match(control, /^Package: downpour\nVersion: \d+\.\d+\.\d+\nArchitecture: all\n/)
    t.match(control, /^Depends: nodejs \(>= 20\.19\)/m)
    const kept = readFileSync(join(folder, 'control/conffiles'), 'utf8').trim().split('\n')
    for (const path of kept) t.ok(existsSync(join(root, path)), path)
    const sums = spawnSync('md5sum', ['--quiet', '-c', join(folder, 'control/md5sums')], {
      cwd: root,
    })
    t.equal(sums.status, 0)
  })

  t.test('its scripts do the same again without harm', async t => {
    const [stubs, told] = [join(folder, 'stubs'), join(folder, 'told')]
    mkdirSync(stubs)
    for (const name of [
      'adduser',
      'addgroup',
      'getent',
      'install',
      'udevadm',
      'systemctl',
      'rm',
      'find',
      'rmdir',
    ])
      writeFileSync(join(stubs, name), `#!/bin/sh\necho ${name} "$@" >> ${told}\n`, { mode: 0o755 })
    const script = (name: string, ...args: string[]) =>
      spawnSync('/bin/sh', [join(folder, 'control', name), ...args], { env: { PATH: stubs } })
        .status
    for (let i = 0; i < 2; i++) {
      t.equal(script('postinst', 'configure', '0.0.9'), 0)
      t.equal(script('prerm', 'remove'), 0)
      t.equal(script('postrm', 'purge'), 0)
    }
    const lines = readFileSync(told, 'utf8').split('\n')
    t.equal(lines.filter(line => /^adduser --quiet downpour dialout$/.test(line)).length, 2)
    t.notMatch(lines, /^rm .*\/var\/lib/m, 'files that wait stay')
  })

  t.test('systemd takes its units', { skip: verifier() }, async t => {
    for (const end of ['onboard', 'station']) {
      const unit = readFileSync(
        join(root, `usr/lib/systemd/system/downpour-${end}.service`),
        'utf8',
      )
      t.match(unit, new RegExp(`^ExecStart=/usr/bin/downpour ${end} `, 'm'))
      const here = join(folder, `downpour-${end}.service`)
      writeFileSync(
        here,
        unit.replace('/usr/bin/downpour', '/bin/true').replace(/^Documentation=.*\n/m, ''),
      )
      const said = spawnSync('systemd-analyze', ['verify', here], { encoding: 'utf8' })
      const about = said.stderr.split('\n').filter(line => line.includes('downpour'))
      t.strictSame(about, [])
    }
  })
})

function packed(folder: string): string {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, SOURCE_DATE_EPOCH: '1767225600' }
  const made = spawnSync(process.execPath, ['--import', 'tsx', 'tools/deb.ts', folder], {
    env,
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(made.stderr)
  return made.stdout.trim()
}

function sumOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

/** Why it cannot be asked. */
function verifier(): string | false {
  return spawnSync('systemd-analyze', ['--version']).status === 0
    ? false
    : 'systemd-analyze is missing'
}
