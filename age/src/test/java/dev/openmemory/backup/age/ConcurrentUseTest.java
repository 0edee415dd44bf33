package dev.openmemory.backup.age;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.spi.encryption.Decryptor;
import dev.openmemory.backup.spi.encryption.Encryptor;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One encryptor, one decryptor and one {@link Backups} serve several threads at the same time. */
class ConcurrentUseTest extends CanaryFixture {
  private static final int THREADS = 6;
  private static final int SEVERAL_CHUNKS = 5 * 64 * 1024;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  /** What a thread does; the threads differ by their number. */
  private interface Work {
    void run(int thread) throws Exception;
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  /** Begins all at the same moment; fails as the first of them. */
  private void atOnce(Work work) throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      all.add(
          threads.submit(
              () -> {
                start.await();
                work.run(thread);
                return null;
              }));
    }
    for (Future<?> each : all) {
      each.get();
    }
  }

  @Test
  void threadsEncryptAndDecryptWithTheSameKeys() throws Exception {
    Encryptor encryptor = AgeFiles.to(key);
    Decryptor decryptor = AgeFiles.by(key);
    atOnce(
        thread -> {
          for (int round = 0; round < 20; round++) {
            byte[] plain = AgeFiles.bytes(SEVERAL_CHUNKS + 100 * thread + round);
            byte[] encrypted = AgeFiles.encrypted(encryptor, plain);
            assertThat(Arrays.equals(AgeFiles.decrypted(decryptor, encrypted), plain)).isTrue();
          }
        });
  }

  @Test
  void threadsBackUpVerifyAndRestoreByTheSameObject() throws Exception {
    Backups backups =
        Backups.in(new InMemoryBackupTarget())
            .withScratch(Files.createDirectory(temp.resolve("scratch")))
            .withEncryption(AgeFiles.to(key))
            .withDecryption(AgeFiles.by(key));
    atOnce(
        thread -> {
          BackupName name = new BackupName("of-" + thread);
          Path home = installed(temp.resolve("home-" + thread));
          Path segment = segment(home.resolve("storage"));
          Files.write(segment, AgeFiles.bytes(SEVERAL_CHUNKS + thread));

          backups.create(
              Installation.at(home).withStorage(home.resolve("storage")),
              BackupRequest.named(name.value()).withQuiesce(Quiesce.NONE));
          assertThat(backups.verify(name).problems()).isEmpty();
          Path elsewhere = temp.resolve("elsewhere-" + thread);
          backups.restore(name, Installation.inFolder(elsewhere), RestoreRequest.STANDARD);

          assertThat(elsewhere.resolve("api/openmemory.db")).exists();
          assertThat(segment(elsewhere.resolve("qdrant-storage"))).hasSameBinaryContentAs(segment);
        });
    assertThat(backups.list()).hasSize(THREADS);
    assertThat(temp.resolve("scratch")).isEmptyDirectory();
  }

  private static Path segment(Path storage) {
    return storage.resolve("collections/openmemory/segment.dat");
  }
}
