package dev.openmemory.backup.docker.internal.discovery;

import static dev.openmemory.backup.docker.internal.discovery.FakeContainer.api;
import static dev.openmemory.backup.docker.internal.discovery.FakeContainer.store;
import static dev.openmemory.backup.docker.internal.discovery.FakeEngine.HOME;
import static dev.openmemory.backup.docker.internal.discovery.FakeEngine.part;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.docker.DockerOptions;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where data is, is read where OpenMemory reads it, in its order. */
class EffectiveSettingsTest {
  private static final String FOLDER = HOME.toString();
  private static final String DATABASE = FOLDER + "/api/openmemory.db";
  private static final String ENV = FOLDER + "/api/.env";
  private static final DockerOptions NONE = DockerOptions.NONE;

  /** No container; a database and an old storage lie in the home. */
  private static FakeEngine plain() {
    return new FakeEngine().file(DATABASE).file(FOLDER + "/qdrant-storage/raft_state.json");
  }

  private static FakeContainer apiOfHome() {
    return api("openmemory", FOLDER).bind(FOLDER + "/api", "/usr/src/openmemory");
  }

  private static FakeEngine withQdrant(FakeContainer api) {
    return new FakeEngine()
        .file(DATABASE)
        .volume("v")
        .with(store("openmemory", FOLDER).volume("v", "/qdrant/storage"), api);
  }

  private static void unsupported(FakeEngine engine, DockerOptions options, String... parts) {
    assertThatThrownBy(() -> engine.find(options))
        .isInstanceOfSatisfying(
            BackupException.class,
            e -> assertThat(e.kind()).as("%s", e).isEqualTo(Kind.UNSUPPORTED))
        .message()
        .contains(parts);
  }

  private static void outOfReach(Discovery found, String source) {
    assertThat(found.installation().parts())
        .extracting(p -> p.type())
        .doesNotContain("qdrant-volume", "directory");
    assertThat(found.findings())
        .filteredOn(f -> f.subject().equals("vectors"))
        .singleElement()
        .satisfies(f -> assertThat(f.why()).contains(source));
    assertThat(found.toString()).doesNotContain("elsewhere.example");
  }

  @Test
  void theRowInTheDatabaseWinsOverTheEnvironment() throws BackupException {
    String pgvector = "{\"provider\": \"pgvector\", \"config\": {\"password\": \"hunter2\"}}";
    FakeEngine engine =
        withQdrant(apiOfHome().environment("QDRANT_HOST", "mem0_store"))
            .settings(DATABASE, pgvector);

    unsupported(engine, NONE, "pgvector", "row 'main' of table 'configs'");
    unsupported(plain().settings(DATABASE, pgvector), NONE, "pgvector");
    assertThat(part(engine.find(NONE.withOnly(Set.of("database"))), "sqlite").options())
        .containsEntry("path", DATABASE);
  }

  @Test
  void aRowThatNamesQdrantWinsOverAVariableOfAnotherStore() throws BackupException {
    FakeContainer api =
        apiOfHome().environment("CHROMA_HOST", "other").environment("CHROMA_PORT", "8000");
    unsupported(withQdrant(api), NONE, "chroma", "CHROMA_HOST of container");

    Discovery found =
        withQdrant(api)
            .settings(
                DATABASE, "{\"provider\": \"qdrant\", \"config\": {\"host\": \"mem0_store\"}}")
            .find(NONE);
    assertThat(part(found, "qdrant-volume").options()).containsEntry("volume", "v");
    assertThat(found.findings())
        .filteredOn(f -> f.subject().equals("vectors"))
        .singleElement()
        .satisfies(f -> assertThat(f.why()).contains("row 'main' of table 'configs'"));
  }

  @Test
  void aFileOfVariablesThatOnlyTheContainerCanReachCounts() throws BackupException {
    FakeEngine engine =
        new FakeEngine()
            .with(
                store("p", FOLDER).volume("v", "/qdrant/storage"),
                api("p", FOLDER).volume("api", "/usr/src/openmemory"))
            .contained("/usr/src/openmemory/.env", "DATABASE_URL=postgresql://u:hunter2@db/om\n");
    unsupported(engine, NONE, "volume api/.env", "postgresql");
  }

  @Test
  void aQdrantOfAnotherHostIsNotTheOneHere() throws BackupException {
    aQdrantOfAnotherHost("{\"host\": \"elsewhere.example\"}");
    aQdrantOfAnotherHost("{\"url\": \"https://key@elsewhere.example:6333\"}");
    aQdrantOfAnotherHost("{\"host\": \"env:QDRANT_HOST\"}");
  }

  private static void aQdrantOfAnotherHost(String config) throws BackupException {
    String row = "{\"provider\": \"qdrant\", \"config\": " + config + "}";
    outOfReach(
        withQdrant(apiOfHome().environment("QDRANT_HOST", "elsewhere.example"))
            .settings(DATABASE, row)
            .find(NONE),
        "row 'main'");
    unsupported(
        plain().variable(ENV, "QDRANT_HOST", "elsewhere.example").settings(DATABASE, row),
        NONE,
        "a Qdrant of another host (row 'main'");
  }

