package dev.openmemory.backup.internal.memories;

import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.memories.Memory;
import java.io.IOException;
import java.io.Writer;
import java.util.Optional;

/** CommonMark with each text as a quotation, in which nothing is taken for markup. */
record MarkdownWriter(BackupSummary backup, Writer out) implements MemoryWriter {
  private static final String MARKUP = "\\`*_[]<>&|~#$";

  @Override
  public void begin() throws IOException {
    out.write("# Memories\n\nFrom the backup " + inline(backup.name().value()) + " of ");
    out.write(MemoryWriter.text(backup.created()) + ".\n");
  }

  @Override
  public void take(Memory memory) throws IOException {
    out.write(
        "\n## "
            + memory.created().map(MemoryWriter::text).orElse("Without a time")
            + "\n\n- id: "
            + inline(memory.id())
            + "\n");
    field("user", memory.user());
    field("app", memory.app());
    field("state", Optional.of(memory.state()));
    field("updated", memory.updated().map(MemoryWriter::text));
    field("archived", memory.archived().map(MemoryWriter::text));
    field("deleted", memory.deleted().map(MemoryWriter::text));
    field(
        "categories",
        Optional.of(String.join(", ", memory.categories())).filter(text -> !text.isEmpty()));
    out.write('\n');
    quote(memory.text());
  }

  private void field(String name, Optional<String> value) throws IOException {
    if (value.isPresent()) {
      out.write("- " + name + ": " + inline(value.get()) + "\n");
    }
  }

  private void quote(String text) throws IOException {
    String[] lines = text.split("\r\n|[\r\n]", -1);
    for (int i = 0; i < lines.length; i++) {
      boolean breaks = i + 1 < lines.length && !lines[i].isBlank() && !lines[i + 1].isBlank();
      out.write("> " + line(lines[i]) + (breaks ? "\\" : "") + "\n");
    }
  }

  private static String inline(String text) {
    return line(text.replaceAll("[\r\n]+", " "));
  }

  /** Beginnings that make a list, a rule or a code block are escaped too. */
  private static String line(String text) {
    StringBuilder escaped = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              if (MARKUP.indexOf(c) >= 0) {
                escaped.append('\\');
              }
              escaped.append((char) c);
            });
    return escaped
        .toString()
        .replaceFirst("^[ \t]", "&#32;")
        .replaceFirst("^([-+=])", "\\\\$1")
        .replaceFirst("^(\\d+)([.)])", "$1\\\\$2");
  }

  @Override
  public void end() {}
}
