/* The platform's configuration as CF delivers it, but for PDUs of which segments of 4,096 octets are a part. */
#ifndef BENCH_CF_PLATFORM_CFG_H
#define BENCH_CF_PLATFORM_CFG_H
#include "common_types.h"
#include_next "cf_platform_cfg.h"
#undef CF_MAX_PDU_SIZE
#define CF_MAX_PDU_SIZE (4096 + 64)
#endif
