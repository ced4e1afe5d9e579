/**
 * What a board runs, on this computer: Debian's Node for the architecture of a board and the package of `make deb`, side
 * by side in a folder, run by QEMU. Nothing is installed, no root is needed.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

export interface Board {
  readonly what: string
  /** In Debian's words. */
  readonly architecture: string
  readonly emulator: string
}

export const BOARDS: readonly Board[] = [
  { what: 'ARMv7, 32 bit', architecture: 'armhf', emulator: 'qemu-arm' },
  { what: 'ARMv8, 64 bit', architecture: 'arm64', emulator: 'qemu-aarch64' },
]

/** The Debian packages of programs that are not here. */
export function missing(): readonly string[] {
  return Object.entries(PROGRAMS).flatMap(([program, debian]) =>
    spawnSync(program, ['--version']).error === undefined ? [] : [debian],
  )
}

/** Fetches what is not there, and lays the package over it. Answers what runs `downpour` there. */
export function prepared({ architecture, emulator }: Board, debFile: string): readonly string[] {
  const root = `build/boards/${architecture}`
  if (!existsSync(root)) fetchTo(root, architecture)
  rmSync(join(root, 'usr/lib/downpour'), { recursive: true, force: true })
  unpack(debFile, root)
  return [emulator, '-L', root, join(root, 'usr/bin/node'), join(root, 'usr/bin/downpour')]
}

/** Debian's Node, and the libraries that it needs, from where debootstrap is set to fetch. */
function fetchTo(root: string, architecture: string): void {
  const begun = `${root}.begun`
  rmSync(begun, { recursive: true, force: true })
  mkdirSync(begun, { recursive: true })
  const variant = ['--foreign', '--variant=minbase', '--include=nodejs', `--arch=${architecture}`]
  execFileSync('fakeroot', ['debootstrap', ...variant, RELEASE, begun], { env: ENV })
  const packages = join(begun, 'var/cache/apt/archives')
  for (const name of readdirSync(packages))
    if (name.endsWith('.deb')) unpack(join(packages, name), begun)
  renameSync(begun, root)
}

function unpack(debFile: string, root: string): void {
  execFileSync('dpkg-deb', ['-x', debFile, root])
}

const PROGRAMS = {
  'qemu-arm': 'qemu-user',
  'qemu-aarch64': 'qemu-user',
  debootstrap: 'debootstrap',
  fakeroot: 'fakeroot',
  'dpkg-deb': 'dpkg',
}
/** The first whose Node is new enough. */
const RELEASE = 'trixie'
const ENV = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` }
