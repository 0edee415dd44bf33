package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers with the names of Compose's services, in a process with a file of hosts of its own. */
@Tag("services")
class UnderscoreHostTest {
  @TempDir Path temp;
  private OwnProcess commandLine;

  @BeforeEach
  void nameHost() throws Exception {
    Path hosts = Files.writeString(temp.resolve("hosts"), "127.0.0.1 mem0_store\n");
    commandLine = new OwnProcess("-Djdk.net.hosts.file=" + hosts);
  }

  @Test
  void aQdrantWithAnUnderscoreInItsNameAnswers() throws Exception {
    try (QdrantDouble server = QdrantDouble.start(temp.resolve("qdrant/storage"))) {
      server.createCollection("openmemory");
      String url = "http://mem0_store:" + server.uri().getPort();
      CommandLineRun run =
          commandLine.run("snapshot", "create", "--home", temp.toString(), "--qdrant-url", url);
      assertThat(run.exitCode()).as(run.text()).isZero();
      assertThat(run.text()).contains(url);
    }
  }

  @Test
  void aStoreWithAnUnderscoreInItsNameIsAsked() throws Exception {
    try (LocalServer server = LocalServer.ofPages()) {
      commandLine
          .with(
              Map.of(
                  "AWS_ACCESS_KEY_ID", "key",
                  "AWS_SECRET_ACCESS_KEY", "secret",
                  "OPENMEMORY_BACKUP_S3_ENDPOINT",
                      server.endpoint().replace("127.0.0.1", "mem0_store"),
                  "OPENMEMORY_BACKUP_S3_REGION", "x"))
          .run("list", "--target", "s3://bucket");
      assertThat(server.requests()).isNotEmpty().allMatch(r -> r.startsWith("GET /bucket?"));
    }
  }
}
