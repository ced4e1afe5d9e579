/**
 * `make deb`: the Debian package, for every board and station of any architecture that Debian's Node runs on. One tree
 * is laid out as it will lie on the disk, and packed by dpkg-deb. The same source makes the same octets.
 *
 *     tsx tools/deb.ts [folder]
 *
 *     /usr/lib/downpour          bundles, and the native module of serial lines for four architectures
 *     /etc/downpour              a configuration of each end, to be changed
 *     /usr/lib/systemd, udev     units, and names and rights of lines to modems
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { bundleTo } from './bundles.ts'

const [folder = 'build/deb'] = process.argv.slice(2)
const root = join(folder, 'root')
const { version, description } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  version: string
  description: string
}
const CONFFILES = ['/etc/downpour/onboard.yaml', '/etc/downpour/station.yaml']
const MAINTAINER = 'Downpour <downpour@localhost>'
const PREBUILDS = ['linux-arm', 'linux-arm64', 'linux-x64']
const SERIAL = 'node_modules/@serialport/bindings-cpp'

if (!isThere('dpkg-deb')) {
  console.error('Cannot make a Debian package: dpkg-deb is missing (the package dpkg of a Debian)')
  process.exit(1)
}
// Modes are those of the package, whoever makes it.
process.umask(0o022)
rmSync(root, { recursive: true, force: true })
const licences = await bundleTo(at('/usr/lib/downpour/bin'), false)
layCode()
layPlaces()
layDocuments(licences)
layControl()
const file = join(folder, `downpour_${version}_all.deb`)
const pack = ['--root-owner-group', '-Zxz', '--build', root, file]
execFileSync('dpkg-deb', pack, {
  env: { ...process.env, SOURCE_DATE_EPOCH: epoch() },
  stdio: 'ignore',
})
console.log(file)

/** A place in the package, its folder made. */
function at(path: string): string {
  const place = join(root, path)
  mkdirSync(dirname(place), { recursive: true })
  return place
}

function put(path: string, content: string | Uint8Array, mode = 0o644): void {
  writeFileSync(at(path), content)
  chmodSync(at(path), mode)
}

function putFile(path: string, name: string, mode?: number): void {
  put(path, readFileSync(join('packaging/debian', name)), mode)
}

