/**
 * The rules of the house. Each takes the tree and answers its complaints, one line each: the file, the
 * line, and the stranger. No complaint, no line.
 */
import { posix } from 'node:path'
import ts from 'typescript'
import { folderOf, importsOf, parse, sources, type Tree, walk } from './tree.ts'

/** Folders whose code does no I/O; their main.ts, where the shell begins, and their shell/ are not pure. */
const PURE = ['protocol', 'onboard', 'station', 'ground']
const SHELL = /^(onboard|station|ground)\/(main\.ts|shell\/)/
const LINES_MAX = 400

/** What each folder may import: folders of the house, single files, `node:`, one package, or any. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: ['protocol'],
  onboard: ['onboard', 'protocol', 'hal/ports.ts'],
  station: ['station', 'protocol', 'hal/ports.ts'],
  // SGP4 is arithmetic: the package has no clock and no I/O (docs/decisions/0017-contact-plan.md).
  ground: ['ground', 'protocol', 'hal/ports.ts', 'satellite.js'],
  hal: ['hal', 'protocol', 'node:', 'package'],
  bin: ['bin', 'onboard', 'station', 'ground', 'hal', 'protocol', 'node:', 'package'],
}

export function strangers(tree: Tree): string[] {
  return sources(tree, 'product').flatMap(([path, text]) => {
    const folder = folderOf(path)
    const allowed = [...(MAY_IMPORT[folder] ?? []), ...(SHELL.test(path) ? ['hal', 'node:'] : [])]
    return importsOf(path, text)
      .filter(one => !allowed.some(rule => matches(rule, one.target, one.isRelative)))
      .map(
        one =>
          `${path}:${one.line} imports ${one.target}; ${folder} may import ${allowed.join(', ')}`,
      )
  })
}

/** What another package happens to bring is not ours to import: the next one that it brings may be another one. */
export function undeclared(tree: Tree): string[] {
  const manifest = Object(JSON.parse(tree.get('package.json') ?? '{}'))
  const product = new Set([manifest.name, ...Object.keys(manifest.dependencies ?? {})])
  const all = new Set([...product, ...Object.keys(manifest.devDependencies ?? {})])
  const isOfProduct = new Set(sources(tree, 'product').map(([path]) => path))
  return sources(tree, 'all').flatMap(([path, text]) =>
    importsOf(path, text)
      .filter(one => !one.isRelative && !/^(node|file|data):/.test(one.target))
      .filter(one => !(isOfProduct.has(path) ? product : all).has(packageOf(one.target)))
      .map(one => `${path}:${one.line} imports ${one.target}, which package.json does not name`),
  )
}

function packageOf(target: string): string {
  const [first = '', second] = target.split('/')
  return first.startsWith('@') ? `${first}/${second}` : first
}

function matches(rule: string, target: string, isRelative: boolean): boolean {
  if (rule === 'node:') return target.startsWith('node:')
  if (rule === 'satellite.js') return target === rule
  if (rule === 'package') return !isRelative && !target.startsWith('node:')
  return isRelative && (target === rule || target.startsWith(`${rule}/`))
}

/** Circles among all TypeScript files, type imports counted; each circle once, from where it was met. */
export function circles(tree: Tree): string[] {
  const next = new Map(
    sources(tree, 'all').map(([path, text]) => [
      path,
      importsOf(path, text)
        .filter(one => one.isRelative)
        .map(one => one.target),
    ]),
  )
  const done = new Set<string>()
  const found: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path)
    if (at >= 0) found.push([...trail.slice(at), path].join(' -> '))
    if (at >= 0 || done.has(path)) return
    for (const target of next.get(path) ?? []) visit(target, [...trail, path])
    done.add(path)
  }
  for (const path of next.keys()) visit(path, [])
  return found
}

/** No index.ts, no `export * from`: a reader of an import sees the file that holds the thing. */
export function barrels(tree: Tree): string[] {
  return sources(tree, 'all').flatMap(([path, text]) => {
    const found = posix.basename(path) === 'index.ts' ? [`${path} is a barrel`] : []
    walk(parse(path, text), (node, line) => {
      if (!ts.isExportDeclaration(node) || node.moduleSpecifier === undefined) return
      if (node.exportClause === undefined) found.push(`${path}:${line} re-exports a whole file`)
    })
    return found
  })
}

export function defaultExports(tree: Tree): string[] {
  return complaints(tree, 'all', node => {
    const isDefault =
      ts.isExportAssignment(node) ||
      (ts.canHaveModifiers(node) &&
        (ts.getModifiers(node) ?? []).some(one => one.kind === ts.SyntaxKind.DefaultKeyword)) ||
      (ts.isExportSpecifier(node) && node.name.text === 'default')
    return isDefault ? 'exports a default' : undefined
  })
}

/** Names that reach for the world, for time or for chance. */
const WORLDLY = new Set(
  (
    'Date performance setTimeout setInterval setImmediate queueMicrotask clearTimeout clearInterval ' +
    'Buffer process console Promise fetch crypto globalThis require'
  ).split(' '),
)

