/** What file systems say when they refuse. */

/** The disk has no room, or the user no quota left. @param error whatever was thrown */
export function isDiskFull(error: unknown): boolean {
  const code = errorCode(error)
  return code === 'ENOSPC' || code === 'EDQUOT'
}

/** The name of a system error, as ENOENT; undefined if it is not one. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** What `act` answers, or undefined if it is refused for the reason `code`. */
export async function unless<T>(code: string, act: Promise<T>): Promise<T | undefined> {
  try {
    return await act
  } catch (error) {
    if (errorCode(error) === code) return undefined
    throw error
  }
}
