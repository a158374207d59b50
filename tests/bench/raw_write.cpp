// raw_write FILE BYTES: writes ready bytes, a megabyte at a time. The limit for whatever has to compute them first.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

int main(int count, char** words) {
  if (count != 3) return 2;
  const int file = ::open(words[1], O_WRONLY | O_CREAT | O_TRUNC, 0666);
  const std::vector<char> ready(1 << 20, 1);
  for (long left = std::atol(words[2]); left > 0;) {
    const ssize_t put = ::write(file, ready.data(), static_cast<std::size_t>(std::min(left, static_cast<long>(ready.size()))));
    if (put <= 0) return 1;
    left -= put;
  }
  return ::close(file) == 0 ? 0 : 1;
}
