package dev.openmemory.backup.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes in a folder that is laid out as {@code /proc} is. */
class OpenFilesTest {
  @TempDir private Path folder;
  private Path proc;
  private Path database;
  private List<Path> files;

  @BeforeEach
  void layOut() throws IOException {
    proc = Files.createDirectories(folder.resolve("proc"));
    database = Files.createFile(folder.resolve("openmemory.db"));
    files = List.of(database, folder.resolve("openmemory.db-wal"));
    Files.createDirectories(proc.resolve("self/ns"));
    Files.createSymbolicLink(proc.resolve("self/ns/pid"), Path.of("pid:[1]"));
  }

  private void process(String pid, String name, String namespace, Path... open) throws IOException {
    Path process = proc.resolve(pid);
    Files.createDirectories(process.resolve("fd"));
    Files.createDirectories(process.resolve("ns"));
    Files.createSymbolicLink(process.resolve("ns/pid"), Path.of(namespace));
    Files.writeString(process.resolve("comm"), name + "\n");
    Files.writeString(process.resolve("cgroup"), "0::/docker-c0ffee.scope\n");
    int number = 0;
    for (Path file : open) {
      Files.createSymbolicLink(process.resolve("fd/" + number++), file);
    }
  }

  private OpenFiles open() {
    return new OpenFiles(proc);
  }

  @Test
  void aProcessIsFoundByDeviceAndInodeWhateverThePathAndNamed() throws IOException {
    Path elsewhere = folder.resolve("in-a-container.db");
    Files.createLink(elsewhere, database);
    process("17", "uvicorn", "pid:[2]", Path.of("socket:[99]"), elsewhere);
    process("18", "bystander", "pid:[1]", Files.createFile(folder.resolve("other.db")));
    process("19", "gone", "pid:[1]", folder.resolve("does-not-exist"));

    assertThat(open().holders(files))
        .containsExactly(new OpenFiles.Holder(17, "uvicorn", "0::/docker-c0ffee.scope\n", true));
    assertThatThrownBy(() -> open().requireClosed(files, holder -> true))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LOCKED))
        .hasMessageContaining(database.toString())
        .hasMessageContaining("process 17 (uvicorn) has it open");
    open().requireClosed(files, holder -> !holder.foreign());
  }

  @Test
  void aLogBesideTheDatabaseCountsToo() throws IOException {
    process("20", "sqlite3", "pid:[1]", Files.createFile(files.get(1)));

    assertThat(open().holders(files)).extracting(OpenFiles.Holder::pid).containsExactly(20L);
  }

  @Test
  void thisProcessDoesNotCountAndWithoutProcNoneIsFound() throws IOException {
    process(Long.toString(ProcessHandle.current().pid()), "java", "pid:[1]", database);

    assertThat(open().holders(files)).isEmpty();
    assertThat(new OpenFiles(folder.resolve("none")).holders(files)).isEmpty();
    assertThat(open().holders(List.of(folder.resolve("none.db")))).isEmpty();
  }
}
