// Loaded before a program (LD_PRELOAD): kills it at its KILL_AT-th change of a file, so that a test can stop it at
// each. Half of a write that is not the last of its kind is written before. Counts in the process whose first word is
// $KILL_COMMAND only.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int left = -1;

__attribute__((constructor)) static void start(void) {
  const char *at = getenv("KILL_AT"), *command = getenv("KILL_COMMAND");
  char line[4096] = "";
  FILE* file = fopen("/proc/self/cmdline", "r");
  if (file == NULL || at == NULL || command == NULL) return;
  const size_t size = fread(line, 1, sizeof line - 1, file);
  fclose(file);
  const char* word = line + strlen(line) + 1;
  if (word < line + size && strcmp(word, command) == 0) left = atoi(at);
}

static void step(void) {
  if (left > 0 && --left == 0) raise(SIGKILL);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int rename(const char* from, const char* to) {
  step();
  return REAL(rename)(from, to);
}
int unlink(const char* path) {
  step();
  return REAL(unlink)(path);
}
int rmdir(const char* path) {
  step();
  return REAL(rmdir)(path);
}
int mkdir(const char* path, mode_t mode) {
  step();
  return REAL(mkdir)(path, mode);
}
int fchmod(int file, mode_t mode) {
  step();
  return REAL(fchmod)(file, mode);
}
int fsync(int file) {
  step();
  return REAL(fsync)(file);
}
ssize_t write(int file, const void* bytes, size_t size) {
  if (file > STDERR_FILENO && left == 1) (void)!REAL(write)(file, bytes, size / 2);
  if (file > STDERR_FILENO) step();
  return REAL(write)(file, bytes, size);
}
int open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if (flags & (O_CREAT | O_TRUNC)) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
    step();
  }
  return REAL(open)(path, flags, mode);
}
