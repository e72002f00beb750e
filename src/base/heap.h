#pragma once

namespace headroom::base {

/// For a process that takes and gives back some megabytes again and again, such as a proxy: up to 2 MiB that are free
/// at the heap's end stay with it, and only what is larger than 4 MiB comes from the system by itself. Otherwise the
/// system takes the memory back after each request and clears every page of it for the next. Does nothing where the C
/// library has no such setting. Call it once, before threads begin.
void keep_freed_memory();

}  // namespace headroom::base
