/** A configuration that cannot be used: every reason at once, each with its key, its value and what would be right. */
export class ConfigFault extends Error {
  override readonly name = 'ConfigFault'
  readonly faults: readonly string[]

  constructor(path: string, faults: readonly string[]) {
    super([`Cannot use ${path}:`, ...faults.map(fault => `  ${fault}`)].join('\n'))
    this.faults = faults
  }
}
