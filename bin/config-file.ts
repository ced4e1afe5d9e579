/** The configuration that a command was given, or the reasons why it cannot be used. */
import { type Config, loadConfig } from '../hal/config/config.ts'
import { ConfigFault } from '../hal/config/fault.ts'
import { KeyRefused } from '../hal/key-file.ts'
import { openSecurity } from '../hal/security.ts'
import type { Security } from '../protocol/frame/sdls/association.ts'
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

/** The keys that it names, in the form in which they are used. @throws UsageError that names the file */
export async function securityOf(config: Config): Promise<Security | undefined> {
  try {
    return await openSecurity(config.uplink)
  } catch (error) {
    if (error instanceof KeyRefused) throw new UsageError(error.message)
    if (error instanceof Error && 'code' in error)
      throw new UsageError(`Cannot read a key: ${error.message}`)
    throw error
  }
}
