package dev.openmemory.backup.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a directory takes on disk, without holes, which Java itself does not know. */
final class DiskUsage {
  private static final Pattern KIBIBYTES = Pattern.compile("(\\d+)\\s.*", Pattern.DOTALL);

  private DiskUsage() {}

  /** The bytes, or empty where there is no {@code du}. */
  static OptionalLong of(Path directory) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder("du", "-sk", directory.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        String answer =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        Matcher matcher = KIBIBYTES.matcher(answer);
        return process.waitFor() == 0 && matcher.matches()
            ? OptionalLong.of(Long.parseLong(matcher.group(1)) * 1024)
            : OptionalLong.empty();
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
