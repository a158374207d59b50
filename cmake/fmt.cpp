// Debian has no static fmt. Its header-only form, compiled once with every function kept (-fkeep-inline-functions), is one.
#include <fmt/format.h>
