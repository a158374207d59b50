#pragma once
#include <stdexcept>
#include <string>

namespace pe {

/// What a user can cause; `main` maps each kind to an exit code.
enum class ErrorKind {
  usage,      ///< wrong words or parameters
  io,         ///< a file could not be read or written
  malformed,  ///< an input file does not hold what its format promises
  interrupted ///< the user or the system asked to stop
};

/// The one exception: a kind and one lower-case line that says what was given, what is wrong and what would do.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  explicit Error(const std::string& message) : Error(ErrorKind::usage, message) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

/// The same error said in the name of a scheme, command or option: "sincos1d: ..."; one that begins so already stays as it is.
inline Error in_name_of(const std::string& who, const Error& error) {
  const std::string message = error.what();
  return message.starts_with(who + ":") || message.starts_with(who + " ") ? error : Error(error.kind(), who + ": " + message);
}

}  // namespace pe
