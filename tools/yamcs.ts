/**
 * Fetches Yamcs from Maven Central for `make interop`, once: its libraries to build/interop/yamcs/lib. Where there is
 * no Maven, no Java 17 or no network it says so and ends well: cfdp-py is flown without it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const POM = 'interop/yamcs/pom.xml'
const FOLDER = 'build/interop/yamcs'
const LIBRARIES = `${FOLDER}/lib`
const FETCH_MS = 10 * 60_000

if (!existsSync(LIBRARIES)) {
  const why = missing() ?? fetched()
  if (why !== undefined) console.log(`Yamcs is not fetched: ${why}`)
}

function missing(): string | undefined {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' })
  const version = Number(/version "(\d+)/.exec(java.stderr ?? '')?.[1] ?? 0)
  if (version < 17) return `it needs Java 17 or newer; there is ${version === 0 ? 'none' : version}`
  const maven = spawnSync('mvn', ['-version'], { stdio: 'ignore' })
  return maven.status === 0 ? undefined : 'there is no Maven (mvn)'
}

/** Its libraries get their place when all of them are there. Answers why not. */
function fetched(): string | undefined {
  const partial = join(process.cwd(), FOLDER, 'partial')
  rmSync(partial, { recursive: true, force: true })
  const { error, status, stdout } = spawnSync(
    'mvn',
    [
      ...['--batch-mode', '--quiet', '-Dstyle.color=never', '--file', POM],
      `-Dmaven.repo.local=${join(process.cwd(), 'build/interop/m2')}`,
      '-DincludeScope=runtime',
      `-DoutputDirectory=${partial}`,
      'dependency:copy-dependencies',
    ],
    { encoding: 'utf8', timeout: FETCH_MS },
  )
  if (error !== undefined) return error.message
  if (status !== 0) return (stdout.split('\n')[0] ?? '').slice(0, 200)
  renameSync(partial, LIBRARIES)
  return undefined
}
