package dev.openmemory.backup.internal.memories;

import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.memories.Memory;
import dev.openmemory.backup.memories.MemoryFormat;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** Writes memories in one format; the same memories give the same text. */
interface MemoryWriter extends MemorySink {
  void begin() throws IOException;

  @Override
  void take(Memory memory) throws IOException;

  void end() throws IOException;

  static MemoryWriter of(MemoryFormat format, BackupSummary backup, Writer out) {
    return switch (format) {
      case MARKDOWN -> new MarkdownWriter(backup, out);
      case CSV -> new CsvWriter(out);
      case JSONL -> new JsonLinesWriter(out, Optional.empty());
      case HTML -> new HtmlWriter(backup, out);
    };
  }

  /** A time as people read it. */
  static String text(Instant time) {
    return DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT)
            .format(time.atOffset(ZoneOffset.UTC))
        + " UTC";
  }
}
