package dev.openmemory.backup.internal.memories;

import dev.openmemory.backup.memories.Memory;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A table as RFC 4180 has it. */
record CsvWriter(Writer out) implements MemoryWriter {
  private static final String END = "\r\n";

  /** Spreadsheets run a cell that begins so as a formula, which may read files or call programs. */
  private static final String FORMULAS = "=+-@\t\r";

  @Override
  public void begin() throws IOException {
    out.write("id,user,app,state,created,updated,archived,deleted,categories,text,metadata" + END);
  }

  @Override
  public void take(Memory memory) throws IOException {
    List<String> cells =
        List.of(
            memory.id(),
            memory.user().orElse(""),
            memory.app().orElse(""),
            memory.state(),
            time(memory.created()),
            time(memory.updated()),
            time(memory.archived()),
            time(memory.deleted()),
            String.join(", ", memory.categories()),
            memory.text(),
            memory.metadata().orElse(""));
    out.write(cells.stream().map(CsvWriter::cell).collect(Collectors.joining(",", "", END)));
  }

  private static String time(Optional<Instant> time) {
    return time.map(Instant::toString).orElse("");
  }

  private static String cell(String text) {
    boolean formula = !text.isEmpty() && FORMULAS.indexOf(text.charAt(0)) >= 0;
    String safe = formula ? "'" + text : text;
    return safe.chars().anyMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r')
        ? '"' + safe.replace("\"", "\"\"") + '"'
        : safe;
  }

  @Override
  public void end() {}
}
