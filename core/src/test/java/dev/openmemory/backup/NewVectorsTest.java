package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.memories.MemoryChange.Action;
import dev.openmemory.backup.memories.MemoryChange.VectorChange;
import dev.openmemory.backup.memories.MemoryRepairReport;
import dev.openmemory.backup.memories.MemoryRepairRequest;
import dev.openmemory.backup.memories.MemoryRestoreDialog;
import dev.openmemory.backup.memories.MemoryRestoreReport;
import dev.openmemory.backup.memories.NewVectors;
import dev.openmemory.backup.memories.NewVectorsReport;
import dev.openmemory.backup.sample.DoubleServerProvider;
import dev.openmemory.backup.sample.LiveMemories;
import dev.openmemory.backup.testkit.embedding.EmbedderDouble;
import dev.openmemory.backup.testkit.embedding.EmbedderDouble.Question;
import dev.openmemory.backup.testkit.embedding.EmbedderDouble.Reply;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Memories of which no backup has a vector get a new one, from an embedder over HTTP. */
class NewVectorsTest extends MemoryRestoreFixture {
  private static final BackupName SECOND = new BackupName("second");
  private static final String KEY = "sk-canary-9172";
  private static final String TEXT = "a text that no backup has";

  private EmbedderDouble embedder;

  @BeforeEach
  void startEmbedder() throws IOException {
    embedder = EmbedderDouble.start();
  }

  @AfterEach
  void stopEmbedder() {
    embedder.close();
  }

  private NewVectors anew() {
    return NewVectors.ofSettings()
        .at(URI.create(embedder.uri() + "/v1"))
        .withVariables(Map.of("OPENAI_API_KEY", KEY));
  }

  private DrillRequest openers() {
    return DrillRequest.STANDARD.withServer(DoubleServerProvider.server(log(), Map.of()));
  }

  private MemoryRepairRequest repair(NewVectors how) {
    return MemoryRepairRequest.STANDARD.withVectorsBy(openers()).withNewVectors(how);
  }

  private MemoryRepairReport repair(MemoryRepairRequest request) throws BackupException {
    return backups.repairMemories(live.installation(), request, dialog(() -> {}));
  }

  private void drop(int number) {
    live.qdrant().remove(LiveMemories.COLLECTION, ids.get(number).toString());
  }

  /** Of this memory no backup has a vector. */
  private void loseForGood(int number) throws SQLException {
    drop(number);
    live.edit(ids.get(number), TEXT);
  }

  private WholePoint point(UUID id) throws IOException {
    return live.wholePoints().stream().filter(p -> p.id().equals(id)).findFirst().orElseThrow();
  }

  /** Of the length 1, as the collection keeps it. */
  private static void assertVector(WholePoint point, String text) {
    List<Float> made = EmbedderDouble.vector(text);
    double length = Math.sqrt(made.stream().mapToDouble(n -> (double) n * n).sum());
    List<?> kept = (List<?>) point.vector().orElseThrow();
    assertThat(kept).hasSize(made.size());
    for (int i = 0; i < made.size(); i++) {
      double number = ((Number) kept.get(i)).doubleValue();
      assertThat(number).isCloseTo(made.get(i) / length, within(1e-6));
    }
  }

  private void setEmbedder(String json) throws SQLException {
    live.database()
        .run(
            "UPDATE configs SET value = json_set(value, '$.mem0.embedder', json('"
                + json
                + "')) WHERE key = 'main'");
  }

  private static NewVectorsReport made(MemoryRestoreReport report) {
    return report.newVectors().orElseThrow();
  }

  @Test
  void aMemoryWithoutAnyVectorGetsANewOneWithThePayloadOfOpenMemory() throws Exception {
    loseForGood(0);
    drop(1);
    Map<String, String> before = live.points();

    MemoryRepairReport report = repair(repair(anew()));

    assertThat(report.changes().actions()).containsOnly(Map.entry(Action.VECTOR, 2L));
    assertThat(report.after().everyMemoryHasItsVector()).isTrue();
    assertThat(made(report.changes()))
        .isEqualTo(
            new NewVectorsReport(
                "openai", "text-embedding-3-small", embedder.uri() + "/v1", 1, TEXT.length()));
    assertThat(made(report.changes()).estimatedTokens()).isEqualTo(7);
    assertThat(shown).extracting("vector").containsOnly(VectorChange.ADD, VectorChange.NEW);
    assertThat(embedder.questions())
        .singleElement()
        .satisfies(q -> assertThat(q.texts()).containsExactly(TEXT))
        .satisfies(q -> assertThat(q.model()).isEqualTo("text-embedding-3-small"))
        .satisfies(q -> assertThat(q.authorization()).isEqualTo("Bearer " + KEY));
    WholePoint point = point(ids.get(0));
    assertVector(point, TEXT);
    assertThat(point.payload())
        .containsEntry("data", TEXT)
        .containsEntry("hash", "2b6833313407ae4b8ab4eb0be3fe37bf")
        .containsEntry("user_id", "alice")
        .containsEntry("source_app", "openmemory")
        .containsEntry("created_at", "2026-11-22T19:27:34.525225+00:00")
        .containsKeys("mcp_client", "updated_at");
    assertThat(live.points().get(ids.get(1).toString())).isEqualTo(points.get("" + ids.get(1)));
    undo(report.changes());
    assertThat(live.points()).isEqualTo(before);
  }

