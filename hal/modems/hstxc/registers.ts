/**
 * Registers of the HSTXC, an S-band transmitter of CPUT and Clyde Space, on its I2C bus; its data come over SPI. Each
 * register is read by itself, as the known drivers do.
 */

export const HSTXC = {
  address: 0x26,
  control: 0x00,
  encoder: 0x01,
  power: 0x03,
  channel: 0x04,
  firmware: 0x11,
  status: 0x12,
  ready: 0x13,
  /** Two registers each, the high octet first. */
  underruns: 0x14,
  overruns: 0x16,
  count: 0x18,
  fifoOctets: 20_480,
  /** "Ready" says that fewer wait than this. */
  readyOctets: 2_560,
} as const

/** Of the control register: the amplifier, and what is sent. */
export const CONTROL = {
  off: 0x00,
  /** The amplifier is on, and synchronization is sent: the FIFO fills. */
  fill: 0x81,
  data: 0x82,
} as const

export type HstxcMode = keyof typeof CONTROL

/** dBm by value of the power register. */
export const HSTXC_POWERS = [24, 26, 28, 30] as const
