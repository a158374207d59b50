#include "cli/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <utility>

#include "core/error.h"
#include "core/interrupt.h"

namespace pe {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& path, const char* what) {
  throw Error(ErrorKind::io, fmt::format("{}: {}: {}", path, what, std::strerror(errno)));
}

/// An open file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
  }
  int get() const { return fd_; }

  /// Closes now, to learn whether what was written has arrived.
  bool close() {
    const int fd = std::exchange(fd_, -1);
    return fd <= STDERR_FILENO || ::close(fd) == 0;
  }

 private:
  int fd_;
};

Bytes read_whole(int fd, const std::string& path) {
  const auto buffer = std::make_shared<std::vector<std::byte>>();
  constexpr std::size_t kPiece = 1 << 20;
  for (std::size_t filled = 0;;) {
    buffer->resize(filled + kPiece);
    const ssize_t got = ::read(fd, buffer->data() + filled, kPiece);
    check_interrupt();
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(path, "cannot be read");
    filled += static_cast<std::size_t>(got);
    if (got == 0) {
      buffer->resize(filled);
      return {buffer, *buffer};
    }
  }
}

/// Drops the whole pages among these bytes of a mapped file; the next access reads the file again.
void release_mapped(std::span<const std::byte> used) {
  static const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto start = reinterpret_cast<std::uintptr_t>(used.data());
  const std::uintptr_t first = (start + page - 1) / page * page, last = (start + used.size()) / page * page;
  if (first < last) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

}  // namespace

Bytes read_bytes(const std::string& path) {
  const Descriptor file(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail(path, "cannot be read");
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) fail(path, "cannot be read");
  if (S_ISDIR(status.st_mode)) throw Error(ErrorKind::io, path + ": is a folder, not a file");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (!S_ISREG(status.st_mode) || size == 0 || path == "-") return read_whole(file.get(), path);
  void* const mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (mapped == MAP_FAILED) return read_whole(file.get(), path);
  const std::shared_ptr<const void> owner(mapped, [size](const void* start) { ::munmap(const_cast<void*>(start), size); });
  return {owner, {static_cast<const std::byte*>(mapped), size}, release_mapped};
}

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return path.ends_with('/') || fs::is_directory(path, ignored);
}

bool is_special_file(const std::string& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  return path == "-" || (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status));
}

/// How far all files are: a bar on standard error, shown once the work has taken a second.
class OutputFiles::Progress {
 public:
  Progress(Index total, bool show) : total_(total), show_(show && total > 0 && ::isatty(STDERR_FILENO) == 1) {}
  ~Progress() {
    if (shown_) fmt::print(stderr, "\r\x1b[K");
  }

  /// The files will not be needed.
  void abandon() { is_abandoned_ = true; }

  /// More bytes of one of the files. Throws Error (io) when they are not needed.
  void add(std::size_t bytes) {
    if (is_abandoned_) throw Error(ErrorKind::io, "abandoned");
    if (!show_) return;
    const std::lock_guard lock(mutex_);
    done_ += static_cast<Index>(bytes);
    const auto now = Clock::now();
    if (now - start_ < std::chrono::seconds(1) || now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    shown_ = true;
    const int filled = static_cast<int>(std::min<Index>(done_, total_) * kWidth / total_);
    fmt::print(stderr, "\r[{:<{}}] {} of {} MB", std::string(static_cast<std::size_t>(filled), '#'), kWidth, done_ / 1000000, total_ / 1000000);
    std::fflush(stderr);
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr int kWidth = 40;
  std::atomic<bool> is_abandoned_ = false;
  std::mutex mutex_;
  Index total_, done_ = 0;
  bool show_, shown_ = false;
  Clock::time_point start_ = Clock::now(), last_ = start_;
};

/// One output: a temporary beside the final name, or the thing itself when it is no regular file.
class OutputFiles::File : public Sink {
 public:
  File(const std::string& path, Progress& progress) : path_(path), progress_(progress), descriptor_(open_for(path)) {}
  ~File() override {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
  }

  using Sink::write;
  void write(std::span<const std::byte> bytes) override {
    while (!bytes.empty()) {
      check_interrupt();
      const ssize_t put = ::write(descriptor_.get(), bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) fail(path_, "cannot be written");
      size_ += put;
      progress_.add(static_cast<std::size_t>(put));
      bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
  }

  // Room made at once is less scattered, and a disk that is too small shows before the work is done. Memory is not scattered: there it
  // would only keep the writing waiting.
  void reserve(Index bytes) override {
    constexpr Index kWorthwhile = 1 << 22;
    if (temporary_.empty() || bytes < kWorthwhile) return;
    struct statfs disk {};
    const bool is_known = ::fstatfs(descriptor_.get(), &disk) == 0;
    if (is_known && disk.f_blocks > 0 && static_cast<fsblkcnt_t>(bytes / disk.f_frsize) >= disk.f_bavail) {
      errno = ENOSPC;   // without filling the disk first
      fail(path_, "cannot be written");
    }
    if (is_known && disk.f_type == TMPFS_MAGIC) return;
    while (::fallocate(descriptor_.get(), FALLOC_FL_KEEP_SIZE, size_, bytes) != 0) {
      check_interrupt();
      if (errno == ENOSPC || errno == EFBIG) fail(path_, "cannot be written");
      if (errno != EINTR) return;   // a file system without it
    }
  }

  bool can_patch() const override { return !temporary_.empty(); }

  void patch(Index offset, std::span<const std::byte> bytes) override {
    const ssize_t put = ::pwrite(descriptor_.get(), bytes.data(), bytes.size(), offset);
    if (put != static_cast<ssize_t>(bytes.size())) fail(path_, "cannot be written");
  }

  Index size() const { return size_; }

  void close() {
    if (!descriptor_.close()) fail(path_, "cannot be written");
  }

  void take_name() {
    if (temporary_.empty()) return;
    if (::rename(temporary_.c_str(), final_.c_str()) != 0) fail(path_, "cannot be written");
    temporary_.clear();
  }

 private:
  int open_for(const std::string& path) {
    if (path == "-") return STDOUT_FILENO;
    if (is_special_file(path)) {
      const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
      if (fd < 0) fail(path, "cannot be written");
      return fd;
    }
    // A link keeps pointing where it did: what it names is replaced.
    std::error_code ignored;
    const fs::path target = fs::weakly_canonical(path, ignored);
    final_ = target.empty() ? path : target.string();
    static int number = 0;
    temporary_ = (fs::path(final_).parent_path() / fmt::format(".pe-gen-{}-{}.tmp", ::getpid(), number++)).string();
    struct stat old {};
    const bool replaces = ::stat(final_.c_str(), &old) == 0;
    const int fd = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, replaces ? old.st_mode & 0777 : 0666);
    if (fd < 0) {
      temporary_.clear();
      fail(path, "cannot be written");
    }
    return fd;
  }

  std::string path_, final_, temporary_;
  Progress& progress_;
  Index size_ = 0;
  Descriptor descriptor_;
};

OutputFiles::OutputFiles(Index progress_total, bool show_progress) : progress_(std::make_unique<Progress>(progress_total, show_progress)) {}
OutputFiles::~OutputFiles() = default;

Sink& OutputFiles::open(const std::string& path) { return *files_.emplace_back(std::make_unique<File>(path, *progress_)); }

void OutputFiles::abandon() { progress_->abandon(); }

Index OutputFiles::size(const Sink& sink) const { return static_cast<const File&>(sink).size(); }

void OutputFiles::commit() {
  for (const auto& file : files_) file->close();
  for (const auto& file : files_) file->take_name();
}

}  // namespace pe
