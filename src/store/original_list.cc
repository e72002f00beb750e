#include "store/original_list.h"

#include <filesystem>

#include "store/sqlite.h"

namespace headroom::store {

base::Result<std::vector<OriginalFacts>> list_originals(const std::string& path, std::size_t limit) {
  std::vector<OriginalFacts> facts;
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return facts;
  auto connection = Connection::open(path);
  if (!connection) return std::unexpected(std::move(connection.error()));
  auto statement = connection->prepare(
      "SELECT id, content_type, tool_name, tokens, max(bytes, 0), created_ms FROM originals"
      " ORDER BY created_ms DESC, seq DESC LIMIT ?1");
  if (!statement) return std::unexpected(std::move(statement.error()));
  Query query(*statement);
  query.bind(static_cast<std::int64_t>(limit));
  for (;;) {
    auto row = query.step();
    if (!row) return std::unexpected(std::move(row.error()));
    if (!*row) return facts;
    facts.push_back({std::string(query.text_at(0)), std::string(query.text_at(1)), std::string(query.text_at(2)),
                     query.int64_at(3), query.int64_at(4), query.int64_at(5)});
  }
}

}  // namespace headroom::store
