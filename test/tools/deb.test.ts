/** The Debian package, taken apart: what lies where, by whose rights, and what its scripts and units name. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

if (spawnSync('dpkg-deb', ['--version']).status !== 0) {
  t.pass('the package', { skip: 'dpkg-deb is missing' })
  t.end()
} else {
  const folder = t.testdir({ one: {}, other: {} })
  const [deb, again] = ['one', 'other'].map(name =>
    execFileSync(process.execPath, ['--import', 'tsx', 'tools/deb.ts', join(folder, name)], {
      encoding: 'utf8',
      env: { ...process.env, SOURCE_DATE_EPOCH: '1700000000' },
    }).trim(),
  ) as [string, string]
  const root = join(folder, 'root')
  execFileSync('dpkg-deb', ['-R', deb, root])
  const files = listing(deb)

  t.test('the same source makes the same octets', async t => {
    t.ok(readFileSync(deb).equals(readFileSync(again)))
  })

  t.test('all of it belongs to root, and nobody else may write there', async t => {
    for (const { mode, owner, path } of files) {
      t.equal(owner, 'root/root', path)
      const isProgram = path === './usr/lib/downpour/bin/downpour.js'
      const kind = mode[0] as string
      const rights = { d: 'rwxr-xr-x', l: 'rwxrwxrwx', '-': isProgram ? 'rwxr-xr-x' : 'rw-r--r--' }
      t.equal(mode.slice(1), rights[kind as keyof typeof rights], path)
    }
    t.notOk(
      files.some(({ path }) => path.startsWith('./var')),
      'what is written is made at the installation, by its user',
    )
  })

  t.test('every file of /etc is kept over upgrades, and no other', async t => {
    const kept = readFileSync(join(root, 'DEBIAN/conffiles'), 'utf8').trim().split('\n')
    const ofEtc = files.filter(({ mode, path }) => mode[0] === '-' && path.startsWith('./etc/'))
    t.strictSame(
      kept,
      ofEtc.map(({ path }) => path.slice(1)),
    )
  })

  t.test('the sums are those of all files', async t => {
    const sums = readFileSync(join(root, 'DEBIAN/md5sums'), 'utf8').trim().split('\n')
    const plain = files.filter(({ mode }) => mode[0] === '-')
    t.equal(sums.length, plain.length)
    for (const { path } of plain) {
      const sum = createHash('md5')
        .update(readFileSync(join(root, path)))
        .digest('hex')
      t.ok(sums.includes(`${sum}  ${path.slice(2)}`), path)
    }
  })

  t.test(
    'its scripts are of the shell, end at the first fault, and follow no link as root',
    async t => {
      for (const name of ['postinst', 'prerm', 'postrm']) {
        const path = join(root, 'DEBIAN', name)
        const text = readFileSync(path, 'utf8')
        t.ok(text.startsWith('#!/bin/sh\nset -e\n'), name)
        t.equal(spawnSync('sh', ['-n', path]).status, 0, name)
        // In its folder whoever runs as the user could have laid a link.
        const makes = /\b(?:install|mkdir|chown|chmod)\b.*(?:\$folder|\/downpour\/)/
        for (const line of text.split('\n').filter(one => makes.test(one)))
          t.match(line, 'runuser -u downpour -- ', name)
      }
    },
  )

  t.test('units start a program that is there, with a configuration that is good', async t => {
    for (const end of ['onboard', 'station']) {
      const unit = readFileSync(
        join(root, `usr/lib/systemd/system/downpour-${end}.service`),
        'utf8',
      )
      const of = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? ''
      const [program = '', command, , config = ''] = of('ExecStart').split(' ')
      const entry = realpathSync(join(root, program))
      t.ok(entry.endsWith('/usr/lib/downpour/bin/downpour.js'))
      t.match(readFileSync(entry, 'utf8'), /^#!\/usr\/bin\/node\n/)
      t.equal(command, end)
      const run = (...args: string[]) =>
        spawnSync(process.execPath, [entry, ...args], { encoding: 'utf8' })
      t.match(run('config', 'check', join(root, config)), { status: 0, stderr: '' })
      t.match(run('--version').stdout, /^downpour \d+\.\d+\.\d+\n$/)
      t.strictSame([of('Type'), of('NotifyAccess')], ['notify', 'all'])
      t.strictSame([of('Restart'), of('StartLimitIntervalSec')], ['always', '0'])
      for (const [, page] of of('Documentation').matchAll(/file:(\S+)/g))
        t.ok(existsSync(join(root, page as string)), `${page}`)
    }
  })

  t.test('the native module is there for every architecture that is named', async t => {
    const native = files.filter(({ path }) => path.endsWith('.node'))
    const machines = native.map(({ path }) => readFileSync(join(root, path)).readUInt16LE(18))
    // ELF: 40 ARM, 183 AArch64, 62 x86-64.
    t.strictSame(
      machines.toSorted((one, other) => one - other),
      [40, 40, 62, 183],
    )
  })
}

/** As `dpkg-deb --contents` has it. */
function listing(deb: string): { mode: string; owner: string; path: string }[] {
  const lines = execFileSync('dpkg-deb', ['-c', deb], { encoding: 'utf8' }).trim().split('\n')
  return lines.map(line => {
    const [mode = '', owner = '', , , , path = ''] = line.split(/\s+/)
    return { mode, owner, path }
  })
}
