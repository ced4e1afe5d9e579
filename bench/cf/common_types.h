/* The number types of OSAL that CF uses. */
#ifndef COMMON_TYPES_H
#define COMMON_TYPES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int32_t int32;
typedef uint8_t uint8;
typedef uint16_t uint16;
typedef uint32_t uint32;
typedef uint64_t uint64;

#endif
