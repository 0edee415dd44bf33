package dev.openmemory.backup.internal.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** When a process was started, in clock ticks since the start of the system. */
final class StartTicks {
  /**
   * Of the words after the name of the program, which is in brackets and may hold any character.
   */
  private static final int WORD = 19;

  private StartTicks() {}

  /** Empty text where the system does not say. */
  static String of(long pid) {
    try {
      // The name of a program need not be text.
      byte[] stat = Files.readAllBytes(Path.of("/proc/" + pid + "/stat"));
      return parse(new String(stat, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return "";
    }
  }

  static String parse(String stat) {
    String[] words = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    return words.length > WORD && words[WORD].matches("[0-9]{1,18}") ? words[WORD] : "";
  }
}
