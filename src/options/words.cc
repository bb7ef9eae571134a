// SPDX-License-Identifier: GPL-3.0-or-later
#include "options/words.h"

#include <string_view>

namespace pw {
namespace {

constexpr std::string_view kDashes = "--";

bool takes_value(const CLI::Option* option) { return option && option->get_items_expected_max() > 0; }

class Reader {
 public:
  Reader(const CLI::App& app, int argc, char** argv) : argc_(argc), argv_(argv) { words_.app = &app; }

  TypedWords read(bool to_first_operand) {
    for (; at_ < argc_ && argv_[at_] != kDashes; ++at_) {
      const std::string_view word = argv_[at_];
      if (!word.starts_with('-') || word == "-") {
        if (to_first_operand) break;
        take_operand(std::string(word));
      } else if (word.starts_with(kDashes)) {
        take_long(word);
      } else {
        take_short(word.substr(1));
      }
    }
    const bool dashes = at_ < argc_ && argv_[at_] == kDashes;
    words_.own = at_;
    words_.first_operand = at_ + (dashes ? 1 : 0);
    for (int i = words_.first_operand; !to_first_operand && i < argc_; ++i)
      words_.operands.emplace_back(argv_[i]);
    return std::move(words_);
  }

 private:
  void take_operand(const std::string& word) {
    const auto named =
        words_.app->get_subcommands([&](const CLI::App* command) { return command->get_name() == word; });
    if (words_.operands.empty() && !named.empty())
      words_.app = named.front();
    else
      words_.operands.push_back(word);
  }

  // The next word, as a value: "--" is none.
  std::optional<std::string> next() {
    if (at_ + 1 >= argc_ || argv_[at_ + 1] == kDashes) return std::nullopt;
    return argv_[++at_];
  }

  void take_long(std::string_view word) {
    const std::size_t equals = word.find('=');
    TypedOption typed{std::string(word.substr(0, equals)), nullptr, std::nullopt};
    typed.option = words_.app->get_option_no_throw(typed.name);
    if (equals != std::string_view::npos)
      typed.value = word.substr(equals + 1);
    else if (takes_value(typed.option))
      typed.value = next();
    words_.options.push_back(std::move(typed));
  }

  // "n3", "n" and the next word, or flags: "av".
  void take_short(std::string_view letters) {
    while (!letters.empty()) {
      TypedOption typed{std::string("-") + letters.front(), nullptr, std::nullopt};
      typed.option = words_.app->get_option_no_throw(typed.name);
      letters.remove_prefix(1);
      const bool valued = takes_value(typed.option), known = typed.option != nullptr;
      if (valued) typed.value = letters.empty() ? next() : std::optional(std::string(letters));
      words_.options.push_back(std::move(typed));
      if (valued || !known) return;
    }
  }

  int argc_, at_ = 1;
  char** argv_;
  TypedWords words_;
};

}  // namespace

TypedWords read_words(const CLI::App& app, int argc, char** argv, bool to_first_operand) {
  return Reader(app, argc, argv).read(to_first_operand);
}

}  // namespace pw
