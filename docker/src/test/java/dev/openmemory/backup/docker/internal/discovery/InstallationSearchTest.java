package dev.openmemory.backup.docker.internal.discovery;

import static dev.openmemory.backup.docker.internal.discovery.FakeContainer.api;
import static dev.openmemory.backup.docker.internal.discovery.FakeContainer.store;
import static dev.openmemory.backup.docker.internal.discovery.FakeContainer.ui;
import static dev.openmemory.backup.docker.internal.discovery.FakeEngine.HOME;
import static dev.openmemory.backup.docker.internal.discovery.FakeEngine.part;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.docker.Discovery.Finding;
import dev.openmemory.backup.docker.DockerOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InstallationSearchTest {
  private static final String FOLDER = HOME.toString();
  private static final String VOLUME = "openmemory_mem0_storage";
  private static final DockerOptions NONE = DockerOptions.NONE;

  /** Layout (a): the guide's. */
  private static FakeEngine guide() {
    return new FakeEngine()
        .volume("openmemory", "mem0_storage")
        .file("/srv/openmemory/api/openmemory.db")
        .file("/srv/openmemory/api/config.json")
        .file("/srv/openmemory/docker-compose.yml")
        .with(
            store("openmemory", FOLDER).volume(VOLUME, "/qdrant/storage"),
            ui("openmemory", FOLDER).bind("/srv/openmemory/api", "/api"),
            apiOfGuide());
  }

  private static FakeContainer apiOfGuide() {
    return api("openmemory", FOLDER).bind("/srv/openmemory/api", "/usr/src/openmemory");
  }

  @Test
  void theGuidesLayoutIsReadInPlaceAndItsVolumeByItsContainer() throws BackupException {
    Discovery found = guide().find(NONE);

    assertThat(part(found, "sqlite").options())
        .containsExactly(Map.entry("path", "/srv/openmemory/api/openmemory.db"));
    assertThat(part(found, "config").options())
        .containsExactly(Map.entry("path", "/srv/openmemory/api/config.json"));
    assertThat(part(found, "config").optional()).isTrue();
    assertThat(part(found, "qdrant-volume").options())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "engine", "unix:///test.sock",
                "work", "/srv/openmemory/.openmemory-backup",
                "container", "openmemory-mem0_store-1",
                "path", "/qdrant/storage",
                "volume", VOLUME,
                "project", "openmemory"));
    assertThat(found.warnings()).isEmpty();
    assertThat(place(found, "vectors")).isEqualTo("volume " + VOLUME);
    assertThat(place(found, "history")).contains("history.db");
  }

  @Test
  void whoAsksAnotherIsHeldBeforeItAndTheWebInterfaceNever() throws BackupException {
    Discovery found =
        guide()
            .with(
                FakeContainer.named("importer", "local/importer")
                    .state("exited")
                    .bind("/srv/openmemory", "/data"),
                FakeContainer.named("reader", "local/reader").volume(VOLUME, "/v", false))
            .find(NONE);

    assertThat(found.installation().writers().orElseThrow().options())
        .containsEntry("containers", "openmemory-openmemory-mcp-1,importer,openmemory-mem0_store-1")
        .containsEntry("store", "openmemory-mem0_store-1")
        .containsEntry("api", "openmemory-openmemory-mcp-1")
        .containsEntry("engine", "unix:///test.sock");
    assertThat(found.containers())
        .extracting(Discovery.ContainerRow::role)
        .containsExactly("api", "vector store", "web interface");
  }

  @Test
  void aVolumeInTheWrongPlaceIsAWarningAndTheLayerIsRead() throws BackupException {
    Discovery found =
        new FakeEngine()
            .volume("openmemory", "mem0_storage")
            .file("/srv/openmemory/api/openmemory.db")
            .with(store("openmemory", FOLDER).volume(VOLUME, "/mem0/storage"), apiOfGuide())
            .find(NONE);

    assertThat(part(found, "qdrant-volume").options())
        .containsEntry("path", "/qdrant/storage")
        .doesNotContainKey("volume");
    Warning warning = found.warnings().get(0);
    assertThat(warning.code()).isEqualTo("vectors-in-container-layer");
    assertThat(warning.message())
        .contains("layer of container openmemory-mem0_store-1, at /qdrant/storage")
        .contains("volume " + VOLUME + " is mounted at /mem0/storage")
        .contains("docker compose down")
        .contains("mem0_storage:/qdrant/storage");
  }

  @Test
  void noVolumeAtAllIsTheSameWarning() throws BackupException {
    Discovery found = new FakeEngine().with(store("openmemory", FOLDER), apiOfGuide()).find(NONE);
    assertThat(found.warnings())
        .singleElement()
        .satisfies(w -> assertThat(w.code()).isEqualTo("vectors-in-container-layer"))
        .satisfies(w -> assertThat(w.message()).contains("no volume is mounted there"));
  }

  @Test
  void aStoragePathOfTheEnvironmentDecidesWhereTheVectorsAre() throws BackupException {
    Discovery found =
        new FakeEngine()
            .volume("v")
            .with(
                store("openmemory", FOLDER)
                    .environment("QDRANT__STORAGE__STORAGE_PATH", "/mem0/storage/")
                    .volume("v", "/mem0/storage"),
                apiOfGuide())
            .find(NONE);
    assertThat(part(found, "qdrant-volume").options())
        .containsEntry("path", "/mem0/storage")
        .containsEntry("volume", "v");
    assertThat(found.warnings()).isEmpty();
  }

  @Test
  void aDirectoryWithinAVolumeIsReadThroughTheContainer() throws BackupException {
    Discovery found =
        new FakeEngine()
            .volume("v")
            .with(store("openmemory", FOLDER).volume("v", "/qdrant"), apiOfGuide())
            .find(NONE);
    assertThat(part(found, "qdrant-volume").options())
        .containsEntry("path", "/qdrant/storage")
        .doesNotContainKey("volume");
    assertThat(place(found, "vectors")).isEqualTo("volume v/storage");
    assertThat(found.warnings()).isEmpty();
  }

  /** Layout (c): the install script's. */
  @Test
  void aDatabaseInAVolumeIsUsedInPlaceWhereThatIsPossible() throws BackupException {
    FakeEngine engine =
        new FakeEngine()
            .volume("openmemory", "openmemory_db")
            .volume("openmemory", "qdrant_data")
            .file("/srv/openmemory/docker-compose.yml")
            .with(
                store("openmemory", FOLDER).volume("openmemory_qdrant_data", "/qdrant/storage"),
                api("openmemory", FOLDER)
                    .volume("openmemory_openmemory_db", "/usr/src/openmemory"));

    Discovery closed = engine.find(NONE);
    assertThat(part(closed, "sqlite-container").options())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "engine", "unix:///test.sock",
                "container", "openmemory-openmemory-mcp-1",
                "path", "/usr/src/openmemory/openmemory.db",
                "work", "/srv/openmemory/.openmemory-backup"));
    assertThat(part(closed, "config-container").optional()).isTrue();

    String file = FakeEngine.mountpoint("openmemory_openmemory_db") + "/openmemory.db";
    assertThat(part(engine.file(file).find(NONE), "sqlite").options()).containsEntry("path", file);
  }

  /** A share or a folder that the driver mounts: without a container its directory is empty. */
  @Test
  void aDatabaseInAVolumeThatIsMountedOnDemandIsReadThroughTheEngine() throws BackupException {
    String volume = "openmemory_openmemory_db";
    String file = FakeEngine.mountpoint(volume) + "/openmemory.db";
    for (Map<String, String> options :
        List.of(
            Map.of("type", "none", "o", "bind", "device", "/disk/x"),
            Map.of("type", "nfs", "o", "addr=10.0.0.1", "device", ":/x"))) {
      Discovery found =
          new FakeEngine()
              .volume(volume, Map.of(), options)
              .volume("openmemory", "qdrant_data")
              .file("/srv/openmemory/docker-compose.yml")
              .file(file)
              .with(
                  store("openmemory", FOLDER).volume("openmemory_qdrant_data", "/qdrant/storage"),
                  api("openmemory", FOLDER).volume(volume, "/usr/src/openmemory"))
              .find(NONE);

      assertThat(part(found, "sqlite-container").options()).containsKey("container");
    }
  }

  @Test
  void aDatabaseInTheLayerIsReadThroughTheContainerWithAWarning() throws BackupException {
    Discovery found = guide().with().find(Path.of("/other"), NONE.withProject("openmemory"));
    assertThat(part(found, "sqlite").options()).containsKey("path");

    Discovery inLayer =
        new FakeEngine()
            .with(
                store("p", FOLDER),
                api("p", FOLDER)
                    .environment("DATABASE_URL", "sqlite:////data/../db/my.db?timeout=1"))
            .find(NONE);
    assertThat(part(inLayer, "sqlite-container").options()).containsEntry("path", "/db/my.db");
    assertThat(why(inLayer, "database")).contains("own layer");
    Warning warning = inLayer.warnings().get(0);
    assertThat(warning.code()).isEqualTo("database-in-container-layer");
    assertThat(warning.message()).contains("/db/my.db").contains("All memories are lost");
  }

  @Test
  void aDatabaseThatIsMountedAloneIsReadWithTheLogInItsContainer() throws BackupException {
    String database = "/usr/src/openmemory/openmemory.db";
    Discovery found =
        new FakeEngine()
            .file("/srv/openmemory/openmemory.db")
            .file("/srv/openmemory/config.json")
            .with(
                store("openmemory", FOLDER),
                api("openmemory", FOLDER)
                    .bind("/srv/openmemory/openmemory.db", database)
                    .bind("/srv/openmemory/config.json", "/usr/src/openmemory/config.json"))
            .find(NONE);
    assertThat(part(found, "sqlite-container").options())
        .containsEntry("path", database)
        .containsEntry("container", "openmemory-openmemory-mcp-1");
    assertThat(part(found, "config").options())
        .containsEntry("path", "/srv/openmemory/config.json");
  }

  /** Layout (d). */
  @Test
  void aHomeThatNoContainerBelongsToIsPlainDirectories() throws BackupException {
    Discovery found =
        new FakeEngine()
            .file("/srv/plain/api/openmemory.db")
            .file("/srv/plain/qdrant-storage/raft_state.json")
            .with(store("other", "/srv/other"), api("other", "/srv/other"))
            .find(Path.of("/srv/plain"), NONE);
    assertThat(part(found, "sqlite").options())
        .containsEntry("path", "/srv/plain/api/openmemory.db");
    assertThat(part(found, "directory").options())
        .containsExactly(Map.entry("path", "/srv/plain/qdrant-storage"));
    assertThat(found.installation().writers()).isEmpty();
  }

  private static FakeEngine withoutContainers() {
    return new FakeEngine().file("/srv/openmemory/api/openmemory.db");
  }

  @Test
  void theNameOfAProjectWithoutContainersIsReadAsComposeReadsIt() throws BackupException {
    String file = "/srv/openmemory/docker-compose.yml";
    String override = "/srv/openmemory/docker-compose.override.yml";
    String env = "/srv/openmemory/.env";
    Map<FakeEngine, String> expected =
        Map.of(
            withoutContainers().file(file, "name:  \n"), "openmemory",
            withoutContainers().file(file, "name: ''\n"), "openmemory",
            withoutContainers().file(file, "services:\n  name: x\n"), "openmemory",
            withoutContainers().file(file, "services: {}\nname: 'brain' # ours\r\n"), "brain",
            withoutContainers().file(file, "name: a\n").file(override, "name: b\n"), "b",
            withoutContainers().file(file, "name: a\n").variable(env, "COMPOSE_PROJECT_NAME", "c"),
                "c",
            withoutContainers()
                    .file(file, "name: a\n")
                    .variable(env, "COMPOSE_PROJECT_NAME", "c")
                    .exported("COMPOSE_PROJECT_NAME", "d"),
                "d",
            withoutContainers().file(file, "name: ${STACK:-e}-1\n"), "e-1",
            withoutContainers().file(file, "name: ${STACK:-e}\n").variable(env, "STACK", "f"), "f",
            withoutContainers()
                    .file(file, "name: a\n")
                    .file("/srv/openmemory/prod.yml", "name: g\n")
                    .variable(env, "COMPOSE_FILE", "docker-compose.yml:prod.yml"),
                "g");
    for (Map.Entry<FakeEngine, String> each : expected.entrySet()) {
      assertThat(part(each.getKey().find(NONE), "qdrant-volume").options())
          .containsEntry("project", each.getValue())
          .containsEntry("volume", each.getValue() + "_mem0_storage");
    }
    FakeEngine left =
        withoutContainers().file(file, "name: brain\n").volume("brain", "mem0_storage");
    assertThat(part(left.find(NONE), "qdrant-volume").options())
        .containsEntry("volume", "brain_mem0_storage");
  }

  @Test
  void aNameOfAProjectThatIsNotKnownHereIsRefused() {
    FakeEngine engine =
        withoutContainers().file("/srv/openmemory/compose.yaml", "name: ${STACK:?set it}\n");
    assertThatThrownBy(() -> engine.find(NONE))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageContaining("--project");
  }

  /** Layout (e). */
  @Test
  void aQdrantElsewhereLeavesOutTheVectorsAndSaysSo() throws BackupException {
    for (Map.Entry<String, String> set :
        Map.of(
                "QDRANT_URL", "https://user:sk-secret@x.cloud.qdrant.io:6333?k=sk-secret",
                "QDRANT_HOST", "10.0.0.7")
            .entrySet()) {
      Discovery found =
          new FakeEngine()
              .with(
                  store("p", FOLDER),
                  apiOfGuide()
                      .environment(set.getKey(), set.getValue())
                      .service("p", "api", FOLDER))
              .find(NONE);
      assertThat(found.installation().parts())
          .extracting(p -> p.type())
          .doesNotContain("qdrant-volume", "directory");
      assertThat(place(found, "vectors")).contains("no container of project p");
      assertThat(found.toString()).doesNotContain("sk-secret").doesNotContain("10.0.0.7");
    }
  }

  @Test
  void aNameThatOnlyTheNetworkKnowsIsTheQdrantOfTheProject() throws BackupException {
    for (String host : new String[] {"mem0_store", "p-mem0_store-1", "vectors"}) {
      Discovery found =
          new FakeEngine()
              .with(
                  store("p", FOLDER).volume("v", "/qdrant/storage"),
                  api("p", FOLDER).environment("QDRANT_URL", "http://" + host + ":6333/"))
              .find(NONE);
      assertThat(part(found, "qdrant-volume").options()).as(host).containsEntry("volume", "v");
    }
  }

  @Test
  void anotherDatabaseIsUnsupportedAndItsPasswordIsNotShown() {
    FakeEngine engine =
        new FakeEngine()
            .with(
                store("p", FOLDER),
                api("p", FOLDER)
                    .environment("DATABASE_URL", "postgresql+psycopg2://me:hunter2@db/openmemory"));
    assertThatThrownBy(() -> engine.find(NONE))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
        .hasMessageContaining("postgresql")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void anotherDatabaseIsNoObstacleToTheRest() throws BackupException {
    Discovery found =
        new FakeEngine()
            .with(
                store("p", FOLDER),
                api("p", FOLDER).environment("DATABASE_URL", "postgresql://me:hunter2@db/x"))
            .find(NONE.withOnly(Set.of("vectors")));
    assertThat(part(found, "qdrant-volume").options()).containsEntry("path", "/qdrant/storage");
    assertThat(found.toString()).doesNotContain("hunter2");
  }

  @Test
  void whatAPersonSaysWins() throws BackupException {
    Discovery found =
        guide()
            .find(
                NONE.withDatabase(Path.of("/x.db"))
                    .withConfigJson(Path.of("/x.json"))
                    .withStoragePath(Path.of("/x")));
    assertThat(part(found, "sqlite").options()).containsEntry("path", "/x.db");
    assertThat(part(found, "config").options()).containsEntry("path", "/x.json");
    assertThat(part(found, "directory").options()).containsExactly(Map.entry("path", "/x"));
    assertThat(found.installation().writers()).isPresent();
  }

  @Test
  void theStorageOfAContainerThatIsHeldMayBeReadInPlace() throws BackupException {
    String storage = FakeEngine.mountpoint(VOLUME);
    Discovery found = guide().find(NONE.withStoragePath(Path.of(storage)));
    assertThat(part(found, "directory").options())
        .containsEntry("path", storage)
        .containsEntry("allow-live", "true");
  }

  @Test
  void aVolumeThatIsNamedWins() throws BackupException {
    Discovery found = guide().volume("copy").find(NONE.withVolume("copy"));
    assertThat(part(found, "qdrant-volume").options())
        .containsEntry("volume", "copy")
        .doesNotContainKey("container");
    assertThat(part(guide().find(NONE.withVolume(VOLUME)), "qdrant-volume").options())
        .containsEntry("container", "openmemory-mem0_store-1");
  }

  @Test
  void aVolumeThatIsMissingIsNoFailureButNamesThoseThatMayBeMeant() throws BackupException {
    Discovery found = guide().find(NONE.withVolume("openmemory_mem0_store"));
    assertThat(part(found, "qdrant-volume").options())
        .containsEntry("volume", "openmemory_mem0_store");
    assertThat(found.warnings()).extracting(Warning::code).containsExactly("volume-missing");
    assertThat(found.warnings().get(0).message()).contains(VOLUME);
  }

  @Test
  void afterDockerComposeDownTheVolumeIsLeft() throws BackupException {
    Discovery found =
        new FakeEngine()
            .volume("openmemory", "mem0_storage")
            .file("/srv/openmemory/api/openmemory.db")
            .find(NONE);
    assertThat(part(found, "qdrant-volume").options())
        .containsEntry("volume", VOLUME)
        .containsEntry("project", "openmemory")
        .doesNotContainKey("container");
    assertThat(part(found, "sqlite").options())
        .containsEntry("path", "/srv/openmemory/api/openmemory.db");
    assertThat(found.installation().writers()).isEmpty();
  }

  @Test
  void beforeTheFirstStartTheVolumeHasTheNameThatComposeGivesIt() throws BackupException {
    Discovery found =
        new FakeEngine()
            .file("/srv/Open Memory/compose.yaml")
            .find(Path.of("/srv/Open Memory"), NONE);
    assertThat(part(found, "qdrant-volume").options()).containsEntry("volume", VOLUME);
    assertThat(found.warnings()).extracting(Warning::code).containsExactly("volume-missing");
  }

  @Test
  void aFolderOfTheSameNameDoesNotGetTheVolumeOfAnother() {
    FakeEngine engine =
        guide().file("/copy/openmemory/compose.yaml").file("/copy/openmemory/api/openmemory.db");
    assertThatThrownBy(() -> engine.find(Path.of("/copy/openmemory"), NONE))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageContaining(VOLUME)
        .hasMessageContaining("--project");
  }

  @Test
  void aDatabaseInAVolumeThatIsLeftIsFoundToo() throws BackupException {
    String file = FakeEngine.mountpoint("openmemory_openmemory_db") + "/openmemory.db";
    Discovery found =
        new FakeEngine()
            .volume("openmemory", "qdrant_data")
            .volume("openmemory", "openmemory_db")
            .file(file)
            .find(NONE);
    assertThat(part(found, "sqlite").options()).containsEntry("path", file);
    assertThat(part(found, "qdrant-volume").options())
        .containsEntry("volume", "openmemory_qdrant_data");
  }

  @Test
  void theOnlyOpenMemoryOfTheEngineIsTakenFromAnywhere() throws BackupException {
    Discovery found =
        guide().with(FakeContainer.named("qdrant", "qdrant/qdrant")).find(Path.of("/root"), NONE);
    assertThat(part(found, "qdrant-volume").options()).containsEntry("volume", VOLUME);
    assertThat(why(found, "installation")).contains("only OpenMemory");
  }

  @Test
  void ofSeveralNoneIsGuessed() throws BackupException {
    FakeEngine engine = guide().with(store("two", "/srv/two"), api("two", "/srv/two"));
    assertThatThrownBy(() -> engine.find(Path.of("/root"), NONE))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageContaining("openmemory, two")
        .hasMessageContaining("--project");
    assertThat(
            part(engine.find(Path.of("/root"), NONE.withProject("two")), "qdrant-volume").options())
        .containsEntry("container", "two-mem0_store-1");
    assertThat(
            part(
                    engine.find(Path.of("/root"), NONE.withContainer("two-mem0_store-1")),
                    "qdrant-volume")
                .options())
        .containsEntry("project", "two");
  }

  @Test
  void aFolderWithAComposeFileIsNeverTakenForAnotherInstallation() throws BackupException {
    Discovery found = guide().file("/srv/new/docker-compose.yml").find(Path.of("/srv/new"), NONE);
    assertThat(part(found, "qdrant-volume").options()).containsEntry("volume", "new_mem0_storage");
    assertThat(found.containers()).isEmpty();
  }

  @Test
  void theHomeMayBeASymbolicLink() throws BackupException {
    Discovery found = guide().find(Path.of("/link/openmemory"), NONE);
    assertThat(part(found, "qdrant-volume").options()).containsEntry("volume", VOLUME);
  }

  @Test
  void containersWithoutComposeAreFoundByWhatTheyMount() throws BackupException {
    Discovery found =
        new FakeEngine()
            .file("/srv/openmemory/api/openmemory.db")
            .volume("vectors")
            .with(
                FakeContainer.named("memory", "localhost/mem0/openmemory-mcp:latest")
                    .in("/usr/src/openmemory")
                    .bind("/srv/openmemory/api", "/usr/src/openmemory"),
                FakeContainer.named("vec", "docker.io/qdrant/qdrant@sha256:00")
                    .volume("vectors", "/qdrant/storage"),
                FakeContainer.named("stranger", "registry:5000/shop")
                    .environment("DATABASE_URL", "postgresql://x"))
            .find(NONE);
    assertThat(part(found, "qdrant-volume").options())
        .containsEntry("volume", "vectors")
        .containsEntry("container", "vec");
    assertThat(found.installation().writers().orElseThrow().options())
        .containsEntry("containers", "memory,vec");
  }

  @Test
  void podmansNamesAndOneOffContainersAreTold() throws BackupException {
    Discovery found =
        new FakeEngine()
            .volume(VOLUME)
            .with(
                FakeContainer.named("openmemory_mem0_store_1", "docker.io/qdrant/qdrant:latest")
                    .service("openmemory", "mem0_store", FOLDER)
                    .volume(VOLUME, "/qdrant/storage"),
                apiOfGuide(),
                FakeContainer.named("openmemory_openmemory-mcp_run_1", "mem0/openmemory-mcp")
                    .service("openmemory", "openmemory-mcp", FOLDER)
                    .label("com.docker.compose.oneoff", "True"))
            .find(NONE);
    assertThat(found.installation().writers().orElseThrow().options())
        .containsEntry("containers", "openmemory-openmemory-mcp-1,openmemory_mem0_store_1");
  }

  @Test
  void aContainerThatIsNamedAndMissingIsNotFoundAndNamesNearOnes() {
    assertThatThrownBy(() -> guide().find(NONE.withContainer("openmemory-mem0_store-2")))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND))
        .hasMessageContaining("openmemory-mem0_store-1");
  }

  @Test
  void onAnotherKernelNothingIsUsedInPlace() throws BackupException {
    Discovery desktop = guide().ofDesktop().find(NONE);
    assertThat(part(desktop, "sqlite-container").options())
        .containsEntry("path", "/usr/src/openmemory/openmemory.db");
    assertThat(place(desktop, "engine")).contains("another kernel");
    assertThat(part(guide().elsewhere().find(NONE), "sqlite-container").options())
        .containsKey("container");
  }

  @Test
  void volumesThatQdrantCannotLiveOnAreWarnedOf() throws BackupException {
    Discovery found =
        new FakeEngine()
            .volume("v", Map.of(), Map.of("type", "nfs4", "o", "addr=10.0.0.1,password=hunter2"))
            .with(
                store("p", FOLDER).volume("v", "/qdrant/storage"),
                api("p", FOLDER).bind("/srv/p/api", "/usr/src/openmemory"),
                FakeContainer.named("second", "qdrant/qdrant").volume("v", "/qdrant/storage"))
            .find(NONE);
    assertThat(found.warnings())
        .extracting(Warning::code)
        .containsExactly("volume-on-network", "volume-shared");
    assertThat(found.warnings().get(1).message()).contains("second");
    assertThat(found.toString()).doesNotContain("hunter2");
  }

  private static String place(Discovery found, String subject) {
    return finding(found, subject).place();
  }

  private static String why(Discovery found, String subject) {
    return finding(found, subject).why();
  }

  private static Finding finding(Discovery found, String subject) {
    return found.findings().stream()
        .filter(f -> f.subject().equals(subject))
        .findFirst()
        .orElseThrow(() -> new AssertionError(found.findings().toString()));
  }
}
