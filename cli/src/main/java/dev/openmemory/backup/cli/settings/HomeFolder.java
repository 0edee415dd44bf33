package dev.openmemory.backup.cli.settings;

import java.nio.file.Path;

/**
 * The user's home folder, which {@code ~} at the beginning of a path stands for. No shell reads
 * settings, and shells leave {@code --target=~/om} as it is.
 */
public final class HomeFolder {
  private HomeFolder() {}

  /** The path with the home folder in place of {@code ~}; any other text as it is. */
  public static String expand(String path) {
    return path.equals("~") || path.startsWith("~/")
        ? System.getProperty("user.home", "~") + path.substring(1)
        : path;
  }

  /** The same as a path; a converter of command lines. */
  public static Path path(String text) {
    return Path.of(expand(text));
  }
}
