/** Time of the CPU that this process has used, in microseconds, its system calls' too. */
export function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
