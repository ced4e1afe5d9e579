/** The octets from `start` to `end`: `held` itself if it is that view, for a new one would be made for every frame. */
export function viewOf(
  held: Uint8Array,
  octets: Uint8Array,
  start: number,
  end: number,
): Uint8Array {
  const isHeld =
    held.buffer === octets.buffer &&
    held.byteOffset === octets.byteOffset + start &&
    held.length === end - start
  return isHeld ? held : octets.subarray(start, end)
}
