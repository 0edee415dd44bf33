package dev.openmemory.backup.docker.internal.discovery;

import static dev.openmemory.backup.docker.internal.discovery.FakeContainer.api;
import static dev.openmemory.backup.docker.internal.discovery.FakeContainer.store;
import static dev.openmemory.backup.docker.internal.discovery.FakeEngine.part;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.docker.DockerOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The search from within a container, beside those of OpenMemory. */
class InsideSearchTest {
  private static final String ON_HOST = "/srv/openmemory";
  private static final Path HOME = Path.of("/openmemory");
  private static final String VOLUME = "openmemory_mem0_storage";
  private static final DockerOptions NONE = DockerOptions.NONE;

  private static FakeEngine stack() {
    return new FakeEngine()
        .volume("openmemory", "mem0_storage")
        .file("/openmemory/api/openmemory.db")
        .file("/openmemory/docker-compose.yml")
        .with(
            store("openmemory", ON_HOST).volume(VOLUME, "/qdrant/storage"),
            api("openmemory", ON_HOST).bind(ON_HOST + "/api", "/usr/src/openmemory"),
            api("other", "/openmemory").bind("/openmemory/api", "/usr/src/openmemory"));
  }

  private static FakeContainer sidecar() {
    return FakeContainer.named("openmemory-backup-1", "openmemory-backup")
        .service("openmemory", "backup", ON_HOST)
        .environment("DATABASE_URL", "sqlite:///x");
  }

  @Test
  void theHomeIsKnownByItsNameOnTheHostAndItsFilesAreUsedInPlace() throws BackupException {
    Discovery found = stack().from(sidecar().bind(ON_HOST, HOME.toString())).find(HOME, NONE);

    assertThat(part(found, "sqlite").options())
        .containsEntry("path", "/openmemory/api/openmemory.db");
    assertThat(part(found, "qdrant-volume").options())
        .containsEntry("container", "openmemory-mem0_store-1")
        .containsEntry("work", "/openmemory/.openmemory-backup");
    assertThat(found.findings())
        .anySatisfy(
            finding -> {
              assertThat(finding.subject()).isEqualTo("database");
              assertThat(finding.place())
                  .isEqualTo("/openmemory/api/openmemory.db (/srv/openmemory/api/openmemory.db)");
            })
        .anySatisfy(finding -> assertThat(finding.place()).contains("openmemory-backup-1"));
    assertThat(found.warnings()).isEmpty();
  }

  @Test
  void theContainerOfThisProcessIsNeverPausedAndIsNoOtherWriter() throws BackupException {
    FakeContainer own = sidecar().bind(ON_HOST, HOME.toString()).volume(VOLUME, "/vectors");
    Discovery found = stack().from(own).find(HOME, NONE);

    assertThat(found.installation().writers().orElseThrow().options())
        .containsEntry("containers", "openmemory-openmemory-mcp-1,openmemory-mem0_store-1");
    assertThat(found.warnings()).isEmpty();
    assertThat(found.containers())
        .extracting(Discovery.ContainerRow::name)
        .doesNotContain("openmemory-backup-1");
  }

  @Test
  void aDatabaseThatIsNotMountedHereGoesThroughTheEngine() throws BackupException {
    FakeContainer own =
        sidecar().bind(ON_HOST + "/backups", "/backups").bind("/else", "/openmemory");
    Discovery found =
        new FakeEngine()
            .with(
                store("openmemory", ON_HOST).volume(VOLUME, "/qdrant/storage"),
                api("openmemory", ON_HOST).bind(ON_HOST + "/api", "/usr/src/openmemory"))
            .from(own)
            .find(HOME, NONE);

    assertThat(part(found, "sqlite-container").options())
        .containsEntry("container", "openmemory-openmemory-mcp-1");
  }

  @Test
  void aHomeThatIsLostWithTheContainerIsWarnedOf() throws BackupException {
    Discovery found =
        new FakeEngine()
            .with(
                store("openmemory", ON_HOST).volume(VOLUME, "/qdrant/storage"),
                api("openmemory", ON_HOST).bind(ON_HOST + "/api", "/usr/src/openmemory"))
            .volume(VOLUME)
            .from(sidecar().bind("/var/run/docker.sock", "/var/run/docker.sock"))
            .find(HOME, NONE);

    assertThat(found.warnings())
        .extracting(Warning::code)
        .isEqualTo(List.of("home-in-container-layer"));
  }

  @Test
  void withoutContainersTheFolderOfTheHostNamesTheProject() throws BackupException {
    Discovery found =
        new FakeEngine()
            .file("/openmemory/docker-compose.yml")
            .from(sidecar().bind("/srv/notes", HOME.toString()))
            .find(HOME, NONE);

    assertThat(part(found, "qdrant-volume").options())
        .containsEntry("volume", "notes_mem0_storage");
  }
}
