/** One process at a time in a state folder, whatever sockets its configuration names. */
import { mkdir, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { errorCode } from './file-error.ts'

/** Another process works in the state folder. */
export class StateTaken extends Error {
  override readonly name = 'StateTaken'
}

/**
 * Makes the folder if it is not there, and holds it as long as this process lives; nothing in it is touched.
 * Rejects with StateTaken if another process holds it. It is held by a name without a file (unix(7): an abstract
 * address), which no crash leaves behind; where the system has none, only the control socket tells.
 */
export async function holdStateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  if (process.platform !== 'linux') return
  const { dev, ino } = await stat(folder, { bigint: true })
  const server = createServer(socket => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', error =>
      reject(
        errorCode(error) === 'EADDRINUSE'
          ? new StateTaken(`Cannot use ${folder}: another process works there`)
          : error,
      ),
    )
    server.listen(`\0downpour-${dev}-${ino}`, resolve)
  })
  server.unref()
}
