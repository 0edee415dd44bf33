package dev.openmemory.backup.source.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.config.ConfigDocument;
import dev.openmemory.backup.source.SourceFixture;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.optional.Environment;
import dev.openmemory.backup.spi.optional.ReportsEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigSourceTest {
  private static final String CANARY = "sk-canary-1";

  @TempDir Path temporary;
  private final ConfigSourceProvider provider = new ConfigSourceProvider();
  private SourceFixture fixture;
  private Path home;
  private Path config;

  @BeforeEach
  void createFolders() throws IOException {
    fixture = new SourceFixture(temporary.resolve("scratch"));
    home = Files.createDirectory(temporary.resolve("api ?#% ü"));
    config = home.resolve("config.json");
  }

  private BackupSource source() throws BackupException {
    return source(config);
  }

  private BackupSource source(Path file) throws BackupException {
    return provider.open(new ProviderOptions("config", Map.of("path", file.toString())));
  }

  private Facts roundTrip(byte[] bytes) throws IOException {
    Files.write(config, bytes);
    try (Capture capture = source().capture(fixture.context())) {
      Files.writeString(config, "changed since");
      assertThat(SourceFixture.bytesOf(capture)).isEqualTo(bytes);
      assertThat(SourceFixture.bytesOf(capture)).isEqualTo(bytes);
      assertThat(capture.detached()).isTrue();
      return capture.facts();
    }
  }

  @Test
  void theFactsNameProvidersAndModelsAndEnvironmentKeys() throws IOException {
    SourceFixture.resource(ConfigSourceTest.class, "config.json", config);
    SourceFixture.resource(ConfigSourceTest.class, "dot-env", home.resolve(".env"));
    byte[] bytes = Files.readAllBytes(config);

    Facts facts = roundTrip(bytes);

    assertThat(facts.values())
        .isEqualTo(
            Map.of(
                "json", true,
                "providers",
                    Map.of(
                        "llm", Map.of("provider", "openai", "model", "gpt-4o-mini"),
                        "embedder",
                            Map.of("provider", "openai", "model", "text-embedding-3-small")),
                "envReferences", List.of("API_KEY"),
                "envKeys", List.of("OPENAI_API_KEY", "USER")));
    assertThat(fixture.warnings).isEmpty();
    assertThat(
            provider.inspect(SourceFixture.files("config.json", bytes), fixture.context()).values())
        .isEqualTo(
            Map.of(
                "json", true,
                "providers", facts.values().get("providers"),
                "envReferences", List.of("API_KEY")));
  }

  @Test
  void embeddingDimensionsAreAFact() throws IOException {
    Facts facts =
        roundTrip(
            "{\"mem0\":{\"embedder\":{\"config\":{\"embedding_dims\":768}}}}"
                .getBytes(StandardCharsets.UTF_8));
    assertThat(facts.number("providers", "embedder", "dimensions")).hasValue(768);
  }

  @Test
  void everyByteIsKept() throws IOException {
    roundTrip("\uFEFF{\r\n \"a\" : 1 }\r\n".getBytes(StandardCharsets.UTF_8));
    roundTrip(new byte[] {(byte) 0xff, 0, 13, 10});
    roundTrip(new byte[0]);
  }

  @Test
  void aByteOrderMarkDoesNotMakeItInvalid() throws IOException {
    Facts facts = roundTrip("\uFEFF{\r\n}\r\n".getBytes(StandardCharsets.UTF_8));
    assertThat(facts.values()).containsEntry("json", true);
    assertThat(fixture.warnings).isEmpty();
  }

  @Test
  void whatIsNotJsonIsBackedUpWithAWarningThatNamesThePlaceOnly() throws IOException {
    String text = "{\n  \"api_key\": " + CANARY + "\n}";
    Facts facts = roundTrip(text.getBytes(StandardCharsets.UTF_8));

    assertThat(facts.values()).containsEntry("json", false);
    assertThat(fixture.warnings).singleElement().satisfies(this::assertNamesLineTwo);

    fixture.warnings.clear();
    roundTrip("{} trailing".getBytes(StandardCharsets.UTF_8));
    roundTrip(new byte[0]);
    assertThat(fixture.warnings).extracting(Warning::code).containsOnly("config-not-json");
  }

  private void assertNamesLineTwo(Warning warning) {
    assertThat(warning.code()).isEqualTo("config-not-json");
    assertThat(warning.message())
        .contains(config.toString(), "line 2", "column")
        .doesNotContain("canary");
  }

  @Test
  void aLiteralKeyIsNamedByItsPlaceAndNeverShown() throws IOException {
    String json =
        """
        {"mem0": {"llm": {"config": {"api_key": "%s", "max_tokens": 2000}},
                  "embedder": {"config": {"api_key": "env:API_KEY", "password": ""}}},
         "list": [{"Access-Token": "%s"}], "apiKeys": ["env:A", "%s"]}
        """
            .formatted(CANARY, CANARY, CANARY);
    Facts facts = roundTrip(json.getBytes(StandardCharsets.UTF_8));

    assertThat(fixture.warnings).extracting(Warning::code).containsOnly("literal-key");
    assertThat(fixture.warnings)
        .extracting(Warning::message)
        .satisfiesExactly(
            m -> assertThat(m).contains(", mem0.llm.config.api_key); keep the backup private"),
            m -> assertThat(m).contains(", list[0].Access-Token); keep the backup private"),
            m -> assertThat(m).contains(", apiKeys[1]); keep the backup private"));
    assertThat(facts + fixture.warnings.toString()).doesNotContain(CANARY);
  }

  @Test
  void namesInTheEnvironmentFileAreFoundAndValuesAreNot() throws IOException {
    Files.writeString(config, "{}");
    Files.writeString(
        home.resolve(".env"),
        """
        \uFEFFFIRST=1
        # COMMENTED=canary
          export EXPORTED = 'canary'
        QUOTED="canary=1 # no comment
        INSIDE=canary \\" still inside
        end"
        EMPTY=
        AFTER=x
        not an assignment
        1BAD=canary
        """);
    try (Capture capture = source().capture(fixture.context())) {
      assertThat(capture.facts().texts("envKeys"))
          .containsExactly("AFTER", "EMPTY", "EXPORTED", "FIRST", "QUOTED");
      assertThat(capture.facts().texts("emptyEnvKeys")).containsExactly("EMPTY");
      assertThat(capture.facts().toString()).doesNotContain("canary");
    }
  }

  @Test
  void anEnvironmentFileThatMayNotBeReadIsAWarning() throws IOException {
    assumeTrue(!"root".equals(System.getProperty("user.name")), "root may read everything");
    Files.writeString(config, "{}");
    Path file = Files.writeString(home.resolve(".env"), "FIRST=1\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    try (Capture capture = source().capture(fixture.context())) {
      assertThat(capture.facts().values()).doesNotContainKey("envKeys");
    }
    assertThat(fixture.warnings)
        .singleElement()
        .isEqualTo(
            new Warning(
                "env-unreadable",
                file + " cannot be read; the backup does not contain the names of its variables"));
  }

  @Test
  void ofTheEnvironmentOnlyTheUserIsKeptAndWhatIsEmpty() throws IOException {
    Files.writeString(
        home.resolve(".env"),
        """
        A=canary
        B=
        C=""
        D=''  # canary
        E=   # canary
        F=#canary
        G=first
        G=
        H=
        H=canary
         export I = "canary" # comment
        J='
        K=inside'
        export USER='alice' # the user
        """);
    Environment found = environment();
    assertThat(found.filled()).containsExactlyInAnyOrder("A", "F", "H", "I", "J", "USER");
    assertThat(found.empty()).containsExactlyInAnyOrder("B", "C", "D", "E", "G");
    assertThat(found.user()).hasValue("alice");
    assertThat(found.place()).isEqualTo(home.resolve(".env").toString());
    assertThat(found.toString()).doesNotContain("canary", "alice", "first");
  }

  @Test
  void aUserIsUnderstoodInEveryNotation() throws IOException {
    for (String line :
        List.of("USER=al ice", "USER = al ice  ", "export USER=\"al ice\"", "USER=al ice # x")) {
      Files.writeString(home.resolve(".env"), line + "\r\n");
      assertThat(environment().user()).as(line).hasValue("al ice");
    }
    for (String line : List.of("USER=${NAME}", "USER=\"$NAME\"", "USER='two\nlines'")) {
      Files.writeString(home.resolve(".env"), line + "\n");
      assertThat(environment().filled()).as(line).contains("USER");
      assertThat(environment().user()).as(line).isEmpty();
    }
    for (String line : List.of("USER=", "USER=\"\"", "#USER=alice", "XUSER=alice")) {
      Files.writeString(home.resolve(".env"), line + "\n");
      assertThat(environment().filled()).as(line).doesNotContain("USER");
      assertThat(environment().user()).as(line).isEmpty();
    }
  }

  @Test
  void withoutAFileOfVariablesNoneIsSetAndWithoutAFolderThereIsNoOpenMemory() throws Exception {
    assertThat(environment().filled()).isEmpty();
    assertThat(((ReportsEnvironment) source(home.resolve("none/config.json"))).environment())
        .isEmpty();
    Files.createDirectory(home.resolve(".env"));
    assertFails(this::environment, Kind.INVALID);
  }

  private Environment environment() throws IOException {
    return ((ReportsEnvironment) source()).environment().orElseThrow();
  }

  @Test
  void aMissingFileIsNotFound() {
    assertFails(() -> source().preflight(fixture.context()), Kind.NOT_FOUND);
    assertFails(() -> source().capture(fixture.context()), Kind.NOT_FOUND);
  }

  @Test
  void aDirectoryIsInvalidAndAHugeFileUnsupported() throws IOException {
    Files.createDirectory(config);
    assertFails(() -> source().preflight(fixture.context()), Kind.INVALID);
    Files.delete(config);
    Files.write(config, new byte[ConfigDocument.MOST_BYTES + 1]);
    assertFails(() -> source().preflight(fixture.context()), Kind.UNSUPPORTED);
  }

  @Test
  void unknownAndMissingOptionsAreRefused() {
    assertFails(
        () -> provider.open(new ProviderOptions("config", Map.of("path", "a", "x", "y"))),
        Kind.UNSUPPORTED);
    assertFails(() -> provider.open(new ProviderOptions("config", Map.of())), Kind.INVALID);
  }

  private static void assertFails(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable work, Kind kind) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(BackupException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void restoreReplacesTheFileAndRollbackBringsItBack() throws IOException {
    byte[] backup = "not json\r\n".getBytes(StandardCharsets.UTF_8);
    Files.writeString(config, "before");
    Files.writeString(home.resolve("openmemory.db"), "another part");
    Map<String, String> before = SourceFixture.contentOf(home);

    Restoration first =
        source().prepare("id", SourceFixture.files("config.json", backup), fixture.context());
    first.apply();
    assertThat(config).hasBinaryContent(backup);
    source().resume("id").orElseThrow().rollback();
    assertThat(SourceFixture.contentOf(home)).isEqualTo(before);

    try (Restoration second =
        source().prepare("id", SourceFixture.files("config.json", backup), fixture.context())) {
      second.apply();
      Path previous = second.commit(false).orElseThrow();
      assertThat(previous.resolve("config.json")).hasContent("before");
    }
    assertThat(config).hasBinaryContent(backup);
    assertThat(home.resolve("openmemory.db")).hasContent("another part");
  }

  @Test
  void cancellingEndsPrepareAndLeavesNothing() throws IOException {
    Files.writeString(config, "before");
    Map<String, String> before = SourceFixture.contentOf(home);
    fixture.cancellation.cancel();
    assertFails(
        () ->
            source()
                .prepare("id", SourceFixture.files("config.json", new byte[9]), fixture.context()),
        Kind.CANCELLED);
    assertThat(SourceFixture.contentOf(home)).isEqualTo(before);
  }

  @Test
  void theServiceLoaderFindsTheSources() {
    assertThat(ServiceLoader.load(BackupSourceProvider.class))
        .extracting(BackupSourceProvider::type)
        .contains("sqlite", "config");
  }
}
