#include "compress/json/candidates.h"

namespace headroom::compress::json {

Candidates::Candidates(const base::JsonDocument& the_doc, const Table& the_table,
                       const std::vector<ColumnFacts>& the_facts, const Question& the_question, std::size_t the_budget)
    : doc(the_doc),
      table(the_table),
      facts(the_facts),
      question(the_question),
      rows(the_table.rows.size()),
      budget(the_budget) {
  starts.reserve(rows);
  for (std::uint32_t row : table.rows) {
    starts.push_back(static_cast<std::size_t>(doc.node(row).raw.data() - doc.node(0).raw.data()));
  }
}

}  // namespace headroom::compress::json
