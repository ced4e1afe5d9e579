/** YAML or JSON to what it says. The library for YAML costs a start 30 ms and 10 MB: a flight file may be JSON. */
import { faultText, type PlanFault } from '../../protocol/plan/fault.ts'
import { ConfigFault } from './fault.ts'

/** @throws ConfigFault where it is neither; `path` is what the text is called in it */
export async function parseText(text: string, path: string): Promise<unknown> {
  try {
    if (text.trimStart().startsWith('{')) return JSON.parse(text)
  } catch {
    // It may still be YAML in flow style.
  }
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text)
  // A tag that is not known is a warning to the library, and here a fault: it would be passed over.
  const [wrong] = [...document.errors, ...document.warnings]
  if (wrong !== undefined) throw new ConfigFault(path, wrong.message.trim().split('\n'))
  try {
    return document.toJS()
  } catch (error) {
    // Aliases that grow into far more than was written.
    if (error instanceof ReferenceError) throw new ConfigFault(path, [error.message])
    throw error
  }
}

/** Sentences about a text, each with the line, from 1, in which its place stands. */
export async function withLines(
  text: string,
  faults: readonly PlanFault[],
): Promise<readonly string[]> {
  const { isNode, LineCounter, parseDocument } = await import('yaml')
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter })
  /** Of what is missing: the line of what it is missing from. */
  const lineOf = (place: string): number => {
    for (let path = place.split('.'); path.length > 0; path = path.slice(0, -1)) {
      const node = document.getIn(path, true)
      if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line
    }
    return 1
  }
  return faults.map(fault => `line ${lineOf(fault.place)}: ${faultText(fault)}`)
}
