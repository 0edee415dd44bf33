package dev.openmemory.backup.cli.demo;

import dev.openmemory.backup.Installation;
import dev.openmemory.backup.internal.sqlite.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * A made-up OpenMemory on disk, in the layout of a restore into a folder of its own.
 *
 * @param home the OpenMemory folder
 */
record DemoInstallation(Path home) {
  /** As OpenMemory writes it by default. */
  static final String CONFIG =
      """
      {
          "mem0": {
              "llm": {
                  "provider": "openai",
                  "config": {
                      "model": "gpt-4o-mini",
                      "temperature": 0.1,
                      "max_tokens": 2000,
                      "api_key": "env:API_KEY"
                  }
              },
              "embedder": {
                  "provider": "openai",
                  "config": {
                      "model": "text-embedding-3-small",
                      "api_key": "env:API_KEY"
                  }
              }
          }
      }""";

  Path database() {
    return home.resolve("api").resolve("openmemory.db");
  }

  Path config() {
    return home.resolve("api").resolve("config.json");
  }

  Path storage() {
    return home.resolve("qdrant-storage");
  }

  /** The same for the library. */
  Installation describe() {
    return Installation.inFolder(home);
  }

  /** Makes everything up, with no transaction of the writer yet. */
  void create(DemoRandom random, DemoSize size) throws IOException, SQLException {
    Files.createDirectories(home.resolve("api"));
    NativeLibrary.load();
    new DemoDatabase(random, size.memories()).create(database(), 0);
    Files.writeString(config(), CONFIG);
    new DemoStorage(random, size).create(storage());
  }
}
