/** Which files a command line means, under which names, and which of them go first. */
import { readdirSync, statSync } from 'node:fs'
import { basename, join, resolve, sep } from 'node:path'
import { PRIORITY_LAST } from '../../protocol/cfdp/entity/put-queue.ts'
import { UsageError, valued } from '../options.ts'

export interface FileToSend {
  readonly path: string
  /** What it is called at the other end; those of a folder begin with its name. */
  readonly name: string
  readonly octets: number
  /** 0 goes first. */
  readonly priority: number
}

/** The priority of a file by its name. */
export type Priorities = (name: string) => number

/** 5, or alarm*=0,*.raw=200: the first that fits counts. */
export const priorities = valued('N|NAME=N,...', (typed): Priorities => {
  const rules = typed.split(',').map(rule => {
    const found = /^(?:(.+)=)?(\d+)$/.exec(rule)
    const priority = Number(found?.[2])
    if (found === null || priority > PRIORITY_LAST)
      throw new UsageError(`"${rule}": such as 5 or *.raw=200, up to ${PRIORITY_LAST}, is needed`)
    return { fits: pattern(found[1] ?? '*'), priority }
  })
  return name => rules.find(({ fits }) => fits.test(basename(name)))?.priority ?? USUAL
})

/** Files, and all that are in folders but for hidden ones; the most urgent first. @throws UsageError */
export function filesToSend(
  operands: readonly string[],
  priorityOf: Priorities,
): readonly FileToSend[] {
  return operands
    .flatMap(operand => [...filesAt(operand)])
    .map(([path, name]) => {
      const { size: octets } = statSync(path)
      return { path, name, octets, priority: priorityOf(name) }
    })
    .toSorted((one, other) => one.priority - other.priority)
}

function* filesAt(operand: string): Generator<readonly [path: string, name: string]> {
  const path = resolve(operand)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isFile() === true) yield [path, basename(path)]
  else if (found?.isDirectory() === true) yield* filesIn(path)
  else throw new UsageError(`Cannot send ${operand}: it is no file and no folder`)
}

function* filesIn(folder: string): Generator<readonly [path: string, name: string]> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter(name => !name.split(sep).some(part => part.startsWith('.')))
  for (const name of files.toSorted())
    yield [join(folder, name), [basename(folder), ...name.split(sep)].join('/')]
}

/** `*` stands for any text. */
function pattern(typed: string): RegExp {
  const parts = typed.split('*').map(part => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`)
}

/** Of a file that no rule speaks of: there is room before it and behind it. */
const USUAL = 100
