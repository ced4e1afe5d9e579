/** The pages that `make interop` writes its tables into. */
import { readFileSync, writeFileSync } from 'node:fs'

/** Puts rows between the marks that stand in the page for `name`. */
export function publish(page: string, name: string, rows: readonly string[]): void {
  const [begin, end] = [`<!-- make interop: ${name} -->`, `<!-- end: ${name} -->`]
  const text = readFileSync(page, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`Cannot find the place for ${name} in ${page}`)
  const before = text.slice(0, from + begin.length)
  writeFileSync(page, `${before}\n\n${rows.join('\n')}\n\n${text.slice(to)}`)
}
