package dev.openmemory.backup.testconditions;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The command line of a Java process with the class path of the running test. */
public final class JavaCommand {
  private JavaCommand() {}

  /** The options come before the class, the arguments after it. */
  public static List<String> of(Class<?> main, List<String> options, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(
        Path.of(Objects.requireNonNull(System.getProperty("java.home")), "bin", "java").toString());
    command.addAll(options);
    // Surefire passes the class path in another property when it forks with a jar.
    command.add("-cp");
    command.add(
        Objects.requireNonNull(
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }
}
