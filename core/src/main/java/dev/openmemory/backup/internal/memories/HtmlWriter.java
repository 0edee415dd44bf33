package dev.openmemory.backup.internal.memories;

import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.internal.text.Sha256;
import dev.openmemory.backup.memories.Memory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * One page that needs nothing else. It shows texts of any origin, so that it may run its own script
 * and no other, and load nothing.
 */
record HtmlWriter(BackupSummary backup, Writer out) implements MemoryWriter {
  private static final String STYLE = resource("memories.css");
  private static final String SCRIPT = resource("memories.js");

  @Override
  public void begin() throws IOException {
    String title = "Memories in backup " + escaped(backup.name().value());
    out.write("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.write(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
            + source(STYLE)
            + "; script-src "
            + source(SCRIPT)
            + "; base-uri 'none'; form-action 'none'\">\n");
    out.write("<meta name=\"viewport\" content=\"width=device-width\">\n");
    out.write("<meta name=\"referrer\" content=\"no-referrer\">\n<title>" + title + "</title>\n");
    out.write("<style>" + STYLE + "</style>\n</head>\n<body>\n<header>\n<h1>" + title + "</h1>\n");
    out.write("<p>Made " + time(backup.created()) + ". Times are UTC.</p>\n");
    out.write(
        "<p><input type=\"search\" id=\"search\" placeholder=\"Search\" aria-label=\"Search\" autofocus>"
            + " <output id=\"shown\" for=\"search\"></output></p>\n</header>\n<main>\n");
  }

  @Override
  public void take(Memory memory) throws IOException {
    out.write("<article class=\"" + (isLive(memory) ? "live" : "other") + "\">\n<p dir=\"auto\">");
    out.write(escaped(memory.text()) + "</p>\n<footer>");
    out.write(memory.created().map(HtmlWriter::time).orElse("without a time"));
    field("state", isLive(memory) ? Optional.empty() : Optional.of(memory.state()));
    field("user", memory.user());
    field("app", memory.app());
    for (String category : memory.categories()) {
      field("category", Optional.of(category));
    }
    out.write(" <code>" + escaped(memory.id()) + "</code></footer>\n</article>\n");
  }

  private static boolean isLive(Memory memory) {
    return memory.state().equals("active");
  }

  private void field(String name, Optional<String> value) throws IOException {
    if (value.isPresent()) {
      out.write(
          " <bdi class=\"" + name + "\" title=\"" + name + "\">" + escaped(value.get()) + "</bdi>");
    }
  }

  @Override
  public void end() throws IOException {
    out.write("</main>\n<script>" + SCRIPT + "</script>\n</body>\n</html>\n");
  }

  private static String time(Instant time) {
    String shown = MemoryWriter.text(time).replace(" UTC", "");
    return "<time datetime=\"" + time + "\">" + shown + "</time>";
  }

  /** Text as HTML has it; characters that HTML forbids are replaced. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isAllowed(c) ? c : 0xfffd);
              }
            });
    return escaped.toString();
  }

  private static boolean isAllowed(int c) {
    return c == '\n'
        || c == '\t'
        || (!Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE);
  }

  private static String source(String text) {
    byte[] digest = Sha256.start().digest(text.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }

  private static String resource(String name) {
    String place = "/dev/openmemory/backup/internal/memories/" + name;
    try (InputStream in = Objects.requireNonNull(HtmlWriter.class.getResourceAsStream(place))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
