/*
 * The bus /dev/i2c-7 for a program that has none: preloaded, it stands between the program and the kernel. A device at
 * each address below 0x70 takes what is written, and when it is read gives its address, and that again.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <stdarg.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int bus = -1;
static unsigned char address, kept[4096];
static size_t length;

static int is_bus(const char *path) { return strcmp(path, "/dev/i2c-7") == 0; }

static int opened(const char *name, const char *path, int flags, mode_t mode) {
  int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name);
  if (!is_bus(path)) return real(path, flags, mode);
  bus = real("/dev/null", flags, mode);
  return bus;
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return opened("open", path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return opened("open64", path, flags, mode);
}

int ioctl(int fd, unsigned long request, ...) {
  va_list more;
  va_start(more, request);
  unsigned long argument = va_arg(more, unsigned long);
  va_end(more);
  if (fd != bus || request != I2C_SLAVE) return errno = ENOTTY, -1;
  address = (unsigned char)argument;
  length = 0;
  return 0;
}

ssize_t write(int fd, const void *octets, size_t count) {
  ssize_t (*real)(int, const void *, size_t) =
      (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  if (fd != bus || bus < 0) return real(fd, octets, count);
  if (address >= 0x70) return errno = EREMOTEIO, -1;
  memcpy(kept, octets, count);
  length = count;
  return (ssize_t)count;
}

ssize_t read(int fd, void *octets, size_t count) {
  ssize_t (*real)(int, void *, size_t) = (ssize_t(*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
  if (fd != bus || bus < 0) return real(fd, octets, count);
  if (address >= 0x70) return errno = EREMOTEIO, -1;
  memset(octets, 0, count);
  if (count > 0) ((unsigned char *)octets)[0] = address;
  if (count > 1) memcpy((unsigned char *)octets + 1, kept, length < count - 1 ? length : count - 1);
  return (ssize_t)count;
}
