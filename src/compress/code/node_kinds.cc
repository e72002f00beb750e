#include "compress/code/node_kinds.h"

#include <array>
#include <string_view>
#include <unordered_map>

namespace headroom::compress::code {
namespace {

struct Typed {
  std::string_view type;
  std::uint16_t kinds;
};

/// Names of node types as the grammars have them. Where two languages use one name, they mean the same by it.
constexpr auto kTypes = std::to_array<Typed>({
    {"function_definition", kNamedUnit},
    {"function_declaration", kNamedUnit},
    {"generator_function_declaration", kNamedUnit},
    {"method_definition", kNamedUnit},
    {"method_declaration", kNamedUnit},
    {"constructor_declaration", kNamedUnit},
    {"compact_constructor_declaration", kNamedUnit},
    {"destructor_declaration", kNamedUnit},
    {"operator_declaration", kNamedUnit},
    {"conversion_operator_declaration", kNamedUnit},
    {"local_function_statement", kNamedUnit},
    {"accessor_declaration", kNamedUnit},
    {"static_initializer", kNamedUnit},
    {"class_static_block", kNamedUnit},
    {"function_item", kNamedUnit},
    {"method", kNamedUnit},
    {"singleton_method", kNamedUnit},
    {"subroutine_declaration_statement", kNamedUnit},
    {"method_declaration_statement", kNamedUnit},
    {"init_declaration", kNamedUnit},
    {"deinit_declaration", kNamedUnit},
    {"computed_property", kNamedUnit},
    {"secondary_constructor", kNamedUnit},
    {"anonymous_initializer", kNamedUnit},
    {"getter", kNamedUnit},
    {"setter", kNamedUnit},
    {"property_hook", kNamedUnit},
    {"function_expression", kAnonUnit},
    {"generator_function", kAnonUnit},
    {"arrow_function", kAnonUnit},
    {"func_literal", kAnonUnit},
    {"anonymous_function", kAnonUnit},
    {"anonymous_subroutine_expression", kAnonUnit},
    {"anonymous_method_expression", kAnonUnit},
    {"lambda_expression", kAnonUnit},
    {"closure_expression", kAnonUnit},
    {"lambda_literal", kAnonUnit},
    {"do_block", kAnonUnit},
    {"block", kBlock},
    {"statement_block", kBlock},
    {"statement_list", kBlock},
    {"statements", kBlock},
    {"compound_statement", kBlock},
    {"body_statement", kBlock},
    {"block_body", kBlock},
    {"constructor_body", kBlock},
    {"function_body", kBlock},
    {"control_structure_body", kBlock},
    {"switch_body", kBlock},
    {"switch_block", kBlock},
    {"match_block", kBlock},
    {"do_group", kBlock},
    {"do", kBlock},
    {"then", kBlock},
    {"class_body", kBlock},
    {"enum_class_body", kBlock},
    {"enum_body", kBlock | kValues},
    {"enum_body_declarations", kBlock},
    {"interface_body", kBlock},
    {"annotation_type_body", kBlock},
    {"protocol_body", kBlock},
    {"template_body", kBlock},
    {"declaration_list", kBlock},
    {"field_declaration_list", kBlock},
    {"preproc_if", kBlock},
    {"preproc_ifdef", kBlock},
    {"preproc_else", kBlock},
    {"preproc_elif", kBlock},
    {"comment", kComment},
    {"line_comment", kComment},
    {"block_comment", kComment},
    {"multiline_comment", kComment},
    {"html_comment", kComment},
    {"pod", kComment},
    {"data_section", kComment},
    {"import_statement", kImport},
    {"import_from_statement", kImport},
    {"future_import_statement", kImport},
    {"import_declaration", kImport},
    {"import_header", kImport},
    {"import_list", kImport},
    {"use_declaration", kImport},
    {"namespace_use_declaration", kImport},
    {"using_directive", kImport},
    {"variable_declarator", kBinding},
    {"assignment_expression", kBinding},
    {"assignment", kBinding},
    {"pair", kBinding},
    {"field_definition", kBinding},
    {"public_field_definition", kBinding},
    {"call_expression", kCall},
    {"call", kCall},
    {"class_definition", kContainer},
    {"class_declaration", kContainer},
    {"class", kContainer},
    {"class_specifier", kContainer},
    {"struct_specifier", kContainer},
    {"record_declaration", kContainer},
    {"interface_declaration", kContainer},
    {"enum_declaration", kContainer},
    {"struct_declaration", kContainer},
    {"impl_item", kContainer},
    {"trait_item", kContainer},
    {"struct_item", kContainer},
    {"enum_item", kContainer},
    {"mod_item", kContainer},
    {"module", kContainer},
    {"object_declaration", kContainer},
    {"object_definition", kContainer},
    {"trait_definition", kContainer},
    {"trait_declaration", kContainer},
    {"protocol_declaration", kContainer},
    {"namespace_definition", kContainer},
    {"namespace_declaration", kContainer},
    {"string", kString},
    {"concatenated_string", kString},
    {"array", kData},
    {"list", kData},
    {"tuple", kData},
    {"set", kData},
    {"dictionary", kData},
    {"object", kData},
    {"hash", kData},
    {"initializer_list", kData},
    {"array_initializer", kData},
    {"literal_value", kData},
    {"array_expression", kData},
    {"array_creation_expression", kData},
    {"anonymous_array_expression", kData},
    {"anonymous_hash_expression", kData},
    {"array_literal", kData},
    {"dictionary_literal", kData},
    {"enumerator_list", kValues},
    {"enum_member_declaration_list", kValues},
    {"const_declaration", kValues},
    {"var_declaration", kValues},
    {"var_spec_list", kValues},
    {"heredoc_body", kHereText},
    {"heredoc_content", kHereText},
    {"heredoc_end", kHereText},
});

}  // namespace

NodeKinds::NodeKinds(const Language& language) {
  const std::unordered_map<std::string_view, std::uint16_t> known = [] {
    std::unordered_map<std::string_view, std::uint16_t> map;
    for (const Typed& typed : kTypes) map[typed.type] |= typed.kinds;
    return map;
  }();
  const TSLanguage* grammar = language.grammar();
  kinds_.resize(ts_language_symbol_count(grammar));
  for (TSSymbol symbol = 0; symbol < kinds_.size(); ++symbol) {
    if (ts_language_symbol_type(grammar, symbol) != TSSymbolTypeRegular) continue;
    const std::string_view name = ts_language_symbol_name(grammar, symbol);
    const auto found = known.find(name);
    if (found != known.end()) kinds_[symbol] = found->second;
  }
}

}  // namespace headroom::compress::code
