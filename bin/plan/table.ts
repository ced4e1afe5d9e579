/** Rows under headings, every column as wide as it must be; a column that says nothing is left out. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const columns = headings.flatMap((heading, i) => {
    const cells = rows.map(row => row[i] ?? '')
    if (cells.every(cell => cell === '')) return []
    const width = Math.max(heading.length, ...cells.map(cell => cell.length))
    return [[heading, ...cells].map(cell => cell.padEnd(width))]
  })
  return [headings, ...rows].map((_, i) =>
    columns
      .map(cells => cells[i])
      .join('  ')
      .trimEnd(),
  )
}