  private void undo(MemoryRestoreReport report) throws BackupException {
    Path file = report.undoFile().orElseThrow();
    backups.undoMemories(file, live.installation(), false, MemoryRestoreDialog.AGREE);
  }

  @Test
  void aRestoredMemoryWithoutAVectorInTheBackupGetsRowAndPoint() throws Exception {
    drop(0);
    live.backUp(backups.withClock(Clock.offset(CLOCK, Duration.ofDays(1))), SECOND.value());
    live.delete(ids.get(0));
    Map<String, String> before = live.points();
    List<String> rows = live.memories();

    MemoryRestoreReport report =
        backups.restoreMemories(
            SECOND,
            live.installation(),
            request(ids.get(0)).withNewVectors(anew()),
            dialog(() -> assertThat(embedder.questions()).isEmpty()));

    assertThat(report.actions()).containsOnly(Map.entry(Action.BRING_BACK, 1L));
    assertThat(live.memories()).isEqualTo(memories);
    WholePoint point = point(ids.get(0));
    assertVector(point, String.valueOf(point.payload().get("data")));
    assertThat(embedder.questions()).hasSize(1);
    undo(report);
    assertThat(live.points()).isEqualTo(before);
    assertThat(live.memories()).isEqualTo(rows);
  }

  @Test
  void vectorsOfAnotherEmbedderAreNotPutBackButMadeAnew() throws Exception {
    live.delete(ids.get(0));
    setEmbedder(
        "{\"provider\": \"ollama\", \"config\": {\"model\": \"nomic-embed-text\","
            + " \"ollama_base_url\": \""
            + embedder.uri()
            + "/\"}}");
    NewVectors asSet = NewVectors.ofSettings().withVariables(Map.of());

    MemoryRestoreReport report = restore(request(ids.get(0)).withNewVectors(asSet));

    assertThat(made(report).provider()).isEqualTo("ollama");
    assertThat(report.vectorsFrom()).isEmpty();
    WholePoint point = point(ids.get(0));
    assertVector(point, String.valueOf(point.payload().get("data")));
    assertThat(live.memories()).isEqualTo(memories);
    assertThat(embedder.questions())
        .singleElement()
        .satisfies(q -> assertThat(q.path()).isEqualTo("/api/embed"))
        .satisfies(q -> assertThat(q.model()).isEqualTo("nomic-embed-text"))
        .satisfies(q -> assertThat(q.authorization()).isEmpty());
  }

  @Test
  void noMoreThan64TextsAreSentAtOnce() throws Exception {
    live.database()
        .run(
            "INSERT INTO memories (id, user_id, app_id, content, state) WITH RECURSIVE n(i) AS"
                + " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70) SELECT"
                + " printf('%032x', i), user_id, app_id, 'text ' || i, 'active' FROM n,"
                + " (SELECT * FROM memories LIMIT 1)");

    MemoryRepairReport report = repair(repair(anew()));

    assertThat(report.after().everyMemoryHasItsVector()).isTrue();
    assertThat(embedder.questions()).extracting(q -> q.texts().size()).containsExactly(64, 6);
    for (int i = 1; i <= 70; i++) {
      assertVector(point(new UUID(0, i)), "text " + i);
    }
  }

  @Test
  void aPlanShowsHowMuchWouldBeSentAndSendsNothing() throws Exception {
    loseForGood(0);
    MemoryRepairReport plan = repair(repair(anew()).asDryRun());
    assertThat(made(plan.changes()).texts()).isEqualTo(1);
    assertThat(plan.changes().applied()).isFalse();
    assertThat(embedder.questions()).isEmpty();
  }

  @Test
  void withoutTheOptionNothingIsSent() throws Exception {
    loseForGood(0);
    MemoryRepairReport report = repair(MemoryRepairRequest.STANDARD.withVectorsBy(openers()));
    assertThat(report.changes().actions()).containsOnly(Map.entry(Action.WITHOUT_VECTOR, 1L));
    assertThat(report.changes().newVectors()).isEmpty();
  }

