package dev.openmemory.backup.cli.output;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a command about keys has made or found. Its text may be a private key, which was asked for.
 */
public final class KeyOutcome {
  private final List<String> recipients;
  private final Optional<String> file;
  private final Optional<String> content;
  private final boolean made;

  private KeyOutcome(
      List<String> recipients, Optional<String> file, Optional<String> content, boolean made) {
    this.recipients = List.copyOf(recipients);
    this.file = file;
    this.content = content;
    this.made = made;
  }

  /** A new key in a file. */
  public static KeyOutcome written(String recipient, String file) {
    return new KeyOutcome(List.of(recipient), Optional.of(file), Optional.empty(), true);
  }

  /** A new key that is the result itself. */
  public static KeyOutcome printed(String recipient, String content) {
    return new KeyOutcome(List.of(recipient), Optional.empty(), Optional.of(content), true);
  }

  /** The public keys of a file. */
  public static KeyOutcome shown(List<String> recipients, String file) {
    return new KeyOutcome(recipients, Optional.of(file), Optional.empty(), false);
  }

  /** For people, without the last line end. */
  public String text() {
    if (content.isPresent()) {
      return content.get().stripTrailing();
    }
    return String.join("\n", made ? explanation() : recipients);
  }

  /** What a new key is for. */
  public List<String> explanation() {
    List<String> lines = new ArrayList<>();
    lines.add("Public key:  " + recipients.get(0));
    file.ifPresent(name -> lines.add("Private key: " + Printable.of(name)));
    lines.add("");
    lines.add("The public key encrypts and opens nothing. It is no secret.");
    lines.add("The private key opens everything that is encrypted to the public key. Keep it away");
    lines.add("from the host that encrypts, and a copy in another place: nothing replaces it.");
    return lines;
  }

  /** For programs. */
  public Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("recipients", recipients);
    file.ifPresent(name -> document.put("file", name));
    content.ifPresent(text -> document.put("content", text));
    return document;
  }
}
