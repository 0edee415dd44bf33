package dev.openmemory.backup.internal.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.migration.Server.Known;
import dev.openmemory.backup.migration.MigrationReport.Item;
import dev.openmemory.backup.migration.MigrationReport.State;
import dev.openmemory.backup.migration.MigrationReport.Subject;
import dev.openmemory.backup.spi.optional.Environment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChecklistTest {
  private static final String WHY = "it is not there";

  private final Map<String, Object> database = new LinkedHashMap<>();
  private final Map<String, Object> config = new LinkedHashMap<>();
  private final Map<String, Object> vectors = new LinkedHashMap<>();
  private String typeOfVectors = "directory";
  private Known<Environment> environment = Known.not(WHY);
  private Known<Facts> settings = Known.not(WHY);
  private Known<String> version = Known.not(WHY);
  private Known<Boolean> runs = Known.not(WHY);

  private Item item(Subject subject) {
    List<Component> components =
        List.of(
            new Component("database", "sqlite", List.of(), new Facts(database), Map.of()),
            new Component("config", "config", List.of(), new Facts(config), Map.of()),
            new Component("vectors", typeOfVectors, List.of(), new Facts(vectors), Map.of()));
    return item(Needs.of(components), subject);
  }

  private Item item(Needs needs, Subject subject) {
    List<Item> items =
        new Checklist(needs, new Server(environment, settings, version, runs)).items();
    assertThat(items).extracting(Item::subject).containsExactly(Subject.values());
    return items.stream().filter(item -> item.subject() == subject).findFirst().orElseThrow();
  }

  private void assertItem(Subject subject, State state, String... found) {
    Item item = item(subject);
    assertThat(item.state()).as(item.found()).isEqualTo(state);
    for (String text : found) {
      assertThat(item.found()).contains(text);
    }
  }

  private static Known<Environment> with(String... namesAndValues) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return Known.of(Environment.of("/om/.env", values));
  }

  private static Map<String, Object> embedder(String provider, String model, Object... dimensions) {
    Map<String, Object> embedder = new LinkedHashMap<>();
    embedder.put("provider", provider);
    embedder.put("model", model);
    if (dimensions.length > 0) {
      embedder.put("dimensions", dimensions[0]);
    }
    return Map.of("embedder", embedder);
  }

  @Test
  void ofABackupThatTellsNothingAllIsUnknown() {
    for (Subject subject : Subject.values()) {
      assertItem(subject, State.UNKNOWN);
    }
    for (Item item :
        new Checklist(Needs.of(List.of()), new Server(environment, settings, version, runs))
            .items()) {
      assertThat(item.isToDo()).isFalse();
    }
  }

  @Test
  void variablesThatHadAValueAreNeededAndThoseThatSettingsReferTo() {
    config.put("envKeys", List.of("A_KEY", "IDLE", "USER", "Z_KEY"));
    config.put("emptyEnvKeys", List.of("IDLE"));
    config.put("envReferences", List.of("REFERRED"));
    assertItem(Subject.VARIABLES, State.UNKNOWN, WHY);
    assertThat(item(Subject.VARIABLES).names()).containsExactly("A_KEY", "REFERRED", "Z_KEY");

    environment = with("A_KEY", "x", "Z_KEY", "", "IDLE", "");
    assertItem(
        Subject.VARIABLES, State.MISSING, "REFERRED is not set", "Z_KEY is empty", "/om/.env");
    assertThat(item(Subject.VARIABLES).names()).containsExactly("REFERRED", "Z_KEY");

    environment = with("A_KEY", "x", "Z_KEY", "y", "REFERRED", "z");
    assertItem(Subject.VARIABLES, State.OK);
  }

  @Test
  void settingsInTheDatabaseSayWhatIsReferredToAndNotTheirSeed() {
    config.put("envReferences", List.of("SEED"));
    database.put("settings", Map.of("envReferences", List.of("USED")));
    environment = with("USED", "x");
    assertItem(Subject.VARIABLES, State.OK, "USED");
  }

  @Test
  void aBackupThatNeedsNoVariablesIsServed() {
    config.put("envKeys", List.of("USER"));
    assertItem(Subject.VARIABLES, State.OK, "none");
  }

  @Test
  void theUserHasToBeOneOfTheBackup() {
    database.put("users", List.of("alice", "bob"));
    assertItem(Subject.USER, State.UNKNOWN, WHY);
    assertThat(item(Subject.USER).names()).containsExactly("alice", "bob");
    environment = with("USER", "bob");
    assertItem(Subject.USER, State.OK);
    environment = with("USER", "carol");
    assertItem(Subject.USER, State.DIFFERS);
    assertThat(item(Subject.USER).found()).doesNotContain("carol");
    environment = with("USER", "");
    assertItem(Subject.USER, State.MISSING, "empty");
    environment = with("OTHER", "x");
    assertItem(Subject.USER, State.MISSING, "not set");
    environment = Known.of(with("USER", "${X}").value().orElseThrow().withoutUser());
    assertItem(Subject.USER, State.UNKNOWN, "other variables");
  }

  @Test
  void aUserThatWasNotInTheFileBeforeNeedNotBeInThisOne() {
    database.put("users", List.of("alice"));
    config.put("envKeys", List.of("OTHER"));
    environment = with("OTHER", "x");
    assertItem(Subject.USER, State.UNKNOWN, "nor was it on the old server");
    environment = with("USER", "");
    assertItem(Subject.USER, State.MISSING, "empty");
  }

  @Test
  void aBackupWithoutUsersSuitsEveryone() {
    database.put("users", List.of());
    environment = with("USER", "carol");
    assertItem(Subject.USER, State.OK);
  }

  @Test
  void whatAContainerHasWinsOverAFile() {
    Environment container = Environment.of("container api", Map.of("USER", "bob", "EMPTY", ""));
    Environment file = Environment.of("file", Map.of("USER", "carol", "EMPTY", "x", "NONE", ""));
    Environment both = Server.joined(container, file);
    assertThat(both.user()).hasValue("bob");
    assertThat(both.filled()).containsExactlyInAnyOrder("USER", "EMPTY");
    assertThat(both.empty()).containsExactly("NONE");
    assertThat(both.place()).contains("container api", "file");
    assertThat(Server.joined(Environment.of("container api", Map.of()), file).user())
        .hasValue("carol");
  }

  @Test
  void theVersionOfQdrantIsComparedByWhatIsStored() {
    vectors.put("qdrantVersion", "1.18.3");
    assertItem(Subject.QDRANT, State.UNKNOWN, "1.18.3", WHY);
    version = Known.of("1.19.0");
    assertItem(Subject.QDRANT, State.OK, "1.18.3", "1.19.0");
    typeOfVectors = "qdrant-snapshot";
    assertItem(Subject.QDRANT, State.DIFFERS, "1.18.3", "1.19.0");
    version = Known.of("1.18.4");
    assertItem(Subject.QDRANT, State.OK);
    version = Known.of("1.18.2");
    assertItem(Subject.QDRANT, State.DIFFERS);
    typeOfVectors = "qdrant-volume";
    assertItem(Subject.QDRANT, State.OK);
    version = Known.of("1.17.0");
    assertItem(Subject.QDRANT, State.DIFFERS);
    version = Known.of("a build of mine");
    assertItem(Subject.QDRANT, State.UNKNOWN, "a build of mine");
    assertThat(item(Subject.QDRANT).names()).containsExactly("1.18.3");
    assertThat(item(Needs.of(List.of()), Subject.QDRANT).state()).isEqualTo(State.OK);
  }

  @Test
  void theEmbedderOfTheConfigurationHasToBeTheSame() {
    config.put("providers", embedder("openai", "small"));
    assertItem(Subject.EMBEDDER, State.UNKNOWN, "openai small", WHY);
    settings = Known.of(new Facts(Map.of("providers", embedder("openai", "small"))));
    assertItem(Subject.EMBEDDER, State.OK);
    settings = Known.of(new Facts(Map.of("providers", embedder("openai", "large"))));
    assertItem(Subject.EMBEDDER, State.DIFFERS, "openai small", "openai large");
    settings = Known.of(new Facts(Map.of("providers", embedder("ollama", "small"))));
    assertItem(Subject.EMBEDDER, State.DIFFERS, "ollama small");
    settings = Known.of(new Facts(Map.of("json", false)));
    assertItem(Subject.EMBEDDER, State.UNKNOWN, "names none");
  }

  @Test
  void theEmbedderOfTheDatabaseComesWithIt() {
    database.put("settings", Map.of("providers", embedder("openai", "small", 1536L)));
    vectors.put("vectors", Map.of("openmemory", Map.of("size", 1536)));
    settings = Known.of(new Facts(Map.of("providers", embedder("ollama", "other", 768L))));
    assertItem(Subject.EMBEDDER, State.OK, "openai small", "database");
    assertItem(Subject.DIMENSIONS, State.OK, "1536");
  }

  @Test
  void dimensionsAreThoseThatTheEmbedderInUseMakes() {
    vectors.put("vectors", Map.of("openmemory", Map.of("size", 1536), "other", Map.of("size", 4)));
    assertItem(Subject.DIMENSIONS, State.UNKNOWN, "openmemory has 1536");
    config.put("providers", embedder("openai", "small", 1536));
    assertItem(Subject.DIMENSIONS, State.OK);
    settings = Known.of(new Facts(Map.of("providers", embedder("ollama", "nomic", 768))));
    assertItem(Subject.DIMENSIONS, State.DIFFERS, "openmemory has 1536", "768");
    assertThat(item(Subject.DIMENSIONS).names()).containsExactly("1536");
  }

  @Test
  void theCollectionIsTheOneOfTheMemories() {
    config.put("providers", embedder("openai", "small", 4));
    vectors.put("vectors", Map.of("a", Map.of("size", 3), "b", Map.of("size", 4)));
    assertItem(Subject.DIMENSIONS, State.UNKNOWN);
    vectors.put("crossCheck", Map.of("collection", "b"));
    assertItem(Subject.DIMENSIONS, State.OK, "collection b has 4");
    vectors.put("vectors", Map.of("only", Map.of("dense", Map.of("size", 4))));
    assertItem(Subject.DIMENSIONS, State.OK, "collection only has 4");
    for (Object odd :
        List.of(Map.of(), "text", Map.of("x", Map.of("size", 1), "y", Map.of("size", 2)))) {
      vectors.put("vectors", Map.of("only", odd));
      assertItem(Subject.DIMENSIONS, State.UNKNOWN);
    }
    vectors.put("vectors", List.of("hostile"));
    assertItem(Subject.DIMENSIONS, State.UNKNOWN);
  }

  @Test
  void openMemoryHasToRunInTheEnd() {
    assertItem(Subject.RUNNING, State.UNKNOWN, WHY);
    runs = Known.of(true);
    assertItem(Subject.RUNNING, State.OK);
    runs = Known.of(false);
    assertItem(Subject.RUNNING, State.MISSING);
  }

  @Test
  void nothingElseOfAnEnvironmentIsKept() {
    Environment found =
        Environment.of("x", Map.of("KEY", "sk-canary-1", "USER", "alice", "EMPTY", " "));
    assertThat(found.toString()).doesNotContain("canary", "alice");
    assertThat(found.user()).isEqualTo(Optional.of("alice"));
    assertThat(found.empty()).containsExactly("EMPTY");
  }
}
