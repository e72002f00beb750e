#include "compress/registry/registry.h"

#include "compress/code/code_compressor.h"
#include "compress/command/command_filter.h"
#include "compress/config/config_compressor.h"
#include "compress/diff/diff_compressor.h"
#include "compress/html/html_compressor.h"
#include "compress/json/smart_crusher.h"
#include "compress/log/log_compressor.h"
#include "compress/prose/prose_compressor.h"
#include "compress/search/search_compressor.h"
#include "compress/snapshot/snapshot_compressor.h"
#include "compress/table/records_compressor.h"
#include "compress/table/table_compressor.h"
#include "compress/text/text_compressor.h"
#include "compress/xml/xml_compressor.h"

namespace headroom::compress {

Registry Registry::standard() {
  std::vector<std::unique_ptr<Compressor>> all;
  all.push_back(std::make_unique<SmartCrusher>());
  all.push_back(std::make_unique<CodeCompressor>());
  all.push_back(std::make_unique<LogCompressor>());
  all.push_back(std::make_unique<DiffCompressor>());
  all.push_back(std::make_unique<TableCompressor>());
  all.push_back(std::make_unique<RecordsCompressor>());
  all.push_back(std::make_unique<ProseCompressor>());
  all.push_back(std::make_unique<SearchCompressor>());
  all.push_back(std::make_unique<ConfigCompressor>());
  all.push_back(std::make_unique<HtmlCompressor>());
  all.push_back(std::make_unique<XmlCompressor>());
  all.push_back(std::make_unique<SnapshotCompressor>());
  // What takes any type comes behind what knows one.
  all.push_back(std::make_unique<CommandFilter>());
  all.push_back(std::make_unique<TextCompressor>());
  return Registry(std::move(all));
}

const Compressor* Registry::find(detect::ContentType type) const {
  for (const auto& compressor : compressors_) {
    if (compressor->accepts(type)) return compressor.get();
  }
  return nullptr;
}

std::vector<const Compressor*> Registry::find_all(detect::ContentType type) const {
  std::vector<const Compressor*> found;
  for (const auto& compressor : compressors_) {
    if (compressor->accepts(type)) found.push_back(compressor.get());
  }
  return found;
}

}  // namespace headroom::compress
