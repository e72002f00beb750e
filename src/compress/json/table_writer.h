#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json_document.h"
#include "compress/json/idle_members.h"
#include "compress/json/table.h"

namespace headroom::compress::json {

// A table in the text:
//
//   [100 rows:
//   id<TAB>user.login<TAB>state=open<TAB>error?
//   ...one row a line, cells separated by tabs (a JSON string holds no bare tab, so cells need no escape for it)...
//   ]
//
// A column without mark has a cell in every row. "name=value": rows hold that value unless they end with another
// "name=...". "name:=a{other}b": rows hold what `other` has in them, between a and b, unless they end with "name=...".
// "name?": only rows that end with "name=..." have it. "name:text": all strings, also those spelled like
// numbers. "name(a,b)": arrays of objects with members a and b, written as arrays. "name>": the rows indented below.
// "~" starts a row that does not fit the columns and stands as plain JSON. "<<4-66>>": rows 4 to 66 are not shown.

/// Which part of the header explanation a text still needs; the first table that uses a mark explains it.
struct Legend {
  bool fallback = false;
  bool optional = false;
  bool derived = false;
};

/// Appends the table. `keep`: rows to show, empty for all; gaps get a marker in place. `idle`: leaves members of the
/// objects in cells out; nullptr: all stay.
void write_table(std::string& out, const base::JsonDocument& doc, const Table& table, const std::vector<bool>& keep,
                 Legend& legend, IdleMembers* idle = nullptr);

}  // namespace headroom::compress::json
