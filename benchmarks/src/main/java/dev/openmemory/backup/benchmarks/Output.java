package dev.openmemory.backup.benchmarks;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Where results go. */
final class Output {
  private static final PrintStream OUT =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  private Output() {}

  static void line(String format, Object... arguments) {
    OUT.println(String.format(Locale.ROOT, format, arguments));
  }
}
