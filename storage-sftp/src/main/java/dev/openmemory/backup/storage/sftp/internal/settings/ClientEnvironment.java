package dev.openmemory.backup.storage.sftp.internal.settings;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What of this host ssh looks at.
 *
 * @param user that runs this process
 * @param home the place of {@code ~}
 * @param system the place of the system's files, {@code /etc/ssh}
 * @param environment for the socket of the agent, and for variables in ssh_config
 * @param ssh the program, which reads ssh_config; null where there is none
 */
public record ClientEnvironment(
    String user, Path home, Path system, Map<String, String> environment, @Nullable Path ssh) {
  public static ClientEnvironment current() {
    Map<String, String> environment = System.getenv();
    return new ClientEnvironment(
        System.getProperty("user.name", ""),
        Path.of(System.getProperty("user.home", "")),
        Path.of("/etc/ssh"),
        environment,
        onPath(environment.getOrDefault("PATH", "")));
  }

  private static @Nullable Path onPath(String path) {
    for (String folder : path.split(Pattern.quote(File.pathSeparator), -1)) {
      for (String name : List.of("ssh", "ssh.exe")) {
        Path program = Path.of(folder, name);
        // A relative entry would be another program in each working directory.
        if (program.isAbsolute() && Files.isRegularFile(program) && Files.isExecutable(program)) {
          return program;
        }
      }
    }
    return null;
  }

  /** The user's folder of ssh. */
  public Path folder() {
    return home.resolve(".ssh");
  }

  /** Without the environment, which holds secrets. */
  @Override
  public String toString() {
    return user + ", " + home;
  }
}
