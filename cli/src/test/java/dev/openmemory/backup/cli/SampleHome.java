package dev.openmemory.backup.cli;

import dev.openmemory.backup.cli.output.ExitCodes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * An OpenMemory folder with the real database and configuration of the sample, a {@code .env} with
 * a canary, and a storage directory that is small but has the form of Qdrant's.
 */
public record SampleHome(Path home) {
  /** In the database, where it may be; nowhere else. */
  public static final String LITERAL_KEY = "sk-LITERAL-canary-0000";

  /** In .env; never in anything that we write. */
  public static final String ENV_VALUE = "sk-CANARY-env-1111";

  public static SampleHome in(Path home) throws IOException {
    Files.createDirectories(home.resolve("api"));
    copy("api/openmemory.db", home.resolve("api/openmemory.db"));
    copy("api/config.json", home.resolve("api/config.json"));
    copy("api/dot-env", home.resolve("api/.env"));
    SampleHome sample = new SampleHome(home);
    Path collection = Files.createDirectories(sample.storage().resolve("collections/openmemory"));
    Files.writeString(collection.resolve("config.json"), "{}");
    Files.write(collection.resolve("segment.dat"), new byte[20_000]);
    Files.writeString(sample.storage().resolve("raft_state.json"), "{}");
    return sample;
  }

  public Path storage() {
    return home.resolve("storage");
  }

  public Path database() {
    return home.resolve("api/openmemory.db");
  }

  public Path config() {
    return home.resolve("api/config.json");
  }

  public Path backups() {
    return home.resolve("backups");
  }

  /** Of whole backups and of what is left of others. */
  public List<Path> filesOfBackups() throws IOException {
    return Files.exists(backups()) ? filesBelow(backups()) : List.of();
  }

  public static List<Path> filesBelow(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /** Makes the folder of a backup that was never finished; its owner is gone. */
  public static Path leftByAKilledRun(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("openmemory.db"), "half of it");
    Files.writeString(
        folder.resolve("in-progress.json"),
        """
        {"work": "backup", "owner":
         {"host": "elsewhere", "pid": 1, "processStart": "", "since": "2020-01-01T00:00:00Z"}}
        """);
    return folder;
  }

  /** A backup that must succeed. */
  public void backUp(String name) {
    CommandLineRun run = runOnStorage("backup", name);
    if (run.exitCode() != ExitCodes.WARNINGS) {
      throw new AssertionError(run.text());
    }
  }

  /** Runs a command on this folder. */
  public CommandLineRun run(String... args) {
    return new CommandLineRun.Surroundings().run(here(args));
  }

  /** Runs a command on this folder and its storage directory. */
  public CommandLineRun runOnStorage(String... args) {
    return new CommandLineRun.Surroundings().run(onStorage(args));
  }

  public String[] here(String... args) {
    return with(new String[] {"--home", home.toString()}, args);
  }

  public String[] onStorage(String... args) {
    return here(with(new String[] {"--storage-path", storage().toString()}, args));
  }

  /** The arguments behind the first ones. */
  public static String[] with(String[] args, String... first) {
    return Stream.of(first, args).flatMap(Stream::of).toArray(String[]::new);
  }

  private static void copy(String name, Path to) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            SampleHome.class.getResourceAsStream("/installation/" + name), name)) {
      Files.copy(in, to);
    }
  }
}
