/**
 * CF, the CFDP application of NASA's cFS (nasa/CF), as a peer of the benchmarks: its engine sends itself a file, from
 * one channel to the other, over the software bus of bench/cf.
 *
 * `CF_SOURCE` is the path of a checkout of CF, which is compiled as it is, beside our headers for what it asks of cFE
 * and OSAL. They were written to the sources of early 2022, after 3.0.0, as of commit c8736acd. Another build goes by
 * `CF_BENCH`: a command that is given class and segment, as in `$CF_BENCH 2 1024`, and whose last line begins with its
 * MB per second of CPU for a file of 64 MiB.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'

export interface CfPeer {
  readonly name: string
  /** MB per second of CPU, of a file of 64 MiB in class 2. @throws Error if it prints none */
  readonly rate: (segmentOctets: number) => number
}

const OUT = 'bench/out'
const HARNESS = 'bench/cf'
const ENGINE = [
  'cf_cfdp',
  'cf_cfdp_dispatch',
  'cf_cfdp_r',
  'cf_cfdp_s',
  'cf_cfdp_sbintf',
  'cf_chunk',
  'cf_clist',
  'cf_codec',
  'cf_crc',
  'cf_timer',
  'cf_utils',
]
const HEADERS = ['src', 'inc', 'platform_inc', 'mission_inc']
/** How long the peer may take. */
const PEER_MS = 120_000

/** The peer that is named by CF_BENCH or CF_SOURCE. @throws Error if CF_SOURCE does not compile */
export function cfPeer(): CfPeer | undefined {
  const command = process.env['CF_BENCH']
  if (command !== undefined) return peerOf(command, command)
  const source = process.env['CF_SOURCE']
  if (source !== undefined) return peerOf(build(source), versionOf(source))
  console.error('Neither CF_SOURCE nor CF_BENCH is set: the rows against CF of cFS are left out')
  return undefined
}

function peerOf(command: string, name: string): CfPeer {
  const rate = (segmentOctets: number) => {
    const { stdout } = spawnSync('sh', ['-c', `${command} 2 ${segmentOctets}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: PEER_MS,
    })
    const found = Number.parseFloat(stdout.trim().split('\n').at(-1) ?? '')
    if (!(found > 0)) throw new Error(`CF printed no MB/s: ${stdout.slice(-200)}`)
    return found
  }
  return { name, rate }
}

function build(source: string): string {
  mkdirSync(OUT, { recursive: true })
  const program = `${OUT}/cf-loop`
  const { status, stderr } = spawnSync(
    'cc',
    [
      ...['-O2', '-w', '-o', program, `-I${HARNESS}`],
      ...HEADERS.map(folder => `-I${source}/fsw/${folder}`),
      ...['cfe', 'loop'].map(name => `${HARNESS}/${name}.c`),
      ...ENGINE.map(name => `${source}/fsw/src/${name}.c`),
    ],
    { encoding: 'utf8' },
  )
  if (status !== 0)
    throw new Error(`CF_SOURCE does not build: ${stderr?.slice(0, 600) ?? 'cc is not here'}`)
  return program
}

function versionOf(source: string): string {
  const { stdout } = spawnSync('git', ['-C', source, 'describe', '--always', '--dirty', '--tags'], {
    encoding: 'utf8',
  })
  return `CF ${stdout?.trim() || 'of no known commit'}`
}
