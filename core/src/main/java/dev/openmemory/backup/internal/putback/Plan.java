package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.memories.MemoryChange;
import dev.openmemory.backup.memories.MemoryChange.Action;
import dev.openmemory.backup.memories.MemoryChange.VectorChange;
import dev.openmemory.backup.memories.MemoryRestoreDialog;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Takes what is going to be done memory by memory: shows it, counts it, writes it to a file. */
final class Plan implements Closeable {
  private final Tables tables;
  private final MemoryRestoreDialog dialog;
  private final Path file;
  private final Writer out;
  private final Map<Action, Long> actions = new EnumMap<>(Action.class);

  private Plan(Tables tables, MemoryRestoreDialog dialog, Path file, Writer out) {
    this.tables = tables;
    this.dialog = dialog;
    this.file = file;
    this.out = out;
  }

  /**
   * Begins one.
   *
   * @param tables by which memories are shown
   * @param scratch a private folder for the file
   */
  static Plan begin(Tables tables, MemoryRestoreDialog dialog, Path scratch, ChangeFile.Head head)
      throws IOException {
    Path file = scratch.resolve("changes.jsonl");
    try {
      Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
      Plan plan = new Plan(tables, dialog, file, out);
      out.write(head.line() + "\n");
      return plan;
    } catch (IOException e) {
      throw FileFailure.of("plan changes of memories", file, e);
    }
  }

  /** One that stays as it is. */
  void leave(Action action, UUID id, Optional<MemoryRows> before, Optional<MemoryRows> after) {
    show(action, id, before, after, VectorChange.NOTHING);
  }

  void change(Action action, Change change) throws IOException {
    try {
      out.write(Json.line(change.toJson()) + "\n");
    } catch (IOException e) {
      throw FileFailure.of("plan changes of memories", file, e);
    }
    show(action, change.id(), change.rowsBefore(), change.rowsAfter(), vector(change));
  }

  private static VectorChange vector(Change change) {
    if (!change.changesPoint()) {
      return VectorChange.NOTHING;
    }
    if (change.pointAfter().isEmpty()) {
      return VectorChange.REMOVE;
    }
    return change.pointBefore().isEmpty() ? VectorChange.ADD : VectorChange.REPLACE;
  }

  private void show(
      Action action,
      UUID id,
      Optional<MemoryRows> before,
      Optional<MemoryRows> after,
      VectorChange vector) {
    actions.merge(action, 1L, Long::sum);
    dialog.planned(
        new MemoryChange(
            id.toString(),
            action,
            before.map(rows -> tables.view(id, rows)),
            after.map(rows -> tables.view(id, rows)),
            vector));
  }

  Map<Action, Long> actions() {
    return actions;
  }

  /** The file with all changes. */
  ChangeFile end() throws IOException {
    close();
    return new ChangeFile(file);
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException e) {
      throw FileFailure.of("plan changes of memories", file, e);
    }
  }
}
