package dev.openmemory.backup.benchmarks.report;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Where results go. */
public final class Output {
  private static final PrintStream OUT =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  private Output() {}

  public static void line(String format, Object... arguments) {
    OUT.println(String.format(Locale.ROOT, format, arguments));
  }
}
