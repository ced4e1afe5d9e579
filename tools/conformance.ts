/**
 * The cases of the CCSDS interoperability tests of CFDP, series F1 to F5, against the tests that fly them; and the
 * page that says so. Pure: tools/matrix.ts runs the tests. A number without a test is named on the page.
 */

/** A test that ran, as the raw report of its file names it. */
export interface Ran {
  /** 'F2.7' */
  readonly number: string
  /** 'F2.7 the ACK limit is reached at the sender' */
  readonly name: string
  readonly passed: boolean
}

/** The titles of cases in the source of a test: 'F1.8 the sender cancels'. A template may go on behind it. */
export function casesIn(source: string): readonly string[] {
  const found = source.matchAll(/(['`])(F\d\.\d+ [^\n]*?)(?:\1|\$\{)/g)
  return [...found].map(([, , title]) => (title as string).trim())
}

/** The cases in a report: lines at its margin. */
export function ranIn(report: string): readonly Ran[] {
  const lines = report.matchAll(/^(ok|not ok) \d+ - ((F\d\.\d+) .*?)(?: # time=.*)?$/gm)
  return [...lines].map(([, verdict, name = '', number = '']) => ({
    number,
    name,
    passed: verdict === 'ok',
  }))
}

export function page(ran: readonly Ran[]): string {
  const rows = CASES.flatMap(([number, what, grade]) =>
    ran.filter(one => one.number === number).map(one => row(one, what, grade)),
  )
  const isOurs = ({ number }: Ran) => number.startsWith('F5.')
  const own = ran.filter(isOurs).map(one => row(one, 'three-party remote put', '2'))
  const listed = new Set(CASES.map(([number]) => number))
  const stray = ran.filter(one => !listed.has(one.number) && !isOurs(one))
  const missing = CASES.filter(([number]) => !ran.some(one => one.number === number))
  const passes = ran.filter(({ passed }) => passed).length
  return [
    '# CFDP conformance',
    '',
    'Written by `make matrix`; not by hand. The cases are those of the CCSDS interoperability tests for CFDP, core and extended procedures (series',
    'F1 to F4), as the test suites of LibreCube and ASU number them. Those of F5, three-party remote put, were not to be had: its cases are ours.',
    'Every test flies both ends over a link in virtual time, PDUs as octets; where something is lost by chance, with several seeds.',
    '',
    `${passes} of ${ran.length} tests pass.`,
    '',
    '| number | case | class | test | result |',
    '|---|---|---|---|---|',
    ...rows,
    ...own,
    ...stray.map(one => row(one, '', '')),
    '',
    '## Not covered',
    '',
    ...(missing.length === 0
      ? ['None.']
      : missing.map(([number, what, grade]) => `- ${number}, class ${grade}: ${what}`)),
    '',
  ].join('\n')
}

/** The numbers that a page has a row for, and those that it says have none. */
export function numbersOn(text: string): {
  readonly covered: readonly string[]
  readonly missing: readonly string[]
  readonly tests: readonly string[]
} {
  const numbers = (pattern: RegExp) => [
    ...new Set([...text.matchAll(pattern)].map(([, number]) => number as string)),
  ]
  return {
    covered: numbers(/^\| (F\d\.\d+) \|/gm),
    missing: numbers(/^- (F\d\.\d+),/gm),
    tests: numbers(/^\| F\d\.\d+ \|[^|]*\|[^|]*\| ([^|]*) \|/gm),
  }
}

function row({ number, name, passed }: Ran, what: string, grade: string): string {
  const test = name.slice(number.length + 1).replaceAll('|', '/')
  return `| ${number} | ${what} | ${grade} | ${test} | ${passed ? 'pass' : '**fails**'} |`
}

/** Number, what it is about, class. */
export const CASES: readonly (readonly [number: string, what: string, grade: string])[] = [
  ['F1.1', 'one way, small file', '1'],
  ['F1.2', 'one way, many segments', '1'],
  ['F1.3', 'two ways', '2'],
  ['F1.4', 'about 1 % lost', '2'],
  ['F1.5', 'about 1 % doubled', '2'],
  ['F1.6', 'about 1 % out of order', '2'],
  ['F1.7', 'messages to the user: proxy put, proxy put cancel', '2'],
  ['F1.8', 'cancelled by the sender', '2'],
  ['F1.9', 'cancelled by the receiver', '2'],
  ['F1.10', 'cancelled by the sender', '1'],
  ['F2.1', 'first Metadata lost', '2'],
  ['F2.2', 'first EOF lost', '2'],
  ['F2.3', 'first Finished lost', '2'],
  ['F2.4', 'first ACK (EOF) lost', '2'],
  ['F2.5', 'first ACK (Finished) lost', '2'],
  ['F2.6', 'first of every PDU but EOF lost, both ways', '2'],
  ['F2.7', 'ACK limit at the sender', '2'],
  ['F2.8', 'NAK limit at the receiver', '2'],
  ['F2.9', 'inactivity at the sender', '2'],
  ['F2.10', 'inactivity at the receiver', '2'],
  ['F3.1', 'remote put between two', '2'],
  ['F3.2', 'create file', '1, 2'],
  ['F3.3', 'delete file', '1, 2'],
  ['F3.4', 'rename file', '1, 2'],
  ['F3.5', 'append file', '1, 2'],
  ['F3.6', 'replace file', '1, 2'],
  ['F3.7', 'create directory', '1, 2'],
  ['F3.8', 'remove directory', '1, 2'],
  ['F3.9', 'deny file', '1, 2'],
  ['F3.10', 'directory listing', '2'],
  ['F4.1', 'deferred NAK, about 5 % lost', '2'],
  ['F4.2', 'immediate NAK, about 5 % lost', '2'],
  ['F4.3', 'prompted NAK', '2'],
  ['F4.4', 'asynchronous NAK', '2'],
  ['F4.5', 'record boundaries observed', '2'],
  ['F4.6', 'record boundaries not observed', '2'],
  ['F4.7', 'sender suspended and resumed', '2'],
  ['F4.8', 'receiver suspended and resumed', '2'],
  ['F4.9', 'unbounded file', '2'],
  ['F4.10', 'CRC of file data', '2'],
  ['F4.11', 'Keep Alive', '2'],
  ['F4.12', 'Prompt (Keep Alive)', '2'],
  ['F4.13', 'five open transactions', '2'],
  ['F4.14', 'five open transactions, with losses', '2'],
]
