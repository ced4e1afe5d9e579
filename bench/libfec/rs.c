/*
 * One round of Reed-Solomon work by libfec, for bench/rs.ts to compare with.
 *
 *   rs encode MS | rs decode ERRORS MS      works for at least MS milliseconds of CPU
 *
 * Prints information octets per microsecond of CPU, and a digest of the codewords: the other side makes the
 * same codewords from the same numbers, so the same digest shows that both did the same work.
 */
#include <fec.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CODEWORDS = 200, INFORMATION = 223, LENGTH = 255 };

static unsigned char clean[CODEWORDS][LENGTH], dirty[CODEWORDS][LENGTH], work[LENGTH];
static unsigned state = 1;

static unsigned next(void) { return (state = state * 1664525u + 1013904223u) >> 16; }

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static unsigned make_codewords(int errors) {
  unsigned digest = 2166136261u;
  for (int i = 0; i < CODEWORDS; i++) {
    for (int k = 0; k < INFORMATION; k++) clean[i][k] = next();
    encode_rs_ccsds(clean[i], clean[i] + INFORMATION, 0);
    for (int k = 0; k < LENGTH; k++) digest = (digest ^ clean[i][k]) * 16777619u;
  }
  memcpy(dirty, clean, sizeof dirty);
  for (int i = 0; i < CODEWORDS; i++)
    for (int k = 0; k < errors;) {
      int place = next() % LENGTH;
      if (dirty[i][place] != clean[i][place]) continue;
      dirty[i][place] ^= 1 + next() % 255;
      k++;
    }
  return digest;
}

int main(int argc, char **argv) {
  int decode = argc == 4 && strcmp(argv[1], "decode") == 0;
  if (!decode && (argc != 3 || strcmp(argv[1], "encode") != 0)) return 2;
  int errors = decode ? atoi(argv[2]) : 0;
  double least = atof(argv[argc - 1]) * 1e3, begun, spent;
  unsigned digest = make_codewords(errors);
  long done = 0;
  begun = microseconds();
  do {
    for (int i = 0; i < CODEWORDS; i++) {
      if (!decode) {
        encode_rs_ccsds(clean[i], clean[i] + INFORMATION, 0);
        continue;
      }
      memcpy(work, dirty[i], LENGTH);
      if (decode_rs_ccsds(work, NULL, 0, 0) != errors || memcmp(work, clean[i], LENGTH) != 0) return 3;
    }
    done += CODEWORDS;
    spent = microseconds() - begun;
  } while (spent < least);
  printf("%.3f %u\n", done * (double)INFORMATION / spent, digest);
  return 0;
}
