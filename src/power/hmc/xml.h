// SPDX-License-Identifier: GPL-3.0-or-later
// The elements of an XML document one after the other, as far as a console's short answers need them: no
// document type, no entities but the five. What is malformed ends it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pw {

class XmlElements {
 public:
  explicit XmlElements(std::string_view document) : left_(document) {}

  // Goes to the next element's begin; whether there is one.
  bool next();

  // Without the prefix of its name space.
  std::string_view name() const { return name_; }
  // Nothing: it has none of that name.
  std::optional<std::string> attribute(std::string_view name) const;
  // Up to the next tag, trimmed.
  std::string text() const;

 private:
  bool skip(std::string_view begin, std::string_view end);

  std::string_view left_;  // behind the tag
  std::string_view name_, attributes_;
  bool empty_ = false;  // <name/>
};

}  // namespace pw
