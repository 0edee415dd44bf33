package dev.openmemory.backup.internal.backup;

import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.Encryption;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.Warning;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code backup-info.txt}: for a person with this folder and nothing else. */
public final class InfoText {
  public static final String FILE_NAME = "backup-info.txt";

  private InfoText() {}

  static String render(Manifest manifest) {
    StringBuilder text = new StringBuilder();
    line(text, "OpenMemory backup");
    line(text, "Name:     " + manifest.name());
    line(text, "Created:  " + manifest.captured().end() + " (UTC)");
    line(text, "By:       " + manifest.tool().name() + " " + manifest.tool().version());
    line(text, "Shows:    " + manifest.captured().start() + " to " + manifest.captured().end());
    line(text, "");
    line(text, "Files");
    for (StoredFile file : manifest.files()) {
      line(
          text,
          String.format(
              Locale.ROOT,
              "  %-24s %,15d bytes  sha256 %s",
              file.name(),
              file.stored().size(),
              file.stored().sha256()));
    }
    line(text, "");
    if (manifest.encryption().isPresent()) {
      encrypted(text, manifest, manifest.encryption().get());
    } else {
      line(text, "Contents");
      manifest.components().forEach(component -> facts(text, component));
      warnings(text, manifest.warnings());
      line(text, "");
    }
    byHand(text, manifest);
    return text.toString();
  }

  /** Tells nothing of the contents. */
  private static void encrypted(StringBuilder text, Manifest manifest, Encryption encryption) {
    line(text, "Encrypted in the " + encryption.scheme() + " format, to");
    encryption.recipients().forEach(recipient -> line(text, "  " + recipient));
    if (encryption.recipients().isEmpty()) {
      line(text, "  a passphrase");
    }
    line(text, "");
    line(text, "To decrypt by hand (leave out \"-i KEY\" if it is a passphrase):");
    for (StoredFile file : manifest.files()) {
      line(text, "  age -d -i KEY " + file.name() + " > " + readable(file, encryption));
    }
    String details = Encryption.DETAILS;
    line(text, "  age -d -i KEY " + details + "." + encryption.scheme() + " > " + details);
    line(text, details + " says what is in the files.");
    line(text, "");
  }

  private static String readable(StoredFile file, Encryption encryption) {
    String suffix = "." + encryption.scheme();
    return file.name().endsWith(suffix)
        ? file.name().substring(0, file.name().length() - suffix.length())
        : file.name();
  }

  private static void facts(StringBuilder text, Component component) {
    line(text, "  " + component.component());
    component.facts().values().forEach((name, value) -> fact(text, name, value));
  }

  private static void fact(StringBuilder text, String name, Object value) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, below) -> fact(text, name + "." + key, below));
    } else {
      line(text, "    " + name + ": " + value);
    }
  }

  private static void warnings(StringBuilder text, List<Warning> warnings) {
    if (!warnings.isEmpty()) {
      line(text, "");
      line(text, "Warnings");
      warnings.forEach(warning -> line(text, "  " + warning.message()));
    }
  }

  private static void byHand(StringBuilder text, Manifest manifest) {
    line(
        text, "To restore by hand, with OpenMemory stopped and from its folder (adapt the paths):");
    for (StoredFile file : manifest.files()) {
      switch (manifest.encryption().map(how -> readable(file, how)).orElse(file.name())) {
        case "openmemory.db" -> {
          line(
              text,
              "  rm -f api/openmemory.db-wal api/openmemory.db-shm api/openmemory.db-journal");
          line(text, "  cp openmemory.db api/openmemory.db");
        }
        case "config.json" -> line(text, "  cp config.json api/config.json");
        case "qdrant-storage.tar.gz" ->
            line(text, "  tar xzf qdrant-storage.tar.gz -C EMPTY-QDRANT-STORAGE-DIRECTORY");
        case "qdrant-storage.tar.zst" ->
            line(
                text,
                "  zstd -dc qdrant-storage.tar.zst | tar xf - -C EMPTY-QDRANT-STORAGE-DIRECTORY");
        case "qdrant-storage.tar" ->
            line(text, "  tar xf qdrant-storage.tar -C EMPTY-QDRANT-STORAGE-DIRECTORY");
        default -> {
          // Nothing of OpenMemory's own.
        }
      }
    }
    if (manifest.encryption().isEmpty()) {
      snapshots(text, manifest);
    }
  }

  /** The request that Qdrant has for it, which also says what the bytes must be. */
  private static void snapshots(StringBuilder text, Manifest manifest) {
    Optional<Object> snapshots =
        manifest
            .component(Component.VECTORS)
            .map(component -> component.facts().values().get("snapshots"));
    if (snapshots.isPresent() && snapshots.get() instanceof Map<?, ?> byCollection) {
      byCollection.forEach(
          (collection, files) -> snapshots(text, manifest, String.valueOf(collection), files));
    }
  }

  private static void snapshots(
      StringBuilder text, Manifest manifest, String collection, Object files) {
    for (StoredFile file : manifest.files()) {
      if (files instanceof List<?> names && names.contains(file.plainName())) {
        line(
            text,
            "  curl -X POST -F snapshot=@"
                + file.name()
                + " 'http://localhost:6333/collections/"
                + URLEncoder.encode(collection, StandardCharsets.UTF_8).replace("+", "%20")
                + "/snapshots/upload?priority=snapshot&checksum="
                + file.plain().sha256()
                + "'");
      }
    }
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
