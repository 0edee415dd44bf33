package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Installation.Snapshots;
import dev.openmemory.backup.sample.MemoriesDatabase;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The collection that the settings name counts, whatever else Qdrant stores. */
class CollectionOfMemoriesTest extends SampleBackupFixture {
  private Facts vectors(Installation installation) throws IOException {
    return backups
        .create(installation, BackupRequest.STANDARD)
        .manifest()
        .component("vectors")
        .orElseThrow()
        .facts();
  }

  private void refused(Installation installation, String fact) throws IOException {
    BackupException failure = failureOf(() -> backups.create(installation, BackupRequest.STANDARD));
    assertThat(failure.kind()).as("%s", failure).isEqualTo(Kind.INCONSISTENT);
    assertThat(failure.fact()).contains(fact);
    assertThat(backups.list()).isEmpty();
  }

  private void renameCollectionTo(String name) throws IOException {
    Path collections = sample.storage().resolve("collections");
    Files.move(collections.resolve("openmemory"), collections.resolve(name));
  }

  private void settingsName(String collection) throws Exception {
    new MemoriesDatabase(sample.database())
        .run(
            "UPDATE configs SET value = json_set(value, '$.mem0.vector_store',"
                + " json('{\"provider\": \"qdrant\", \"config\": {\"collection_name\": \""
                + collection
                + "\"}}')) WHERE key = 'main'");
  }

  @Test
  void theCollectionOfAnotherProgramHoldsNoVectorsOfMemories() throws Exception {
    renameCollectionTo("mem0migrations");

    refused(
        sample.installation(),
        "has no collection 'openmemory' (OpenMemory's default), only mem0migrations");
  }

  @Test
  void theCollectionThatTheSettingsNameCounts() throws Exception {
    settingsName("mine");
    refused(
        sample.installation(), "has no collection 'mine' (named in the settings), only openmemory");

    renameCollectionTo("mine");
    Path other = Files.createDirectory(sample.storage().resolve("collections/mem0migrations"));
    Files.writeString(other.resolve("config.json"), "{}");

    assertThat(vectors(sample.installation()).texts("collections"))
        .containsExactly("mem0migrations", "mine");
  }

  @Test
  void anEmptyCollectionOfTheRightNameDoesNotCount() throws Exception {
    try (QdrantDouble server = QdrantDouble.start(temp.resolve("server/storage"))) {
      server.createCollection("mem0migrations");
      server.fill("mem0migrations", 1);
      server.createCollection("openmemory");
      Installation running =
          Installation.at(sample.home()).withSnapshots(Snapshots.of(server.uri()));
      refused(running, "has no point in collection 'openmemory'");

      server.fill("openmemory", 58);
      assertThat(vectors(running).number("points", "openmemory")).hasValue(58);
    }
  }
}
