/**
 * Which virtual channel of a master channel has the next frame: the first of those that have one, in the order of
 * their priority, but no channel waits for ever. CCSDS 132.0-B-3, 4.2.4 (virtual channel multiplexing function).
 */
export class ChannelMultiplexer {
  readonly #channels: readonly number[]
  readonly #passedOverMax: number
  /** Of each channel, how many frames of others have gone since it had one to send. */
  readonly #passedOver: number[]

  /** `channels`: the most urgent in front. A channel that was passed over `passedOverMax` times goes next. */
  constructor(channels: readonly number[], passedOverMax: number) {
    this.#channels = channels
    this.#passedOverMax = passedOverMax
    this.#passedOver = channels.map(() => 0)
  }

  /** The channel that goes next, of those that have a frame; undefined: none has. */
  next(hasFrame: (channel: number) => boolean): number | undefined {
    let chosen = -1
    for (let i = 0; i < this.#channels.length; i++) {
      if (!hasFrame(this.#channels[i] as number)) {
        this.#passedOver[i] = 0
        continue
      }
      const waited = this.#passedOver[i] as number
      const isOverdue = waited >= this.#passedOverMax
      if (chosen < 0 || (isOverdue && waited > (this.#passedOver[chosen] as number))) chosen = i
      this.#passedOver[i] = waited + 1
    }
    if (chosen < 0) return undefined
    this.#passedOver[chosen] = 0
    return this.#channels[chosen]
  }
}
