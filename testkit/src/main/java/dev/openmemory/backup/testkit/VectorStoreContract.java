package dev.openmemory.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.spi.optional.OpensVectorStore;
import dev.openmemory.backup.spi.optional.VectorStore;
import dev.openmemory.backup.spi.optional.VectorStore.Point;
import dev.openmemory.backup.spi.optional.VectorStore.Points;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each {@link OpensVectorStore} and its {@link VectorStore} must do: a test for each duty. */
public abstract class VectorStoreContract {
  private static final String MINE = "openmemory";
  private static final int POINTS = 25;

  @TempDir Path folder;
  private final Cancellation cancellation = new Cancellation();
  private final Set<Point> expected = new HashSet<>();
  private @Nullable QdrantDouble qdrant;

  /**
   * One that knows the Qdrant at the address.
   *
   * @param folder an empty folder
   */
  protected abstract OpensVectorStore of(URI qdrant, Path folder) throws Exception;

  @BeforeEach
  final void startQdrant() throws IOException {
    QdrantDouble server = QdrantDouble.start(folder.resolve("qdrant").resolve("storage"));
    qdrant = server;
    server.createCollection(MINE);
    server.createCollection("mem0migrations");
    for (int i = 0; i < POINTS; i++) {
      UUID id = new UUID(i * 7919L, i);
      String user = "user" + i % 3;
      server.put(MINE, id.toString(), Map.of("user_id", user, "data", "text " + i));
      expected.add(new Point(Optional.of(id), Optional.of(user), Optional.of("text " + i)));
    }
    server.put(MINE, 7L, Map.of());
    expected.add(new Point(Optional.empty(), Optional.empty(), Optional.empty()));
  }

  @AfterEach
  final void stopQdrant() throws IOException {
    Thread.interrupted();
    qdrant().close();
  }

  private QdrantDouble qdrant() {
    return Objects.requireNonNull(qdrant);
  }

  private VectorStore open() throws Exception {
    VectorStore store = of(qdrant().uri(), folder).openVectorStore(cancellation).orElseThrow();
    assertThat(store.location()).isNotEmpty();
    return store;
  }

  @Test
  @Duty("V1")
  final void eachCollectionIsNamedOnce() throws Exception {
    try (VectorStore store = open()) {
      assertThat(store.collections()).containsExactlyInAnyOrder(MINE, "mem0migrations");
      assertThat(store.version()).matches("\\d+\\.\\d+\\..+");
    }
  }

  @Test
  @Duty("V2")
  final void eachPointComesOnce() throws Exception {
    try (VectorStore store = open()) {
      List<Point> found = new ArrayList<>();
      store.points(MINE, found::add);
      assertThat(found)
          .extracting(point -> new Point(point.id(), point.user(), Optional.empty()))
          .containsExactlyInAnyOrderElementsOf(
              expected.stream()
                  .map(point -> new Point(point.id(), point.user(), Optional.empty()))
                  .toList());
    }
  }

  @Test
  @Duty("V3")
  final void theFailureOfAConsumerEndsTheCallAndIsPassedOn() throws Exception {
    IOException full = new IOException("full");
    List<Point> taken = new ArrayList<>();
    Points consumer =
        point -> {
          taken.add(point);
          if (taken.size() == 2) {
            throw full;
          }
        };
    try (VectorStore store = open()) {
      assertThatThrownBy(() -> store.points(MINE, consumer)).isSameAs(full);
    }
    assertThat(taken).hasSize(2);
  }

  @Test
  @Duty("V4")
  final void textsAreToldOrRefused() throws Exception {
    try (VectorStore store = open()) {
      List<Point> found = new ArrayList<>();
      BackupException refusal =
          catchThrowableOfType(
              BackupException.class, () -> store.pointsWithTexts(MINE, found::add));
      if (refusal == null) {
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
      } else {
        assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(found).isEmpty();
      }
    }
  }

  @Test
  @Duty("V5")
  final void aCollectionThatDoesNotExistIsNotFound() throws Exception {
    try (VectorStore store = open()) {
      assertFails(Kind.NOT_FOUND, () -> store.points("other", point -> {}));
    }
  }

  @Test
  @Duty("V6")
  final void nothingIsChanged() throws Exception {
    List<String> collections = qdrant().collections();
    List<String> ids = qdrant().ids(MINE);
    try (VectorStore store = open()) {
      store.collections();
      store.points(MINE, point -> {});
    }
    assertThat(qdrant().collections()).isEqualTo(collections);
    assertThat(qdrant().ids(MINE)).isEqualTo(ids);
    assertThat(qdrant().snapshotFiles()).isEmpty();
    assertThat(qdrant().aliases()).isEmpty();
  }

  @Test
  @Duty("V7")
  final void cancellingAnInterruptAndALostStoreEndEachCall() throws Exception {
    try (VectorStore store = open()) {
      List<ThrowingCallable> calls =
          List.of(store::version, store::collections, () -> store.points(MINE, point -> {}));
      for (ThrowingCallable call : calls) {
        Thread.currentThread().interrupt();
        Throwable thrown = catchThrowable(call);
        assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
        assertFails(
            Kind.CANCELLED,
            () -> {
              throw thrown;
            });
      }
      cancellation.cancel();
      for (ThrowingCallable call : calls) {
        assertFails(Kind.CANCELLED, call);
      }
    }
  }

  @Test
  @Duty("V7")
  final void aStoreThatDoesNotAnswerIsAbsentOrAFailureOfOurs() throws Exception {
    OpensVectorStore knows = of(qdrant().uri(), folder);
    qdrant().close();
    Optional<VectorStore> opened = knows.openVectorStore(cancellation);
    if (opened.isPresent()) {
      try (VectorStore store = opened.get()) {
        Thread canceller = new Thread(cancellation::cancel);
        canceller.start();
        assertThat(catchThrowable(store::collections)).isInstanceOf(BackupException.class);
        canceller.join();
      }
    }
  }

  @Test
  @Duty("V8")
  final void closingMayBeRepeated() throws Exception {
    VectorStore store = open();
    store.close();
    store.close();
  }

  private static void assertFails(Kind kind, ThrowingCallable call) {
    BackupException failure = catchThrowableOfType(BackupException.class, call);
    assertThat(failure).as("a failure").isNotNull();
    assertThat(failure.kind()).as("kind of: %s", failure).isEqualTo(kind);
  }
}
