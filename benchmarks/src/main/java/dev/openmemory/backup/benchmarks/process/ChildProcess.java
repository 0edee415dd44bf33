package dev.openmemory.backup.benchmarks.process;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with our classes, ended with its owner. */
public record ChildProcess(Process process, BufferedReader output) implements Closeable {
  public static ChildProcess start(List<String> jvmOptions, Class<?> main, Object... arguments)
      throws IOException {
    Process process =
        new ProcessBuilder(command(jvmOptions, main, arguments))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new ChildProcess(process, process.inputReader(StandardCharsets.UTF_8));
  }

  public static List<String> command(List<String> jvmOptions, Class<?> main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    output.close();
  }
}
