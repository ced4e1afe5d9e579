/**
 * Each command as one file and what it shares with others, packages and all. What flies shares with nobody: a board
 * opens a few files at a start and not 150, and keeps less of them in memory. Native modules stay where npm put them.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild'

/** Loaded by name from the first: each is found where its source stands. */
const COMMANDS = [
  'station',
  'link',
  'send',
  'uplink',
  'uplink',
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

/** Writes the bundles to a folder. @returns the licences of all packages in them, with their names */
export async function bundleTo(outdir: string, sourcemap: boolean): Promise<string> {
  for (const folder of ['shared', 'flight'])
    rmSync(join(outdir, folder), { recursive: true, force: true })
  const ground = await build({
    ...OPTIONS,
    outdir,
    sourcemap,
    entryPoints: ['downpour', ...COMMANDS].map(name => `bin/${name}.ts`),
    chunkNames: 'shared/[name]-[hash]',
    plugins: [native, flight],
  })
  const board = await build({
    ...OPTIONS,
    outdir,
    sourcemap,
    entryPoints: ['bin/onboard.ts'],
    chunkNames: 'flight/[name]-[hash]',
    plugins: [native, lean],
  })
  return licencesOf([ground.metafile, board.metafile])
}

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

const OPTIONS = {
  outbase: 'bin',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  // The line of a fault is printed with it.
  lineLimit: 160,
  // Its names can be imported when they are needed, which those of its CommonJS cannot.
  alias: { yaml: './node_modules/yaml/browser/index.js' },
  sourcesContent: false,
  logLevel: 'warning',
  metafile: true,
  // What is required by packages.
  banner: {
    js: `import{createRequire as requireOf}from"node:module";const require=requireOf(import.meta.url);`,
  },
} as const satisfies BuildOptions