  @Test
  void anAddressOfThisHostOrOfComposeLeavesTheStorageInTheHome() throws BackupException {
    for (String host : new String[] {"mem0_store", "localhost"}) {
      Discovery found = plain().variable(ENV, "QDRANT_HOST", host).find(NONE);
      assertThat(part(found, "directory").options())
          .containsEntry("path", FOLDER + "/qdrant-storage");
    }
  }

  @Test
  void aQdrantInsideTheApiIsNoServer() {
    unsupported(
        plain()
            .settings(DATABASE, "{\"provider\": \"qdrant\", \"config\": {\"path\": \"/tmp/q\"}}"),
        NONE,
        "a Qdrant inside the API");
  }

  @Test
  void whatAPersonNamesWinsOverTheSettings() throws BackupException {
    Discovery found =
        plain()
            .variable(ENV, "FAISS_PATH", "/tmp/faiss")
            .find(NONE.withStoragePath(HOME.resolve("qdrant-storage")));
    assertThat(part(found, "directory").options()).containsKey("path");
  }

  @Test
  void anotherDatabaseInTheFileOfVariablesIsUnsupported() throws BackupException {
    FakeEngine engine = plain().variable(ENV, "DATABASE_URL", "postgresql://u:hunter2@db/om");

    unsupported(engine, NONE, ENV, "postgresql");
    assertThatThrownBy(() -> engine.find(NONE)).hasMessageNotContaining("hunter2");
    assertThat(part(engine.find(NONE.withOnly(Set.of("vectors"))), "directory").options())
        .containsKey("path");
  }

  @Test
  void aDatabaseThatTheFileOfVariablesNamesIsTaken() throws BackupException {
    String url = "sqlite:///./data/real.db";
    assertThat(part(plain().variable(ENV, "DATABASE_URL", url).find(NONE), "sqlite").options())
        .containsEntry("path", FOLDER + "/api/data/real.db");
    Discovery withoutApi =
        new FakeEngine()
            .volume("v")
            .with(store("openmemory", FOLDER).volume("v", "/qdrant/storage"))
            .variable(ENV, "DATABASE_URL", url)
            .find(NONE);
    assertThat(part(withoutApi, "sqlite").options())
        .containsEntry("path", FOLDER + "/api/data/real.db");
    Discovery inContainer =
        withQdrant(apiOfHome())
            .file(FOLDER + "/api/data/real.db")
            .variable(ENV, "DATABASE_URL", url)
            .find(NONE);
    assertThat(part(inContainer, "sqlite").options())
        .containsEntry("path", FOLDER + "/api/data/real.db");
  }

  @Test
  void aVariableOfTheContainerWinsOverTheFile() throws BackupException {
    Discovery found =
        withQdrant(apiOfHome().environment("DATABASE_URL", "sqlite:///openmemory.db"))
            .variable(ENV, "DATABASE_URL", "postgresql://db/x")
            .find(NONE);
    assertThat(part(found, "sqlite").options()).containsEntry("path", DATABASE);
  }

  @Test
  void anotherStoreUnderTheNameOfQdrantIsToldByItsImage() throws BackupException {
    anotherStore("chromadb/chroma", "chroma");
    anotherStore("ghcr.io/chroma-core/chroma:latest", "chroma");
    anotherStore("pgvector/pgvector:pg17", "pgvector");
    anotherStore("redis/redis-stack:latest", "redis");
    anotherStore("semitechnologies/weaviate:1.25", "weaviate");
    anotherStore("milvusdb/milvus:v2.4.7", "milvus");
    anotherStore("docker.elastic.co/elasticsearch/elasticsearch:8.13.4", "elasticsearch");
    anotherStore("opensearchproject/opensearch:2.13.0", "opensearch");
  }

  private static void anotherStore(String image, String store) throws BackupException {
    FakeEngine engine =
        new FakeEngine()
            .file(DATABASE)
            .volume("openmemory_data")
            .with(
                FakeContainer.named("openmemory-mem0_store-1", image)
                    .service("openmemory", "mem0_store", FOLDER)
                    .volume("openmemory_data", "/data"),
                apiOfHome().environment("CHROMA_HOST", "mem0_store"));

    unsupported(engine, NONE, store, "image of container openmemory-mem0_store-1");
    unsupported(engine, NONE.withContainer("openmemory-mem0_store-1"), store);
    Discovery rest = engine.find(NONE.withOnly(Set.of("database", "config")));
    assertThat(rest.warnings()).isEmpty();
    assertThat(rest.installation().parts())
        .extracting(p -> p.type())
        .doesNotContain("qdrant-volume");
  }
}
