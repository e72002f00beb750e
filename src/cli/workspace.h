#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "config/options.h"
#include "context/pipeline.h"
#include "detect/classifier.h"
#include "learned/kompress.h"
#include "store/decision_store.h"
#include "store/ledger.h"
#include "store/offer_record.h"
#include "store/original_store.h"
#include "store/sqlite_file.h"

namespace headroom::cli {

/// Files of a workspace; every command and the proxy share them.
std::string originals_path(const config::Options& options);
std::string ledger_path(const config::Options& options);
std::string audit_path(const config::Options& options);

store::Retention retention(const config::Options& options);
context::PipelineOptions pipeline_options(const config::Options& options);

std::string models_dir(const config::Options& options);

/// The learned classifier, or nullptr when the options want none. Looks for nothing before it is asked.
std::unique_ptr<detect::Classifier> make_classifier(const config::Options& options);

/// The learned judge of sentences, or nullptr when the options want none or it is not there.
std::unique_ptr<learned::KompressJudge> make_judge(const config::Options& options);

/// The key that the options name, read from its file.
base::Result<store::Sealing> sealing(const config::Options& options);

/// The file that originals, decisions and offers are in, for who opens several of them; nullptr where nothing is to be
/// kept on disk.
base::Result<std::shared_ptr<store::SqliteFile>> open_store_file(const config::Options& options);

/// The originals that the options ask for: on disk, in memory (stateless), or nullptr with no_ccr. `clock` must outlive
/// them. `file`: from open_store_file(); nullptr: opened for this.
base::Result<std::unique_ptr<store::OriginalStore>> open_originals(const config::Options& options,
                                                                   const base::Clock& clock,
                                                                   std::shared_ptr<store::SqliteFile> file = nullptr);
/// What was decided for conversations, beside the originals; nullptr where nothing is to be kept on disk.
base::Result<std::unique_ptr<store::DecisionStore>> open_decisions(const config::Options& options,
                                                                   const base::Clock& clock,
                                                                   std::shared_ptr<store::SqliteFile> file = nullptr);
/// What models ask for, beside the originals, or in memory (stateless); nullptr where nothing is to be learned.
base::Result<std::unique_ptr<store::OfferRecord>> open_offers(const config::Options& options, const base::Clock& clock,
                                                              std::shared_ptr<store::SqliteFile> file = nullptr);
base::Result<std::unique_ptr<store::Ledger>> open_ledger(const config::Options& options);

}  // namespace headroom::cli
