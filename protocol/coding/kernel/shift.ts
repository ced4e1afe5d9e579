/** Two vectors as one row of 32 octets, of which sixteen are seen: those that begin with the one of the name. */

export function fromFirst(front: v128, back: v128): v128 {
  // biome-ignore format: sixteen lanes are one vector
  return v128.shuffle<u8>(front, back, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
}

export function fromFourth(front: v128, back: v128): v128 {
  // biome-ignore format: sixteen lanes are one vector
  return v128.shuffle<u8>(front, back, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19)
}

export function fromFifteenth(front: v128, back: v128): v128 {
  // biome-ignore format: sixteen lanes are one vector
  return v128.shuffle<u8>(front, back, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)
}