  @Test
  void aMissingKeyIsNamedByItsVariableBeforeTheQuestion() throws Exception {
    loseForGood(0);
    Files.delete(environmentFile());
    BackupException failure =
        failureOf(() -> repair(repair(anew().withVariables(Map.of("OPENAI_API_KEY", " ")))));
    assertThat(failure.kind()).isEqualTo(Kind.NO_KEY);
    assertThat(failure).hasMessageContaining("OPENAI_API_KEY");
  }

  private Path environmentFile() {
    return live.home().resolve("api/.env");
  }

  @Test
  void theKeyMayBeInAFileOrBesideTheConfigurationOrInTheSettings() throws Exception {
    loseForGood(0);
    NewVectors without = anew().withVariables(Map.of());
    Path file = Files.writeString(temp.resolve("key"), "sk-of-a-file\n");
    undo(repair(repair(without.withKeyIn(file))).changes());

    Files.writeString(environmentFile(), "OPENAI_API_KEY=sk-of-env\n");
    undo(repair(repair(without)).changes());

    setEmbedder("{\"provider\": \"openai\", \"config\": {\"api_key\": \"sk-of-settings\"}}");
    repair(repair(without));
    assertThat(embedder.questions())
        .extracting(Question::authorization)
        .containsExactly("Bearer sk-of-a-file", "Bearer sk-of-env", "Bearer sk-of-settings");
  }

  @Test
  void anEmbedderOfAnotherProviderIsRefusedByName() throws Exception {
    loseForGood(0);
    setEmbedder("{\"provider\": \"huggingface\", \"config\": {\"model\": \"m\"}}");
    assertThat(failureOf(() -> repair(repair(anew()))))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
        .hasMessageContaining("'huggingface'");
  }

  private static String one(String embedding) {
    return "{\"data\": [{\"index\": 0, \"embedding\": " + embedding + "}]}";
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(Reply.of(200, "{\"data\": []}"), Kind.CORRUPT, "1 texts with 0 vectors"),
        Arguments.of(
            Reply.of(200, one("[0.1, 0.2, 0.3]")),
            Kind.INCONSISTENT,
            "the model text-embedding-3-small answers with 3 dimensions, and the collection takes"
                + " 4"),
        Arguments.of(Reply.of(200, one("[0.1, NaN, 0.3, 1]")), Kind.CORRUPT, "in JSON"),
        Arguments.of(Reply.of(200, one("[0.1, 1e99, 0.3, 1]")), Kind.CORRUPT, "than numbers"),
        Arguments.of(Reply.of(200, one("[0.1, null, 0.3, 1]")), Kind.CORRUPT, "than numbers"),
        Arguments.of(Reply.of(200, one("[0, 0, 0.0, 1e-60]")), Kind.CORRUPT, "zeros only"),
        Arguments.of(Reply.of(200, one("\"AAAA\"")), Kind.CORRUPT, "without a list"),
        Arguments.of(
            Reply.of(200, "{\"data\": [{\"index\": 1, \"embedding\": [1, 1, 1, 1]}]}"),
            Kind.CORRUPT,
            "to which text each belongs"),
        Arguments.of(Reply.of(200, "<html>" + KEY + "</html>"), Kind.CORRUPT, "in JSON"),
        Arguments.of(Reply.of(204, ""), Kind.INVALID, "status 204"),
        Arguments.of(Reply.of(404, "no model for " + KEY), Kind.INVALID, "no model for ***"),
        Arguments.of(Reply.of(401, KEY), Kind.DENIED, "refuses the key"),
        Arguments.of(Reply.HANG_UP, Kind.UNAVAILABLE, "hung up"),
        Arguments.of(
            new Reply(500, Map.of("Retry-After", "0"), KEY), Kind.UNAVAILABLE, "status 500"),
        Arguments.of(new Reply(302, Map.of("Location", "/"), ""), Kind.INVALID, "status 302"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void anAnswerThatIsNotWhatWasAskedForChangesNothing(Reply reply, Kind kind, String words)
      throws Exception {
    loseForGood(0);
    Map<String, String> before = live.points();
    List<String> rows = live.memories();
    embedder.always(reply);

    BackupException failure = failureOf(() -> repair(repair(anew())));

    assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
    assertThat(failure).hasMessageContaining(words);
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(KEY);
    assertThat(live.points()).isEqualTo(before);
    assertThat(live.memories()).isEqualTo(rows);
    assertThat(live.home().resolve(".openmemory-backup/memories")).doesNotExist();
  }

  @Test
  void theKeyIsInNoTextOfARequest() {
    NewVectors how = anew();
    assertThat("" + how + repair(how) + request().withNewVectors(how)).doesNotContain(KEY);
  }
}
