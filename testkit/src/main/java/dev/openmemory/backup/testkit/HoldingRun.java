package dev.openmemory.backup.testkit;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A JVM of its own that begins a backup and stays in the midst of it until it is killed. */
final class HoldingRun implements Closeable {
  private static final String READY = "in the midst";

  private final Process process;

  private HoldingRun(Process process) {
    this.process = process;
  }

  /** An installation of vectors only. */
  static Path makeHome(Path folder) throws IOException {
    Path home = folder.resolve("openmemory");
    Path collection = Files.createDirectories(storage(home).resolve("collections/openmemory"));
    Files.write(collection.resolve("segment.dat"), new byte[1 << 20]);
    Files.writeString(collection.resolve("config.json"), "{}");
    Files.writeString(storage(home).resolve("raft_state.json"), "{}");
    return home;
  }

  static BackupReport create(Backups backups, Path home, String name) throws IOException {
    return backups.create(
        Installation.at(home).withStorage(storage(home)),
        BackupRequest.named(name).withOnly(Set.of(Component.VECTORS)));
  }

  private static Path storage(Path home) {
    return home.resolve("qdrant-storage");
  }

  static HoldingRun start(
      Path home, String location, Map<String, String> options, Map<String, String> environment)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.addAll(List.of(HoldingRun.class.getName(), home.toString(), location));
    options.forEach((option, value) -> command.add(option + "=" + value));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return new HoldingRun(builder.start());
  }

  void awaitFirstFile() throws IOException {
    String said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    if (!READY.equals(said)) {
      throw new AssertionError("the run said " + said);
    }
  }

  /** Ends it as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  /** The child. */
  public static void main(String[] arguments) throws Exception {
    Map<String, String> options = new HashMap<>();
    for (String argument : List.of(arguments).subList(2, arguments.length)) {
      int equals = argument.indexOf('=');
      options.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    try (BackupTarget target = BackupTargets.open(arguments[1], options)) {
      create(
          Backups.in(target).withListener(HoldingRun::waitAtFirstFile),
          Path.of(arguments[0]),
          "killed");
    }
  }

  private static void waitAtFirstFile(BackupEvent event) {
    if (event instanceof BackupEvent.FileStarted) {
      try (PrintStream out =
          new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)) {
        out.println(READY);
        if (System.in.read() < 0) {
          throw new IllegalStateException("the parent has ended");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
