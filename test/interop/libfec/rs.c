/*
 * Codewords of RS(255,223) by libfec, damaged, and what libfec makes of them: for test/interop/libfec.ts to compare with.
 *
 *   rs SEED WORDS > RECORDS
 *
 * A record: 255 octets as coded, 255 damaged, 255 decoded, and one octet: how many symbols libfec corrected, 255 if it
 * could not. Word i has i % 18 wrong symbols; the words of even i / 18 are in the dual basis, the others conventional.
 */
#include <fec.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INFORMATION = 223, LENGTH = 255, ERRORS = 18 };

static unsigned long long state;

/* xorshift64*, by Marsaglia and Vigna: the low bits of a linear congruence would repeat. */
static unsigned next(void) {
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return (state * 2685821657736338717ull) >> 32;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  state = strtoull(argv[1], NULL, 10) * 2 + 1;
  long words = atol(argv[2]);
  unsigned char record[3 * LENGTH + 1];
  for (long word = 0; word < words; word++) {
    int dual = word / ERRORS % 2 == 0;
    unsigned char *clean = record, *dirty = record + LENGTH, *decoded = record + 2 * LENGTH;
    for (int i = 0; i < INFORMATION; i++) clean[i] = next();
    if (dual) encode_rs_ccsds(clean, clean + INFORMATION, 0);
    else encode_rs_8(clean, clean + INFORMATION, 0);
    memcpy(dirty, clean, LENGTH);
    for (int errors = word % ERRORS; errors > 0;) {
      int place = next() % LENGTH;
      if (dirty[place] != clean[place]) continue;
      dirty[place] ^= 1 + next() % 255;
      errors--;
    }
    memcpy(decoded, dirty, LENGTH);
    int corrected = dual ? decode_rs_ccsds(decoded, NULL, 0, 0) : decode_rs_8(decoded, NULL, 0, 0);
    record[3 * LENGTH] = corrected < 0 ? 255 : corrected;
    if (fwrite(record, sizeof record, 1, stdout) != 1) return 3;
  }
  return 0;
}