/** No clock, chance, I/O or promise in the pure folders: all of that comes in as an argument. */
export function impurities(tree: Tree): string[] {
  return complaints(tree, 'product', (node, path) => {
    if (!PURE.includes(folderOf(path)) || SHELL.test(path)) return undefined
    if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'is async'
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier))
      return 'awaits'
    if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random')
      return 'uses Math.random'
    if (!ts.isIdentifier(node) || !WORLDLY.has(node.text)) return undefined
    const { parent } = node
    const isMember =
      (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) &&
      parent.name === node
    return isMember ? undefined : `uses ${node.text}`
  })
}

/** The one `catch` of protocol/ turns a DecodeFault into a Malformed; anything else must fly. */
export function catches(tree: Tree): string[] {
  const allowed = 'protocol/cfdp/pdu/codec.ts'
  const found = complaints(tree, 'product', (node, path) =>
    folderOf(path) === 'protocol' && ts.isCatchClause(node)
      ? `catches; in protocol/ one catch in ${allowed} may`
      : undefined,
  )
  const first = found.findIndex(text => text.startsWith(`${allowed}:`))
  return found.filter((_, i) => i !== first)
}

export function longFiles(tree: Tree): string[] {
  const decisions = [...tree].filter(([path]) => isDecision(path)).map(([, text]) => text)
  return sources(tree, 'all').flatMap(([path, text]) => {
    const lines = text.split('\n').length - 1
    if (lines <= LINES_MAX || decisions.some(page => page.includes(path))) return []
    return [`${path} has ${lines} lines; ${LINES_MAX} is the ceiling, or a decision page names it`]
  })
}

/** Work left over belongs in an issue or a decision, not in a comment. */
export function leftovers(tree: Tree): string[] {
  return sources(tree, 'all').flatMap(([path, text]) =>
    text.split('\n').flatMap((line, i) => {
      const found = /(?:^|\s)(?:\/\/|\/?\*).*\b(TODO|FIXME|XXX)\b/.exec(line)
      return found === null ? [] : [`${path}:${i + 1} says ${found[1]}`]
    }),
  )
}

/** Folder names are nouns of the link. */
export function vagueFolders(tree: Tree): string[] {
  const vague = /(?:^|\/)(?:src|lib|utils?|common|helpers?|misc)\//
  return sources(tree, 'all')
    .filter(([path]) => vague.test(path))
    .map(([path]) => `${path} is in a folder that names nothing`)
}

/** A decision that nobody can find was not taken. */
export function lostDecisions(tree: Tree): string[] {
  const index = (tree.get('ARCHITECTURE.md') ?? '') + (tree.get('docs/decisions/README.md') ?? '')
  return [...tree.keys()]
    .filter(path => isDecision(path) && !index.includes(posix.basename(path)))
    .map(path => `${path} is linked neither in ARCHITECTURE.md nor in docs/decisions/README.md`)
}

/** Octets by others, or by older versions of ours, say where they come from. */
export function orphanFixtures(tree: Tree): string[] {
  return [...tree.keys()]
    .filter(path => folderOf(path) === 'fixtures' && posix.dirname(path) !== 'fixtures')
    .filter(path => !hasOrigin(posix.dirname(path), tree))
    .map(path => `${path} has no README.md beside it that says where it comes from`)
}

function hasOrigin(folder: string, tree: Tree): boolean {
  if (folder === 'fixtures' || folder === '.') return false
  return tree.has(`${folder}/README.md`) || hasOrigin(posix.dirname(folder), tree)
}

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      { readonly resolved?: string; readonly optionalDependencies?: Record<string, string> }
    >
  >
}

/**
 * `npm ci` refuses a lock in which an optional package (the binary for another platform) is missing,
 * and a lock with addresses ties everybody to the registry of whoever wrote it.
 */
export function lockFaults(lock: Lock): string[] {
  return Object.entries(lock.packages).flatMap(([path, entry]) => [
    ...(entry.resolved === undefined ? [] : [`${path} is locked to the address ${entry.resolved}`]),
    ...Object.keys(entry.optionalDependencies ?? {})
      .filter(
        name =>
          !lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`],
      )
      .map(name => `${path} wants ${name}, which is not in the lock: npm ci would fail`),
  ])
}

function isDecision(path: string): boolean {
  return /^docs\/decisions\/\d{4}-.*\.md$/.test(path)
}

function complaints(
  tree: Tree,
  which: 'product' | 'all',
  judge: (node: ts.Node, path: string) => string | undefined,
): string[] {
  return sources(tree, which).flatMap(([path, text]) => {
    const found: string[] = []
    walk(parse(path, text), (node, line) => {
      const complaint = judge(node, path)
      if (complaint !== undefined) found.push(`${path}:${line} ${complaint}`)
    })
    return found
  })
}
