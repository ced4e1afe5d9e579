/** What the process holds, garbage apart, so that a growth is a growth and not the moment of a collection. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Octets of the heap and of array buffers that are still reachable. */
export function heldOctets(): number {
  // The memory of buffers is swept beside the program, later on a busy computer. The next collection waits for that.
  collectGarbage()
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
