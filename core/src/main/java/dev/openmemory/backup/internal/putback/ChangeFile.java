package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file of changes: a line that says what it is, then one for each memory, as JSON. It is read one
 * page of changes at a time.
 */
record ChangeFile(Path file) {
  private static final String OPERATION = "read changes of memories";
  private static final String FORMAT = "openmemory-backup memory changes 1";

  /** Points with vectors of 1,536 numbers take some 40 KB each. */
  private static final int PAGE = 64;

  /** What the changes were made from and into. */
  record Head(String backup, String collection) {
    String line() {
      return Json.line(Map.of("format", FORMAT, "backup", backup, "collection", collection));
    }
  }

  interface Page {
    void take(List<Change> changes) throws IOException;
  }

  /**
   * Reads the first line.
   *
   * @throws BackupException of kind {@code INVALID} when it is another file
   */
  Head head() throws IOException {
    try (BufferedReader in = open()) {
      return head(in.readLine());
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, file, e);
    }
  }

  private Head head(@Nullable String line) throws BackupException {
    try {
      Map<String, @Nullable Object> json = read(line == null ? "" : line);
      if (FORMAT.equals(json.get("format"))) {
        return new Head(String.valueOf(json.get("backup")), String.valueOf(json.get("collection")));
      }
    } catch (BackupException e) {
      throw notOurs(e);
    }
    throw notOurs(null);
  }

  private BackupException notOurs(@Nullable Throwable cause) {
    return Kind.INVALID.failure(
        OPERATION, file.toString(), "is no undo file of 'memories restore'", cause);
  }

  void each(Page page) throws IOException {
    try (BufferedReader in = open()) {
      head(in.readLine());
      List<Change> changes = new ArrayList<>();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        changes.add(Change.of(read(line), file.toString()));
        if (changes.size() == PAGE) {
          page.take(changes);
          changes.clear();
        }
      }
      if (!changes.isEmpty()) {
        page.take(changes);
      }
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, file, e);
    }
  }

  private BufferedReader open() throws IOException {
    return Files.newBufferedReader(file, StandardCharsets.UTF_8);
  }

  private Map<String, @Nullable Object> read(String line) throws BackupException {
    return Json.readObject(line.getBytes(StandardCharsets.UTF_8), file.toString());
  }
}
