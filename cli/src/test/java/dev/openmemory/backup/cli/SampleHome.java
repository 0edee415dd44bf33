package dev.openmemory.backup.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * An OpenMemory folder with the real database and configuration of the sample, a {@code .env} with
 * a canary, and a storage directory that is small but has the form of Qdrant's.
 */
record SampleHome(Path home) {
  /** In the database, where it may be; nowhere else. */
  static final String LITERAL_KEY = "sk-LITERAL-canary-0000";

  /** In .env; never in anything that we write. */
  static final String ENV_VALUE = "sk-CANARY-env-1111";

  static SampleHome in(Path home) throws IOException {
    Files.createDirectories(home.resolve("api"));
    copy("api/openmemory.db", home.resolve("api/openmemory.db"));
    copy("api/config.json", home.resolve("api/config.json"));
    copy("api/dot-env", home.resolve("api/.env"));
    SampleHome sample = new SampleHome(home);
    Path collection = Files.createDirectories(sample.storage().resolve("collections/openmemory"));
    Files.writeString(collection.resolve("config.json"), "{}");
    Files.write(collection.resolve("segment.dat"), new byte[2_000_000]);
    Files.writeString(sample.storage().resolve("raft_state.json"), "{}");
    return sample;
  }

  Path storage() {
    return home.resolve("storage");
  }

  Path database() {
    return home.resolve("api/openmemory.db");
  }

  Path config() {
    return home.resolve("api/config.json");
  }

  Path backups() {
    return home.resolve("backups");
  }

  /** A backup that must succeed. */
  void backUp(String name) {
    CommandLineRun run = run("backup", name, "--storage-path", storage().toString());
    if (run.exitCode() != ExitCodes.WARNINGS) {
      throw new AssertionError(run.text());
    }
  }

  /** Runs a command on this folder. */
  CommandLineRun run(String... args) {
    return new CommandLineRun.Surroundings().run(here(args));
  }

  String[] here(String... args) {
    String[] all = new String[args.length + 2];
    System.arraycopy(args, 0, all, 0, args.length);
    all[args.length] = "--home";
    all[args.length + 1] = home.toString();
    return all;
  }

  private static void copy(String name, Path to) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            SampleHome.class.getResourceAsStream("/installation/" + name), name)) {
      Files.copy(in, to);
    }
  }
}
