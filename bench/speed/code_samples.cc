#include "code_samples.h"

#include <fmt/format.h>

#include "compress/code/language.h"
#include "numbers.h"

namespace headroom::bench {
namespace {

/// In `function`, {0} is a kind of goods, {1} counts, {2} is a number, {3} something that was done, {4} a port.
struct Pattern {
  std::string_view language, path, head, function, tail;
};

constexpr Pattern kPatterns[] = {
    {"python", "harbour.py", "import logging\n\n\n",
     R"~(def {0}_{1}(ship, quay={2}):
    """{3} for {4}."""
    if ship.tonnes > {2}:
        raise ValueError("{3}")
    for crane in ship.cranes:
        crane.move(quay, {2})
        ship.log("{4}", crane)
    return ship


)~",
     ""},
    {"c", "harbour.c", "#include \"ship.h\"\n\n",
     R"~(/* {3} for {4}, as the {0} office has it. */
static int {0}_{1}(struct ship *ship, int quay)
{{
	int moved = 0;

	if (ship->tonnes > {2})
		return -EINVAL;
	for (size_t i = 0; i < ship->cranes; i++) {{
		moved += crane_move(&ship->crane[i], quay, {2});
		log_event(ship, "{3}", moved);
	}}
	return moved;
}}

)~",
     ""},
    {"c++", "harbour.cc", "#include \"ship.h\"\n\nnamespace harbour {\n\n",
     R"~(/// {3} for {4}.
template <typename Crane>
int Berth::{0}{1}(const Ship& ship, std::vector<Crane>& cranes) {{
  if (ship.tonnes() > {2}) throw std::out_of_range("{3}");
  int moved = 0;
  for (auto& crane : cranes) {{
    moved += crane.move(ship.quay(), {2});
    log_.info("{4}: {{}}", crane.name());
  }}
  return moved;
}}

)~",
     "}  // namespace harbour\n"},
    {"go", "harbour.go", "package harbour\n\n",
     R"~(// Berth{1} is for {0}: {3} in {4}.
func (s *Ship) Berth{1}(ctx context.Context, quay int) (int, error) {{
	if s.Tonnes > {2} {{
		return 0, fmt.Errorf("{3}: %d", quay)
	}}
	moved := 0
	for _, crane := range s.Cranes {{
		moved += crane.Move(ctx, quay, {2})
		s.log.Info("{4}", "crane", crane)
	}}
	return moved, nil
}}

)~",
     ""},
    {"typescript", "harbour.ts", "import { Crane, Ship } from \"./ship\";\n\n",
     R"~(/** {3} for {4}. */
export async function {0}{1}(ship: Ship, quay = {2}): Promise<Crane[]> {{
  if (ship.tonnes > {2}) {{
    throw new RangeError(`{3}: ${{ship.name}}`);
  }}
  const moved: Crane[] = [];
  for (const crane of ship.cranes) {{
    await crane.move(quay, {{ tonnes: {2}, port: "{4}" }});
    moved.push(crane);
  }}
  return moved.filter((crane) => crane.ready);
}}

)~",
     ""},
    {"tsx", "Harbour.tsx", "import { Crane, Ship } from \"./ship\";\n\n",
     R"~(/** {3} for {4}. */
export function Berth{1}({{ ship, quay = {2} }}: {{ ship: Ship; quay?: number }}) {{
  const [moved, setMoved] = useState<Crane[]>([]);
  useEffect(() => {{
    if (ship.tonnes > {2}) report("{3}", ship.name);
  }}, [ship]);
  return (
    <section className="{0}">
      <h2 title="{4}">{{ship.name}}</h2>
      {{moved.map((crane) => (
        <CraneRow key={{crane.id}} crane={{crane}} onMove={{() => setMoved([crane])}} />
      ))}}
    </section>
  );
}}

)~",
     ""},
    {"javascript", "harbour.js", "import { log } from \"./log.js\";\n\n",
     R"~(/** {3} for {4}. */
export async function {0}{1}(ship, quay = {2}) {{
  if (ship.tonnes > {2}) {{
    throw new RangeError(`{3}: ${{ship.name}}`);
  }}
  const moved = [];
  for (const crane of ship.cranes) {{
    await crane.move(quay, {{ tonnes: {2}, port: "{4}" }});
    moved.push(crane);
  }}
  return moved.filter((crane) => crane.ready);
}}

)~",
     ""},
    {"java", "Harbour.java", "package harbour;\n\npublic class Harbour {\n",
     R"~(  /** {3} for {4}. */
  public List<Crane> {0}{1}(Ship ship, int quay) throws BerthException {{
    if (ship.tonnes() > {2}) {{
      throw new BerthException("{3}: " + ship.name());
    }}
    List<Crane> moved = new ArrayList<>();
    for (Crane crane : ship.cranes()) {{
      crane.move(quay, {2});
      moved.add(crane);
      log.info("{4} {{}}", crane);
    }}
    return moved;
  }}

)~",
     "}\n"},
    {"c#", "Harbour.cs", "using System;\n\nnamespace Harbour\n{\n    public class Berths\n    {\n",
     R"~(        /// <summary>{3} for {4}.</summary>
        public async Task<List<Crane>> {0}{1}(Ship ship, int quay = {2})
        {{
            if (ship.Tonnes > {2})
            {{
                throw new BerthException($"{3}: {{ship.Name}}");
            }}
            var moved = new List<Crane>();
            foreach (var crane in ship.Cranes)
            {{
                await crane.MoveAsync(quay, {2});
                moved.Add(crane);
                _log.Info("{4}", crane);
            }}
            return moved;
        }}

)~",
     "    }\n}\n"},
    {"rust", "harbour.rs", "use crate::ship::{Crane, Ship};\n\n",
     R"~(/// {3} for {4}.
pub fn {0}_{1}(ship: &mut Ship, quay: u32) -> Result<Vec<Crane>, BerthError> {{
    if ship.tonnes > {2} {{
        return Err(BerthError::TooHeavy(format!("{3}: {{}}", ship.name)));
    }}
    let mut moved = Vec::new();
    for crane in ship.cranes.iter_mut() {{
        crane.move_to(quay, {2})?;
        log::info!("{4} {{crane:?}}");
        moved.push(crane.clone());
    }}
    Ok(moved)
}}

)~",
     ""},
    {"ruby", "harbour.rb", "require \"ship\"\n\nmodule Harbour\n",
     R"~(  # {3} for {4}.
  def self.{0}_{1}(ship, quay: {2})
    raise ArgumentError, "{3}: #{{ship.name}}" if ship.tonnes > {2}

    moved = []
    ship.cranes.each do |crane|
      crane.move(quay, {2})
      log.info("{4}", crane: crane)
      moved << crane
    end
    moved
  end

)~",
     "end\n"},
    {"php", "Harbour.php", "<?php\nnamespace Harbour;\n\nclass Harbour\n{\n",
     R"~(    /** {3} for {4}. */
    public function {0}{1}(Ship $ship, int $quay = {2}): array
    {{
        if ($ship->tonnes > {2}) {{
            throw new BerthException("{3}: " . $ship->name);
        }}
        $moved = [];
        foreach ($ship->cranes as $crane) {{
            $crane->move($quay, {2});
            $this->log->info("{4}", ["crane" => $crane]);
            $moved[] = $crane;
        }}
        return $moved;
    }}

)~",
     "}\n"},
    {"bash", "harbour.sh", "#!/bin/bash\nset -eu\n\n",
     R"~(# {3} for {4}.
{0}_{1}() {{
  local ship=$1 quay=${{2:-{2}}}
  if [[ $(tonnes "$ship") -gt {2} ]]; then
    echo "{3}: $ship" >&2
    return 1
  fi
  for crane in $(cranes "$ship"); do
    move "$crane" --quay "$quay" --tonnes {2} || return
    log "{4}" "$crane"
  done
}}

)~",
     ""},
    {"perl", "Harbour.pm", "package Harbour;\nuse strict;\nuse warnings;\n\n",
     R"~(# {3} for {4}.
sub {0}_{1} {{
    my ($self, $ship, %args) = @_;
    my $quay = $args{{quay}} // {2};
    if ($ship->{{tonnes}} > {2}) {{
        die "{3}: $ship->{{name}}\n";
    }}
    my @moved;
    foreach my $crane (@{{$ship->{{cranes}}}}) {{
        $crane->move($quay, {2});
        $self->log("{4}", $crane);
        push @moved, $crane;
    }}
    return \@moved;
}}

)~",
     "1;\n"},
    {"kotlin", "Harbour.kt", "package harbour\n\nclass Harbour(private val log: Log) {\n",
     R"~(    /** {3} for {4}. */
    fun {0}{1}(ship: Ship, quay: Int = {2}): List<Crane> {{
        if (ship.tonnes > {2}) {{
            throw BerthException("{3}: ${{ship.name}}")
        }}
        val moved = mutableListOf<Crane>()
        for (crane in ship.cranes) {{
            crane.move(quay, {2})
            log.info("{4}", crane)
            moved.add(crane)
        }}
        return moved.filter {{ it.ready }}
    }}

)~",
     "}\n"},
    {"scala", "Harbour.scala", "package harbour\n\nclass Harbour(log: Log) {\n",
     R"~(  /** {3} for {4}. */
  def {0}{1}(ship: Ship, quay: Int = {2}): List[Crane] = {{
    if (ship.tonnes > {2}) {{
      throw new BerthException(s"{3}: ${{ship.name}}")
    }}
    val moved = ship.cranes.map {{ crane =>
      crane.move(quay, {2})
      log.info("{4}", crane)
      crane
    }}
    moved.filter(_.ready)
  }}

)~",
     "}\n"},
    {"swift", "Harbour.swift", "import Foundation\n\nfinal class Harbour {\n",
     R"~(    /// {3} for {4}.
    func {0}{1}(ship: Ship, quay: Int = {2}) throws -> [Crane] {{
        guard ship.tonnes <= {2} else {{
            throw BerthError.tooHeavy("{3}: \(ship.name)")
        }}
        var moved: [Crane] = []
        for crane in ship.cranes {{
            crane.move(to: quay, tonnes: {2})
            log.info("{4}", crane)
            moved.append(crane)
        }}
        return moved
    }}

)~",
     "}\n"},
};

}  // namespace

std::vector<CodeSample> code_samples(std::size_t bytes) {
  std::vector<CodeSample> samples;
  for (const Pattern& pattern : kPatterns) {
    if (compress::code::language_by_name(pattern.language) == nullptr) continue;
    Numbers numbers;
    std::string text(pattern.head);
    for (std::uint64_t i = 0; text.size() < bytes; ++i) {
      const std::string_view goods = numbers.of(kGoods), act = numbers.of(kActs), port = numbers.of(kPorts);
      text += fmt::format(fmt::runtime(pattern.function), goods, i, numbers.below(900), act, port);
    }
    text += pattern.tail;
    samples.push_back({pattern.language, pattern.path, std::move(text)});
  }
  return samples;
}

}  // namespace headroom::bench
