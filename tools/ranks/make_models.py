#!/usr/bin/env python3
"""Writes src/tokens/models.tsv from the model list that the litellm package ships.

    pip download --no-deps -d wheels litellm==1.109.1 litellm==1.75.0     (two commands: pip takes one version at a time)
    python3 tools/ranks/make_models.py wheels/litellm-1.109.1*.whl wheels/litellm-1.75.0*.whl > src/tokens/models.tsv

The first wheel is the source; what it no longer lists (retired models) comes from the second. A row that says the same
as a shorter name it would match anyway is left out.
"""

import json
import re
import sys
import zipfile
from collections.abc import Iterator

FIRST_PARTY = {
    "anthropic": "anthropic",
    "openai": "openai",
    "gemini": "google",
    "vertex_ai-language-models": "google",
    "deepseek": "deepseek",
    "mistral": "mistral",
    "moonshot": "moonshot",
    "xai": "xai",
    "zai": "zai",
    "dashscope": "qwen",
    "meta_llama": "meta",
    "minimax": "minimax",
}
HOSTS = ("groq", "deepinfra", "bedrock", "bedrock_converse", "together_ai")
OPEN_MODELS = {
    "meta": r"(meta-)?llama-?\d",
    "qwen": r"(qwen|qwq)",
    "moonshot": r"kimi",
    "zai": r"glm-",
    "openai": r"gpt-oss",
    "deepseek": r"deepseek",
    "mistral": r"(open-)?(mi[sx]tral|ministral|devstral|codestral)",
    "google": r"gemma",
    "minimax": r"minimax",
}
UNWANTED = re.compile(
    r"audio|realtime|tts|image|robotics|transcri|live|computer-use|guard|rosalind|container|vision-exp|"
    r"prompt-|lyria|embedding|ocr|omni|deep-research|search|med|learnlm|exp-|customtools"
)
# When each version of the package was released; the wheels carry no date.
RELEASED = {"1.109.1": "2026-11", "1.75.0": "2025-08"}
DATED = re.compile(r"-(latest|\d{8}|\d{4}-\d{2}-\d{2}|\d{4}|\d{2}-\d{2}|001|002)(-preview)?(-v\d:\d)?$")
# Encodings that tiktoken assigns; a newer OpenAI model is an estimate until it does.
EXACT = [
    (r"gpt-(4o|4\.1|4\.5|5|oss)\b|gpt-oss|o[134](-|$)|chatgpt-4o|codex-mini", "o200k_base"),
    (r"gpt-(4|3\.5|35)(-|$)", "cl100k_base"),
]
# What is known of a family when the model itself is not: the encoding, and no figures.
FAMILIES = [
    ("claude", "anthropic"),
    ("gpt", "openai"),
    ("gpt-4", "openai"),
    ("gpt-5", "openai"),
    ("gpt-35-turbo", "openai"),
    ("gemini", "google"),
    ("gemma", "google"),
    ("llama", "meta"),
    ("meta-llama", "meta"),
    ("codellama", "meta"),
    ("qwen", "qwen"),
    ("deepseek", "deepseek"),
    ("mistral", "mistral"),
    ("mixtral", "mistral"),
    ("ministral", "mistral"),
    ("codestral", "mistral"),
    ("devstral", "mistral"),
    ("magistral", "mistral"),
    ("kimi", "moonshot"),
    ("glm", "zai"),
    ("grok", "xai"),
    ("minimax", "minimax"),
]


def encoding(name: str, provider: str) -> str:
    if provider == "anthropic":
        return "claude~"
    if provider == "openai":
        for pattern, exact in EXACT:
            if re.match(pattern, name):
                return exact
    return "gemini~" if provider == "google" else "o200k_base~"


def boundary(name: str, at: int) -> bool:
    """Where src/tokens/models.cc lets a shorter name end."""
    return (
        at == len(name)
        or not (name[at].isalnum() or name[at] == ".")
        or (name[at].isdigit() and name[at - 1].isalpha())
    )


def number(value: float) -> str:
    return format(round(value, 6), "g") if value else "0"


def wheel_rows(path: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    with zipfile.ZipFile(path) as wheel:
        models = json.loads(wheel.read("litellm/model_prices_and_context_window_backup.json"))
    version = path.split("litellm-")[-1].split("-")[0]
    source, date = "litellm-" + version, RELEASED[version]
    for key, model in models.items():
        if model.get("mode") not in ("chat", "responses") or not model.get("max_input_tokens"):
            continue
        host = model.get("litellm_provider")
        name = key.lower().split("/")[-1]
        name = re.sub(r"^([a-z-]+\.)+(?=[a-z])", "", name)
        provider = FIRST_PARTY.get(host)
        if host == "dashscope" and not name.startswith(("qwen", "qwq")):
            continue
        if host == "mistral" and re.match(r"zai|glm|deepseek|labs", name):
            continue
        if provider is None and host in HOSTS:
            provider = next((p for p, pattern in OPEN_MODELS.items() if re.match(pattern, name)), None)
        if provider is None or UNWANTED.search(name) or name.startswith("ft:"):
            continue
        price = [
            number(1e6 * float(model.get(field) or 0))
            for field in (
                "input_cost_per_token",
                "output_cost_per_token",
                "cache_read_input_token_cost",
                "cache_creation_input_token_cost",
            )
        ]
        window = int(model["max_input_tokens"])
        out = int(model.get("max_output_tokens") or 0)
        rank = 0 if host in FIRST_PARTY else 1
        yield rank, name, (provider, encoding(name, provider), str(window), str(out), *price, source, date)


def main() -> None:
    rows: dict[str, tuple[str, ...]] = {}
    for path in sys.argv[1:]:
        for _, name, row in sorted(wheel_rows(path), key=lambda item: item[:2]):
            rows.setdefault(name, row)
    for name in sorted(rows, reverse=True):  # the newest dated name stands for the name without a date
        if (base := DATED.sub("", name)) != name and not name.endswith("-latest"):
            rows.setdefault(base, rows[name])
    for name in list(rows):
        if name.endswith("-latest") and DATED.sub("", name) in rows and not name.startswith("gpt"):
            del rows[name]
    for name, provider in FAMILIES:
        rows.setdefault(name, (provider, encoding(name, provider), *["0"] * 6, "family", RELEASED["1.109.1"]))
    for name in ("claude-sonnet-4", "claude-sonnet-4-5"):  # the long-context variant, as clients write it
        row = rows[name]
        rows[name + "[1m]"] = (*row[:2], "1000000", *row[3:])
    kept: dict[str, tuple[str, ...]] = {}
    for name in sorted(rows, key=lambda n: (len(n), n)):
        shorter = [n for n in kept if name.startswith(n) and boundary(name, len(n))]
        if not shorter or kept[max(shorter, key=len)][:9] != rows[name][:9]:
            kept[name] = rows[name]
    print(
        "# What is known of each model. A name matches the longest row that it starts with. Made by tools/ranks/make_models.py;"
    )
    print("# source and date say where a row's figures are from. Prices are USD per million tokens; 0 is not known.")
    print(
        "# model\tprovider\tencoding\tcontext_window\tmax_output\tinput\toutput\tcache_read\tcache_write\tsource\tdate"
    )
    for name, row in sorted(kept.items(), key=lambda item: (item[1][0], item[0])):
        print(name, *row, sep="\t")


main()
