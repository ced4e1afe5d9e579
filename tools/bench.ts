/**
 * `make bench`: runs every benchmark, one after the other, prints what each found, and writes docs/figures.md.
 * `make bench ONLY=cadu` runs that one and writes nothing. Exits 1 when a target is missed.
 *
 *     tsx tools/bench.ts [name]
 *
 * Each is bundled first, as the commands are: what tsx makes of a hot function is slower than what is shipped.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { arch, cpus, release, totalmem, type } from 'node:os'
import { build } from 'esbuild'
import { type Figure, holds, lineOf, targetText, valueText } from '../bench/kit/figures.ts'

interface Section {
  readonly command: string
  readonly figures: readonly Figure[]
}

const PAGE = 'docs/figures.md'
const OUT = 'build/bench'
const [only] = process.argv.slice(2)
const names = readdirSync('bench')
  .filter(name => name.endsWith('.ts'))
  .map(name => name.slice(0, -'.ts'.length))
  .filter(name => only === undefined || name === only)
await build({
  entryPoints: names.map(name => `bench/${name}.ts`),
  outdir: OUT,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
})
const sections: Section[] = []
for (const name of names) sections.push(run(name))
if (only === undefined) {
  writeFileSync(PAGE, page())
  console.log(`written to ${PAGE}`)
}
const missed = sections.flatMap(({ figures }) => figures).filter(figure => !holds(figure))
if (missed.length > 0) {
  console.error(`${missed.length} targets missed: ${missed.map(({ what }) => what).join('; ')}`)
  process.exitCode = 1
}

function run(name: string): Section {
  const ran = spawnSync(process.execPath, [`${OUT}/${name}.js`, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const command = `make bench ONLY=${name}`
  console.log(`== ${command}`)
  if (ran.stdout === '') throw new Error(`${name} measured nothing: exit ${ran.status}`)
  const { figures } = JSON.parse(ran.stdout) as { figures: Figure[] }
  for (const figure of figures) console.log(lineOf(figure))
  return { command, figures }
}

function page(): string {
  const [cpu] = cpus()
  const machine = [
    `${cpus().length} x ${cpu?.model.trim() ?? 'unknown processor'} (${arch()})`,
    `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    `${type()} ${release()}`,
    `Node ${process.versions.node}`,
  ].join(', ')
  return [
    '# Figures',
    '',
    'Written by `make bench`; not by hand. Times and speeds are those of one machine and whatever else it did',
    'meanwhile; ratios, shares and memory carry over. Every figure is a median where it says so.',
    '',
    `Machine: ${machine}.`,
    '',
    ...sections.flatMap(sectionLines),
    '## What keeps the flight process small',
    '',
    '- Each command is one bundle (`tools/bundle.ts`): a start reads some 10 files, not 70.',
    '- `downpour onboard` keeps the young generation of the heap at 1 MB (`hal/memory.ts`). No option of Node is',
    '  needed, none was given here.',
    '- A configuration in JSON spares the YAML library: 10 MB and 30 ms.',
    '- Files are read to the same few buffers (`onboard/downlink/read-ahead.ts`), and the loop winds no timer per',
    '  turn (`hal/drive.ts`): at no rate does garbage outrun its collection.',
    '',
  ].join('\n')
}

function sectionLines({ command, figures }: Section): string[] {
  return [
    `## \`${command}\``,
    '',
    '| what | figure | target | |',
    '|---|---:|---|---|',
    ...figures.map(figure => {
      const target = targetText(figure)
      const verdict = target === '' ? '' : holds(figure) ? 'holds' : '**missed**'
      const what = figure.beside === undefined ? figure.what : `${figure.what} (${figure.beside})`
      return `| ${what} | ${valueText(figure)} | ${target} | ${verdict} |`
    }),
    '',
  ]
}