function layCode(): void {
  const home = '/usr/lib/downpour'
  put(`${home}/package.json`, JSON.stringify({ name: 'downpour', version, type: 'module' }))
  const main = join(root, home, 'bin/downpour.js')
  const text = readFileSync(main, 'utf8').replace(/^#!.*/, '#!/usr/bin/node')
  put(`${home}/bin/downpour.js`, text, 0o755)
  symlinkSync('../lib/downpour/bin/downpour.js', at('/usr/bin/downpour'))
  for (const name of ['package.json', 'LICENSE'])
    put(`${home}/${SERIAL}/${name}`, readFileSync(join(SERIAL, name)))
  for (const prebuild of PREBUILDS) {
    const source = join(SERIAL, 'prebuilds', prebuild)
    for (const name of readdirSync(source).filter(one => one.endsWith('.glibc.node')))
      put(`${home}/${SERIAL}/prebuilds/${prebuild}/${name}`, readFileSync(join(source, name)))
  }
}

function layPlaces(): void {
  for (const end of ['onboard', 'station']) {
    putFile(`/etc/downpour/${end}.yaml`, `${end}.yaml`)
    putFile(`/usr/lib/systemd/system/downpour-${end}.service`, `downpour-${end}.service`)
  }
  putFile('/usr/lib/udev/rules.d/60-downpour.rules', '60-downpour.rules')
  putFile('/usr/share/lintian/overrides/downpour', 'lintian-overrides')
}

function layDocuments(ofPackages: string): void {
  const home = '/usr/share/doc/downpour'
  const own = 'Downpour: Apache License 2.0, /usr/share/common-licenses/Apache-2.0.\n'
  put(`${home}/copyright`, `${own}\nIts bundles contain:\n\n${ofPackages}`)
  put(`${home}/changelog.gz`, gzipSync(changelog(), { level: 9 }))
  put(`${home}/CHANGELOG.md.gz`, gzipSync(readFileSync('CHANGELOG.md'), { level: 9 }))
  for (const name of readdirSync('docs').filter(one => /\.(md|schema\.json)$/.test(one)))
    put(`${home}/${name}`, readFileSync(join('docs', name)))
  put('/usr/share/man/man1/downpour.1.gz', gzipSync(manual(), { level: 9 }))
}

/** As Debian's tools read it; what changed is in CHANGELOG.md. */
function changelog(): string {
  const when = new Date(1_000 * Number(epoch())).toUTCString().replace('GMT', '+0000')
  const head = `downpour (${version}) unstable; urgency=medium`
  return `${head}\n\n  * See CHANGELOG.md.gz.\n\n -- ${MAINTAINER}  ${when}\n`
}

/** What `downpour --help` says, as a page. */
function manual(): string {
  const entry = join(root, 'usr/lib/downpour/bin/downpour.js')
  const help = execFileSync(process.execPath, [entry, '--help'], { encoding: 'utf8' })
  return [
    `.TH DOWNPOUR 1 "" "downpour ${version}"`,
    '.SH NAME',
    `downpour \\- ${description.replace(/^B/, 'b').replace(/\.$/, '')}`,
    '.SH SYNOPSIS',
    '.B downpour',
    'COMMAND [options]',
    '.SH DESCRIPTION',
    '.nf',
    help.trimEnd().replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^\./gm, '\\&.'),
    '.fi',
    '.SH FILES',
    '/etc/downpour/, /var/lib/downpour/, /usr/share/doc/downpour/board.md',
    '',
  ].join('\n')
}

function layControl(): void {
  const files = filesIn('')
  const octets = files.reduce((sum, path) => sum + readFileSync(join(root, path)).length, 0)
  const sums = files.map(
    path =>
      `${createHash('md5')
        .update(readFileSync(join(root, path)))
        .digest('hex')}  ${path}\n`,
  )
  const control = [
    'Package: downpour',
    `Version: ${version}`,
    'Architecture: all',
    `Maintainer: ${MAINTAINER}`,
    `Installed-Size: ${Math.ceil(octets / 1_024)}`,
    'Depends: nodejs (>= 20.19), adduser',
    'Recommends: systemd, udev',
    'Section: comm',
    'Priority: optional',
    `Description: ${description.replace(/[,.].*/, '')}`,
    ' Two ends of one link: a runtime for small Linux boards in orbit, and a runtime',
    ' beside a ground terminal. Files go down with CFDP over CCSDS frames, through',
    ' whatever modem is there, and go on where they were after any stop.',
    '',
  ]
  put('/DEBIAN/control', control.join('\n'))
  put('/DEBIAN/conffiles', `${CONFFILES.join('\n')}\n`)
  put('/DEBIAN/md5sums', sums.join(''))
  for (const name of ['postinst', 'prerm', 'postrm']) putFile(`/DEBIAN/${name}`, name, 0o755)
}

/** Relative to the root, in an order that is always the same. */
function filesIn(path: string): string[] {
  return readdirSync(join(root, path), { withFileTypes: true })
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap(entry => {
      const inner = join(path, entry.name)
      if (entry.isDirectory()) return filesIn(inner)
      return entry.isFile() ? [inner] : []
    })
}

/** When the source was committed, unless somebody says. */
function epoch(): string {
  const said = process.env['SOURCE_DATE_EPOCH']
  if (said !== undefined) return said
  try {
    return execFileSync('git', ['log', '-1', '--format=%ct'], { encoding: 'utf8' }).trim()
  } catch {
    return '0'
  }
}

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
