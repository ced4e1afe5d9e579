/** The configuration that a command was given, or the reasons why it cannot be used. */
import { type Config, loadConfig } from '../hal/config/config.ts'
import { ConfigFault } from '../hal/config/fault.ts'
import { UsageError } from './options.ts'

/** @throws UsageError with every reason at once */
export async function configAt(path: string): Promise<Config> {
  try {
    return await loadConfig(path)
  } catch (error) {
    if (error instanceof ConfigFault) throw new UsageError(error.message)
    if (error instanceof Error && 'code' in error)
      throw new UsageError(`Cannot read ${path}: ${error.message}`)
    throw error
  }
}
