/**
 * `make build`, second step: each command becomes one file and what it shares with others, over the files of
 * the same names that tsc wrote, packages and all. What flies shares with nobody: a board opens a few files at a
 * start and not 150, and keeps less of them in memory.
 *
 *     tsx tools/bundle.ts
 *
 * Native modules stay where npm put them.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild'

/** Loaded by name from the first: each is found where its source stands. */
const COMMANDS = [
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
  'buffer',
  'modem',
  'plan',
  'pass/pass',
]

/** The package looks for its native module beside its own file, which is in no bundle. */
const NATIVE_SERIAL = `
  import { createRequire } from 'node:module'
  import { dirname } from 'node:path'
  import build from 'node-gyp-build'
  const here = createRequire(import.meta.url).resolve('@serialport/bindings-cpp/package.json')
  export const binding = build(dirname(here))
`

const native: Plugin = {
  name: 'native modules',
  setup(bundle) {
    bundle.onLoad({ filter: /bindings-cpp\/dist\/serialport-bindings\.js$/ }, ({ path }) => ({
      contents: NATIVE_SERIAL,
      resolveDir: path.slice(0, path.lastIndexOf('/')),
    }))
  },
}

/** What a board has no use for: how to look for devices, other systems, and a log of the package's own. */
const lean: Plugin = {
  name: 'nothing idle flies',
  setup(bundle) {
    const idle = [
      [/bindings-cpp\/dist\/linux-list\.js$/, 'exports.linuxList = undefined'],
      [/bindings-cpp\/dist\/(darwin|win32)\.js$/, ''],
      [/node_modules\/debug\/src\/index\.js$/, 'module.exports = () => () => {}'],
    ] as const
    for (const [filter, contents] of idle) bundle.onLoad({ filter }, () => ({ contents }))
  },
}

/** Of the flight process its own file is started. */
const flight: Plugin = {
  name: 'what flies',
  setup(bundle) {
    bundle.onResolve({ filter: /^\.\/onboard\.ts$/ }, () => ({
      path: './onboard.js',
      external: true,
    }))
  },
}

const OPTIONS = {
  outdir: 'dist/bin',
  outbase: 'bin',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
  metafile: true,
  // What is required by packages.
  banner: {
    js: `import{createRequire as requireOf}from"node:module";const require=requireOf(import.meta.url);`,
  },
} as const satisfies BuildOptions

rmSync('dist/bin/shared', { recursive: true, force: true })
rmSync('dist/bin/flight', { recursive: true, force: true })
const ground = await build({
  ...OPTIONS,
  entryPoints: ['downpour', ...COMMANDS].map(name => `bin/${name}.ts`),
  chunkNames: 'shared/[name]-[hash]',
  plugins: [native, flight],
})
const board = await build({
  ...OPTIONS,
  entryPoints: ['bin/onboard.ts'],
  chunkNames: 'flight/[name]-[hash]',
  plugins: [native, lean],
})
writeFileSync('dist/LICENSES.txt', licencesOf([ground.metafile, board.metafile]))

/** Of all packages that are in the bundles, with their names. */
function licencesOf(bundles: readonly Metafile[]): string {
  const folders = new Set<string>()
  for (const { inputs } of bundles)
    for (const path of Object.keys(inputs)) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]
      if (folder !== undefined) folders.add(folder)
    }
  return [...folders].toSorted().map(licenceIn).join('\n')
}

function licenceIn(folder: string): string {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Readonly<Record<'name' | 'version' | 'license', string>>
  const file = readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry))
  const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
  return `== ${name} ${version}: ${license}\n${text}`
}
