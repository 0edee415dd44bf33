package dev.openmemory.backup.internal.config;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.RunContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The bytes of the file, in memory. */
public record ConfigCapture(SmallContent bytes, Facts facts) implements Capture {

  /**
   * Warns of what is wrong with the document, and states what it says.
   *
   * @param location for messages
   * @param others facts that do not come from the document
   */
  public static ConfigCapture of(
      byte[] bytes, String location, Map<String, Object> others, RunContext context) {
    ConfigDocument document = ConfigDocument.parse(bytes);
    document.warn(location, context.warnings());
    Map<String, Object> facts = new LinkedHashMap<>(document.facts().values());
    facts.putAll(others);
    return new ConfigCapture(new SmallContent(bytes, context.cancellation()), new Facts(facts));
  }

  @Override
  public List<CapturedFile> files() {
    return List.of(new CapturedFile(ConfigDocument.FILE, "application/json", false, bytes));
  }

  @Override
  public boolean detached() {
    return true;
  }

  @Override
  public void close() {}
}
