// The C++ library as a way in, for shapes.py and workloads.py; it needs nothing but the public header.
//
//   headroom_library_dump < REQUESTS                                   a request a line; each as the library gives it
//   headroom_library_dump QUESTION TOOL ARGUMENTS < TEXT               one text

#include <iostream>
#include <iterator>
#include <string>

#include "headroom/headroom.h"

int main(int argc, char** argv) {
  headroom::EngineOptions options;
  options.in_memory = true;
  const auto engine = headroom::Engine::open(options);
  if (!engine) {
    std::cerr << engine.error().message << '\n';
    return 1;
  }
  if (argc == 4) {
    const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
    headroom::Purpose purpose;
    purpose.question = argv[1];
    purpose.tool = argv[2];
    purpose.arguments = argv[3];
    std::cout << engine->compress_text(text, purpose).text;
    return 0;
  }
  for (std::string body; std::getline(std::cin, body);) std::cout << engine->compress_request(body).text << '\n';
  return 0;
}
