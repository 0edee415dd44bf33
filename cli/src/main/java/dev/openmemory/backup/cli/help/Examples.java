package dev.openmemory.backup.cli.help;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The examples in the help of the commands, by the name of the command with its parents'. */
final class Examples {
  private static final String RESOURCE = "examples.txt";

  private final Map<String, List<String>> byCommand = new HashMap<>();
  private boolean read;

  /** Empty if the command has none. */
  List<String> of(String command) {
    // Most runs show no help.
    if (!read) {
      read();
      read = true;
    }
    return byCommand.getOrDefault(command, List.of());
  }

  /** A line in brackets names the command of the lines after it. */
  private void read() {
    try (InputStream in = Examples.class.getResourceAsStream(RESOURCE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      List<String> examples = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("[")) {
          examples = new ArrayList<>();
          byCommand.put(line.substring(1, line.length() - 1), examples);
        } else if (!line.isEmpty()) {
          examples.add(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
