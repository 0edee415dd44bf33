package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.archive.ArchiveFormat;
import dev.openmemory.backup.archive.ImportRequest;
import dev.openmemory.backup.diff.DiffRequest;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.export.ExportFormat;
import dev.openmemory.backup.export.ExportRequest;
import dev.openmemory.backup.memories.MemoryFormat;
import dev.openmemory.backup.memories.MemoryQuery;
import dev.openmemory.backup.memories.MemoryRepairRequest;
import dev.openmemory.backup.memories.MemoryRestoreDialog;
import dev.openmemory.backup.memories.MemoryRestoreRequest;
import dev.openmemory.backup.prune.PruneRequest;
import dev.openmemory.backup.prune.RetentionPolicy;
import dev.openmemory.backup.sample.FileWriters;
import dev.openmemory.backup.sample.MemoryFolder;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.sample.WitnessedInstallation;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.SweepsLeftovers;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.spi.encryption.Encryptor;
import dev.openmemory.backup.sync.SyncRequest;
import dev.openmemory.backup.targetcheck.TargetCheckRequest;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import dev.openmemory.backup.undo.CleanupRequest;
import dev.openmemory.backup.undo.UndoRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a plug-in throws, callers meet a {@link BackupException} that names the place. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OnlyBackupExceptionsTest {
  private static final BackupName WITNESSED = new BackupName("witnessed");
  private static final BackupName REAL = new BackupName("real");
  private static final ImportRequest AS_ANOTHER =
      ImportRequest.STANDARD.withName(new BackupName("another"));

  private static final Set<String> WITH_A_RUNNING_QDRANT =
      Set.of(
          "crossCheck",
          "crossCheckWithTexts",
          "restoreMemories",
          "repairMemories",
          "undoMemories",
          "writeMemoriesWithVectors");

  /** Whatever it writes, failures of the target pass through it. */
  private static final Encryptor UNCHANGED =
      new Encryptor() {
        @Override
        public String scheme() {
          return "age";
        }

        @Override
        public List<String> recipients() {
          return List.of("a key");
        }

        @Override
        public void encrypt(Content plain, OutputStream encrypted) throws IOException {
          plain.writeTo(encrypted);
        }
      };

  private Path temp;
  private final BackupTarget filled = new InMemoryBackupTarget();
  private WitnessedInstallation witnessed;
  private SampleInstallation real;
  private byte[] archive;

  @BeforeAll
  void fill(@TempDir(factory = MemoryFolder.class) Path folder) throws IOException {
    temp = folder;
    witnessed = WitnessedInstallation.create(temp.resolve("witnessed"));
    real = SampleInstallation.unpackSlimTo(temp.resolve("real"));
    Backups backups = Backups.in(filled);
    backups.create(real.installation(), BackupRequest.STANDARD.withName(REAL));
    backups.create(witnessed.installation(), BackupRequest.STANDARD.withName(WITNESSED));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    backups.exportArchive(WITNESSED, ArchiveFormat.TAR, out);
    archive = out.toByteArray();
  }

  private record Verb(String method, Call call) {}

  private interface Call {
    void on(Backups backups, BackupTarget target) throws IOException;
  }

  private List<Verb> verbs() {
    Installation held = witnessed.installation();
    Installation known = real.installation();
    ExportRequest export = ExportRequest.of(ExportFormat.OPENMEMORY).withUser("alice");
    PruneRequest prune = PruneRequest.by(RetentionPolicy.in(ZoneOffset.UTC).keepLast(1));
    return List.of(
        new Verb("create", (b, t) -> b.create(held, BackupRequest.STANDARD)),
        new Verb("list", (b, t) -> b.list()),
        new Verb("find", (b, t) -> b.find(WITNESSED)),
        new Verb("details", (b, t) -> b.details(WITNESSED)),
        new Verb("latest", (b, t) -> b.latest()),
        new Verb("verify", (b, t) -> b.verify(REAL)),
        new Verb("crossCheck", (b, t) -> b.crossCheck(REAL, known)),
        new Verb("crossCheckWithTexts", (b, t) -> b.crossCheckWithTexts(REAL, known)),
        new Verb("diff", (b, t) -> b.diff(REAL, REAL, DiffRequest.STANDARD)),
        new Verb("drill", (b, t) -> b.drill(REAL, DrillRequest.STANDARD)),
        new Verb("restore", (b, t) -> b.restore(WITNESSED, held, RestoreRequest.STANDARD)),
        new Verb(
            "checkRestore", (b, t) -> b.checkRestore(WITNESSED, held, RestoreRequest.STANDARD)),
        new Verb("undo", (b, t) -> b.undo(held, UndoRequest.STANDARD)),
        new Verb("setAside", (b, t) -> b.setAside(held)),
        new Verb("cleanUp", (b, t) -> b.cleanUp(held, CleanupRequest.ALL)),
        new Verb("migrationReport", (b, t) -> b.migrationReport(REAL, known)),
        new Verb("sync", (b, t) -> b.sync(new InMemoryBackupTarget(), SyncRequest.STANDARD)),
        new Verb("sync", (b, t) -> Backups.in(filled).sync(t, SyncRequest.STANDARD)),
        new Verb(
            "exportMemories",
            (b, t) -> b.exportMemories(REAL, export, OutputStream.nullOutputStream())),
        new Verb("memories", (b, t) -> b.memories(REAL, MemoryQuery.ALL, memory -> {})),
        new Verb("memory", (b, t) -> b.memory(REAL, "4538bc57")),
        new Verb("memoryHistory", (b, t) -> b.memoryHistory("4538bc57")),
        new Verb(
            "writeMemories",
            (b, t) ->
                b.writeMemories(
                    REAL, MemoryQuery.ALL, MemoryFormat.HTML, OutputStream.nullOutputStream())),
        new Verb(
            "writeMemoriesWithVectors",
            (b, t) ->
                b.writeMemoriesWithVectors(
                    REAL, MemoryQuery.ALL, DrillRequest.STANDARD, temp.resolve("none"))),
        new Verb(
            "restoreMemories",
            (b, t) ->
                b.restoreMemories(
                    REAL, known, MemoryRestoreRequest.ALL, MemoryRestoreDialog.AGREE)),
        new Verb(
            "repairMemories",
            (b, t) ->
                b.repairMemories(known, MemoryRepairRequest.STANDARD, MemoryRestoreDialog.AGREE)),
        new Verb(
            "undoMemories",
            (b, t) -> b.undoMemories(temp.resolve("none"), known, true, MemoryRestoreDialog.AGREE)),
        new Verb(
            "reencrypt",
            (b, t) -> b.withEncryption(UNCHANGED).reencrypt(WITNESSED, new BackupName("another"))),
        new Verb(
            "exportArchive",
            (b, t) -> b.exportArchive(REAL, ArchiveFormat.TAR, OutputStream.nullOutputStream())),
        new Verb("importArchive", (b, t) -> b.importArchive(archive(), AS_ANOTHER)),
        new Verb("delete", (b, t) -> b.delete(WITNESSED)),
        new Verb("prune", (b, t) -> b.prune(prune)),
        new Verb("pin", (b, t) -> b.pin(WITNESSED)),
        new Verb("unpin", (b, t) -> b.unpin(WITNESSED)),
        new Verb("locks", (b, t) -> b.locks()),
        new Verb("unlock", (b, t) -> b.unlock(true)),
        new Verb("recover", (b, t) -> b.recover(held)),
        new Verb("retryRecovery", (b, t) -> b.retryRecovery(held)),
        new Verb("acceptRepair", (b, t) -> b.acceptRepair(held)),
        new Verb("preflight", (b, t) -> b.preflight(held)),
        new Verb("sweepLeftovers", (b, t) -> b.sweepLeftovers()),
        new Verb(
            "checkTarget",
            (b, t) -> b.checkTarget(TargetCheckRequest.STANDARD.withLargestObject(99_000))));
  }

  private InputStream archive() {
    return new ByteArrayInputStream(archive);
  }

  @Test
  void everyCallThatDoesSomethingIsTried() {
    Set<String> all =
        Arrays.stream(Backups.class.getMethods())
            .filter(method -> method.getDeclaringClass() != Object.class)
            .filter(method -> !Modifier.isStatic(method.getModifiers()))
            .map(Method::getName)
            .filter(name -> !name.startsWith("with"))
            .collect(Collectors.toSet());

    assertThat(methods()).isEqualTo(all);
  }

  private Set<String> methods() {
    return verbs().stream().map(Verb::method).collect(Collectors.toSet());
  }

  /** In turn one of the JDK and an unchecked one. */
  @Test
  void aRawFailureOfATargetAtAnyCallBecomesOneThatNamesThePlace() throws IOException {
    Set<String> failed = new TreeSet<>();
    for (Verb verb : verbs()) {
      boolean reached = true;
      for (int call = 1; reached; call++) {
        RawFailures target = new RawFailures(copyOfFilled(), call, call % 2 == 0);
        Throwable thrown =
            catchThrowable(() -> verb.call.on(Backups.in(target).withScratch(temp), target));
        if (thrown != null && !isNoneOfTheTarget(verb, thrown)) {
          assertThat(thrown)
              .as("%s at call %d of the target", verb.method, call)
              .isInstanceOf(BackupException.class)
              .hasMessageContaining(target.location())
              .hasMessageContaining(RawFailures.TEXT);
          failed.add(verb.method);
        }
        reached = target.hasFailed();
      }
    }
    failed.addAll(
        Set.of(
            "preflight",
            "recover",
            "retryRecovery",
            "undo",
            "undoMemories",
            "setAside",
            "cleanUp",
            "acceptRepair")); // They look at the installation alone.
    assertThat(failed).isEqualTo(methods());
  }

  @ParameterizedTest
  @ValueSource(strings = {FileWriters.RAW, FileWriters.UNCHECKED})
  void aRawFailureOfASourceOrAControlBecomesOneOfOurs(String failure) throws IOException {
    Backups backups = Backups.in(copyOfFilled()).withScratch(temp);
    Map<String, Kind> duringBackup =
        Map.of(
            "live.refuses-capture", Kind.FAILED,
            "detached.refuses-read", Kind.FAILED,
            "b-api.refuses-hold", Kind.FAILED,
            "b-api.refuses-resume", Kind.FAILED);
    duringBackup.forEach(
        (place, kind) ->
            fails(place, failure, kind, () -> backups.create(held(), BackupRequest.STANDARD)));
    Map<String, Kind> duringRestore =
        Map.of(
            "detached.refuses-apply", Kind.ROLLED_BACK,
            "all.not-ready", Kind.ROLLED_BACK,
            "detached.refuses-confirm", Kind.ROLLED_BACK,
            "live.refuses-commit", Kind.FAILED);
    duringRestore.forEach(
        (place, kind) ->
            fails(
                place,
                failure,
                kind,
                () -> backups.restore(WITNESSED, held(), RestoreRequest.STANDARD)));
  }

  private Installation held() {
    return witnessed.installation();
  }

  private void fails(String place, String failure, Kind kind, ThrowingCallable call) {
    try {
      witnessed.writers().turnOn(place, failure);
      BackupException thrown = failureOf(call);
      witnessed.writers().turnOff(place);
      Backups.in(filled).recover(held());

      assertThat(thrown.kind()).as(place).isEqualTo(kind);
      assertThat(thrown).hasMessageContaining(place + " is on");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a call refuses by itself. */
  private static boolean isNoneOfTheTarget(Verb verb, Throwable thrown) {
    return WITH_A_RUNNING_QDRANT.contains(verb.method)
        && thrown instanceof BackupException ours
        && (ours.kind() == Kind.UNAVAILABLE || ours.kind() == Kind.UNSUPPORTED);
  }

  private BackupTarget copyOfFilled() throws IOException {
    BackupTarget copy = new InMemoryBackupTarget();
    for (ObjectInfo object : filled.list("")) {
      byte[] bytes;
      try (InputStream in = filled.read(object.name(), 0)) {
        bytes = in.readAllBytes();
      }
      copy.write(object.name(), out -> out.write(bytes), WriteOptions.CREATE_ONLY);
    }
    return copy;
  }

  /** A plug-in that knows no kinds: one of its calls, or a stream of it, fails as the JDK does. */
  private static final class RawFailures extends ForwardingBackupTarget implements SweepsLeftovers {
    static final String TEXT = "raw failure";

    private final AtomicInteger left;
    private final boolean unchecked;

    RawFailures(BackupTarget target, int call, boolean unchecked) {
      super(target);
      this.left = new AtomicInteger(call);
      this.unchecked = unchecked;
    }

    boolean hasFailed() {
      return left.get() <= 0;
    }

    private void call() throws IOException {
      if (left.decrementAndGet() == 0) {
        IOException raw = new IOException(TEXT);
        if (unchecked) {
          throw new UncheckedIOException(raw);
        }
        throw raw;
      }
    }

    @Override
    public String location() {
      return "raw:";
    }

    @Override
    public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
        throws IOException {
      call();
      return delegate().write(name, content, options);
    }

    @Override
    public InputStream read(ObjectName name, long offset) throws IOException {
      call();
      return new FilterInputStream(delegate().read(name, offset)) {
        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
          int count = in.read(bytes, from, length);
          if (count < 0) {
            call();
          }
          return count;
        }

        @Override
        public void close() throws IOException {
          in.close();
          call();
        }
      };
    }

    @Override
    public Optional<ObjectInfo> stat(ObjectName name) throws IOException {
      call();
      return delegate().stat(name);
    }

    @Override
    public List<ObjectInfo> list(String prefix) throws IOException {
      call();
      return delegate().list(prefix);
    }

    @Override
    public void delete(ObjectName name) throws IOException {
      call();
      delegate().delete(name);
    }

    @Override
    public List<String> sweepLeftovers() throws IOException {
      call();
      return List.of();
    }
  }
}
