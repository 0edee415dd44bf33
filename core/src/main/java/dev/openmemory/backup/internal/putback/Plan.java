package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.memories.Memory;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Takes what is going to be done memory by memory: shows it, counts it, writes it to a file. */
final class Plan implements Closeable {
  private final Tables tables;
  private final MemoryRestoreDialog dialog;
  private final Path file;
  private final Writer out;
  private final Map<Action, Long> actions = new EnumMap<>(Action.class);

  private final Set<UUID> unmade = new HashSet<>();
  private long characters;

  /**
   * The points that need a new vector.
   *
   * @param characters of all their texts
   */
  record Unmade(Set<UUID> ids, long characters) {}

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
    show(action, id, view(id, before), view(id, after), VectorChange.NOTHING);
  }

  /** A vector without a memory, which stays. */
  void leave(WholePoint orphan) {
    show(
        Action.ORPHAN,
        orphan.id(),
        Optional.of(view(orphan)),
        Optional.of(view(orphan)),
        VectorChange.NOTHING);
  }

  /** A vector without a memory, which is removed. */
  void drop(Change change) throws IOException {
    write(change);
    Optional<Memory> before = change.pointBefore().map(Plan::view);
    show(Action.DROP, change.id(), before, Optional.empty(), VectorChange.REMOVE);
  }

  /** What the payload says of the memory. */
  private static Memory view(WholePoint point) {
    return new Memory(
        point.id().toString(),
        Optional.ofNullable(point.payload().get("user_id")).map(String::valueOf),
        Optional.empty(),
        "without memory",
        String.valueOf(point.payload().getOrDefault("data", "")),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  void change(Action action, Change change) throws IOException {
    write(change);
    show(
        action,
        change.id(),
        view(change.id(), change.rowsBefore()),
        view(change.id(), change.rowsAfter()),
        vector(change));
  }

  /** A change with a point after it that has no vector yet. */
  void makeVector(Action action, Change change) throws IOException {
    write(change);
    String text = NewPoint.text(change.pointAfter().orElseThrow());
    unmade.add(change.id());
    characters += text.codePointCount(0, text.length());
    show(
        action,
        change.id(),
        view(change.id(), change.rowsBefore()),
        view(change.id(), change.rowsAfter()),
        VectorChange.NEW);
  }

  Unmade unmade() {
    return new Unmade(unmade, characters);
  }

  private void write(Change change) throws IOException {
    try {
      out.write(Json.line(change.toJson()) + "\n");
    } catch (IOException e) {
      throw FileFailure.of("plan changes of memories", file, e);
    }
  }

  private Optional<Memory> view(UUID id, Optional<MemoryRows> rows) {
    return rows.map(of -> tables.view(id, of));
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
      Optional<Memory> before,
      Optional<Memory> after,
      VectorChange vector) {
    actions.merge(action, 1L, Long::sum);
    dialog.planned(new MemoryChange(id.toString(), action, before, after, vector));
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
