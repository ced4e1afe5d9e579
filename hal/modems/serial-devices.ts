/** The serial devices of this computer. */
import { SerialPort } from 'serialport/dist/serialport.js'

export interface SerialDevice {
  readonly path: string
  /** Maker and serial number, as far as the system knows them. */
  readonly about: string
}

/** Undefined where the system has no list: serialport asks udev, which a small board may not have. */
export async function serialDevices(
  list: () => Promise<readonly Listed[]> = () => SerialPort.list(),
): Promise<readonly SerialDevice[] | undefined> {
  try {
    const found = await list()
    return found.map(({ path, manufacturer, serialNumber }) => ({
      path,
      about: [manufacturer, serialNumber].filter(text => text !== undefined).join(' '),
    }))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

interface Listed {
  readonly path: string
  readonly manufacturer?: string | undefined
  readonly serialNumber?: string | undefined
}
