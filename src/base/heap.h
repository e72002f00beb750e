#pragma once

namespace headroom::base {

/// For a process that takes and gives back some megabytes again and again, such as a proxy: what is free at the heap's
/// end goes back to the system only when it is more than 2 MiB (then most of it), and only what is larger than 4 MiB
/// comes from the system by itself. Otherwise the system takes the memory back after each request and clears every page
/// of it for the next. Does nothing where the C library has no such setting. Call it once, before threads begin.
void keep_freed_memory();

}  // namespace headroom::base
