/**
 * `make build`, second step: each command becomes one file and what it shares with others, over the files of
 * the same names that tsc wrote. A board reads 10 files at a start and not 70, and keeps less of them in memory.
 *
 *     tsx tools/bundle.ts
 *
 * Packages stay what they are: some find their native modules beside themselves.
 */
import { rmSync } from 'node:fs'
import { build } from 'esbuild'

/** Loaded by name from the first: each is found where its source stands. */
const COMMANDS = [
  'onboard',
  'station',
  'link',
  'send',
  'command',
  'status',
  'inspect',
  'decode',
  'encode',
  'cfdp',
  'config',
  'pass/pass',
]
const SHARED = 'shared'

rmSync(`dist/bin/${SHARED}`, { recursive: true, force: true })
await build({
  entryPoints: ['downpour', ...COMMANDS].map(name => `bin/${name}.ts`),
  outdir: 'dist/bin',
  outbase: 'bin',
  chunkNames: `${SHARED}/[name]-[hash]`,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
})
