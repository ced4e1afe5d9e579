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

/** That of one end, which cannot start without. @throws UsageError with every reason at once */
export async function configOf<Role extends Config['role']>(
  role: Role,
  path: string | undefined,
): Promise<Extract<Config, { role: Role }>> {
  if (path === undefined) throw new UsageError('Cannot start without --config FILE')
  const config = await configAt(path)
  if (isOf(config, role)) return config
  throw new UsageError(`Cannot start: ${path} has role ${config.role}, not ${role}`)
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

function isOf<Role extends Config['role']>(
  config: Config,
  role: Role,
): config is Extract<Config, { role: Role }> {
  return config.role === role
}
