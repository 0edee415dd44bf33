package dev.openmemory.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The hooks of {@link BackupSourceContract}, and what its tests have in common. */
abstract class SourceFixture {
  static final String RESTORE = "restore-1";

  @TempDir Path folder;
  private final Cancellation cancellation = new Cancellation();
  private @Nullable ProviderOptions options;
  private @Nullable BackupSource source;

  /** The provider under test. */
  protected abstract BackupSourceProvider provider();

  /**
   * Makes an installation with some data.
   *
   * @param home an empty directory
   * @return the options with which the provider finds it
   */
  protected abstract ProviderOptions install(Path home) throws Exception;

  /**
   * Changes the data as the application does; each call gives a state that was not there before.
   */
  protected abstract void mutate(Path home) throws Exception;

  /** The data as a tree that can be compared with {@code equals}. */
  protected abstract Object state(Path home) throws Exception;

  /** Takes away or spoils what a capture cannot do without. */
  protected abstract void breakInstallation(Path home) throws Exception;

  /**
   * Spoils a file so that its structure shows it, also where no digest is known; cuts off its
   * second half unless overridden.
   */
  protected byte[] damage(String name, byte[] plain) {
    return Arrays.copyOf(plain, plain.length / 2);
  }

  /**
   * Whether the application has to be held while a capture is made, because nothing else can give
   * one instant. False unless overridden.
   */
  protected boolean needsQuiesce() {
    return false;
  }

  /**
   * All that must be as before when a call says that it changed nothing: the files below the home
   * and their bytes, unless overridden.
   */
  protected Object footprint(Path home) throws Exception {
    return files(home);
  }

  /** What is left outside of home and scratch: helpers, server-side copies. None by default. */
  protected List<String> leftovers() throws Exception {
    return List.of();
  }

  @BeforeEach
  final void installAndOpen() throws Exception {
    Files.createDirectory(home());
    Files.createDirectory(scratch());
    options = install(home());
    source = anotherSource();
  }

  @AfterEach
  final void clearInterrupt() {
    // A test that failed in the middle of an interrupt must not disturb the next.
    Thread.interrupted();
  }

  final BackupSource source() {
    return Objects.requireNonNull(source);
  }

  /** A source as another process has it. */
  final BackupSource anotherSource() throws BackupException {
    return provider().open(Objects.requireNonNull(options));
  }

  final Path home() {
    return folder.resolve("home");
  }

  final Path scratch() {
    return folder.resolve("scratch");
  }

  final Cancellation cancellation() {
    return cancellation;
  }

  final RunContext context() {
    return new RunContext(Clock.systemUTC(), scratch(), cancellation, false, warning -> {});
  }

  final Object state() throws Exception {
    return state(home());
  }

  final Object footprint() throws Exception {
    return footprint(home());
  }

  final InMemoryBackupFiles backup() throws IOException {
    try (Capture capture = source().capture(context())) {
      return InMemoryBackupFiles.of(capture);
    }
  }

  final void assertNothingLeft(Object footprintBefore) throws Exception {
    assertThat(scratch()).isEmptyDirectory();
    assertThat(footprint()).isEqualTo(footprintBefore);
    assertThat(leftovers()).isEmpty();
  }

  static BackupException assertFails(ThrowingCallable call) {
    BackupException failure = catchThrowableOfType(BackupException.class, call);
    assertThat(failure).as("a failure").isNotNull();
    return failure;
  }

  static void assertFails(Kind kind, ThrowingCallable call) {
    BackupException failure = assertFails(call);
    assertThat(failure.kind()).as("kind of: %s", failure).isEqualTo(kind);
  }

  static Map<String, String> files(Path root) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.toList()) {
        files.put(root.relativize(path).toString(), describe(path));
      }
    }
    return files;
  }

  private static String describe(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "link to " + Files.readSymbolicLink(path);
    }
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return "directory";
    }
    byte[] bytes = Files.readAllBytes(path);
    return bytes.length + " bytes, hash " + Arrays.hashCode(bytes);
  }
}
