/** The source tree as the house rules see it: paths, texts, and what the TypeScript parser reads there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import ts from 'typescript'

/** Path from the root of the repository, with slashes -> text of the file. */
export type Tree = ReadonlyMap<string, string>

const ROOTS = ['protocol', 'onboard', 'station', 'ground', 'hal', 'bin']
const AROUND = ['test', 'bench', 'fixtures', 'tools', 'docs']

/** Every file below the folders of the house, and the pages at the root. */
export function readTree(): Tree {
  const paths = readdirSync('.').filter(name => /\.(md|json)$/.test(name))
  for (const root of [...ROOTS, ...AROUND]) {
    if (!existsSync(root)) continue
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) paths.push(posix.join(entry.parentPath, entry.name))
    }
  }
  const isText = /\.(ts|md|json)$/
  return new Map(
    paths.toSorted().map(path => [path, isText.test(path) ? readFileSync(path, 'utf8') : '']),
  )
}

/** The TypeScript files of the tree; of the product alone, or with tests and tools. */
export function sources(tree: Tree, which: 'product' | 'all'): [string, string][] {
  const isWanted = (path: string): boolean =>
    path.endsWith('.ts') && (which === 'all' || ROOTS.includes(folderOf(path)))
  return [...tree].filter(([path]) => isWanted(path))
}

/** The first folder of a path: `protocol` of protocol/octets/span.ts. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.indexOf('/')))
}

export interface Import {
  readonly line: number
  /** The path in the tree for a relative import; else as written (`node:fs`, `yaml`). */
  readonly target: string
  readonly isRelative: boolean
}

/** What a file imports, types too, and `import()`. Several rules ask, and it is read once. */
export function importsOf(path: string, text: string): readonly Import[] {
  const known = read.get(text)
  if (known?.path === path) return known.imports
  const imports = readImports(path, text)
  read.set(text, { path, imports })
  return imports
}

const read = new Map<string, { readonly path: string; readonly imports: readonly Import[] }>()

function readImports(path: string, text: string): Import[] {
  const found: Import[] = []
  walk(parse(path, text), (node, line) => {
    const specifier = specifierOf(node)
    if (specifier === undefined) return
    const isRelative = specifier.startsWith('.')
    const target = isRelative ? posix.join(posix.dirname(path), specifier) : specifier
    found.push({ line, target, isRelative })
  })
  return found
}

export function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true, ts.ScriptKind.TS)
}

/** Visits every node, outermost first, with the line on which it begins. */
export function walk(file: ts.SourceFile, visit: (node: ts.Node, line: number) => void): void {
  const step = (node: ts.Node): void => {
    visit(node, file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1)
    ts.forEachChild(node, step)
  }
  step(file)
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    const specifier = node.moduleSpecifier
    return specifier !== undefined && ts.isStringLiteral(specifier) ? specifier.text : undefined
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const { literal } = node.argument
    return ts.isStringLiteral(literal) ? literal.text : undefined
  }
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.ImportKeyword)
    return undefined
  const [argument] = node.arguments
  return argument !== undefined && ts.isStringLiteral(argument) ? argument.text : undefined
}
