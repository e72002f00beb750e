#pragma once

// The tables that tools/ranks/pack_ranks.cc makes at build time, in the program's read-only image (tables.S). The pages
// that are never touched are never read from disk.
extern "C" {
extern const unsigned char headroom_o200k_base_table[];
extern const unsigned char headroom_cl100k_base_table[];
extern const unsigned char headroom_unicode_classes_table[];
extern const unsigned char headroom_models_table[];
extern const unsigned char headroom_models_table_end[];
}
