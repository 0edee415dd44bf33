package dev.openmemory.backup.cli.output.text;

import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.Encryption;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.cli.output.CrossCheckText;
import dev.openmemory.backup.cli.output.Units;
import dev.openmemory.backup.drill.Proof;
import dev.openmemory.backup.verify.CrossCheck;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One backup for people. */
record BackupText(Clock clock) {
  static final String UNVERIFIED =
      "made without a manifest, by a script or by hand: only the structure can be checked";

  String text(BackupSummary backup) {
    Lines lines = new Lines();
    lines.add("Backup " + backup.name());
    lines.add("  state     " + state(backup));
    backup.problem().ifPresent(problem -> lines.add("  problem   " + problem));
    if (backup.state() == State.UNVERIFIED) {
      lines.add("            " + UNVERIFIED);
    }
    lines.add("  created   " + time(backup.created()) + " (" + age(backup) + ")");
    lines.add("  size      " + size(backup.storedBytes()));
    backup.proof().ifPresent(proof -> lines.add("  proven    " + proof(proof)));
    backup.pinned().ifPresent(since -> lines.add("  pinned    since " + time(since)));
    if (backup.suspicious()) {
      lines.add("  suspicious: it is much smaller than the previous backup");
    }
    backup
        .manifest()
        .ifPresentOrElse(
            manifest -> manifest(lines, manifest),
            () -> lines.add("  files     " + String.join(", ", backup.files())));
    return lines.text();
  }

  private String proof(Proof proof) {
    return time(proof.time()) + " by " + proof.seen().by();
  }

  private void manifest(Lines lines, Manifest manifest) {
    lines.add(
        "  captured  "
            + time(manifest.captured().start())
            + " to "
            + time(manifest.captured().end())
            + " ("
            + clock.getZone()
            + "), quiesce: "
            + manifest.quiesce());
    lines.add("  made by   " + manifest.tool().name() + " " + manifest.tool().version());
    lines.add("  format    " + manifest.formatVersion());
    lines.add("  of        installation " + manifest.installationId());
    if (!manifest.tags().isEmpty()) {
      lines.add("  tags      " + String.join(", ", new TreeSet<>(manifest.tags())));
    }
    manifest.encryption().ifPresent(how -> encryption(lines, manifest, how));
    lines.add("  files");
    for (StoredFile file : manifest.files()) {
      lines.add("    " + file.name());
      lines.add("      stored  " + size(file.stored().size()));
      lines.add("      sha256  " + file.stored().sha256());
      if (!file.codecs().isEmpty() && file.plain().isKnown()) {
        lines.add("      plain   " + size(file.plain().size()));
        lines.add("      sha256  " + file.plain().sha256());
      }
    }
    for (Component component : manifest.components()) {
      lines.add("  " + component.component() + " (" + component.type() + ")");
      component.facts().values().forEach((name, value) -> fact(lines, name, value));
      CrossCheck.in(component.facts())
          .ifPresent(result -> lines.block("    compared: ", CrossCheckText.lines(result)));
    }
    lines.warnings(manifest.warnings());
  }

  private static void encryption(Lines lines, Manifest manifest, Encryption how) {
    List<String> to = how.recipients().isEmpty() ? List.of("a passphrase") : how.recipients();
    to.forEach(recipient -> lines.add("  encrypted to " + recipient));
    if (manifest.isSealed()) {
      lines.add(
          how.recipients().isEmpty()
              ? "            only the passphrase shows the contents: add --with-passphrase"
              : "            only the private key shows the contents: add --identity FILE");
    }
  }

  private static void fact(Lines lines, String name, Object value) {
    if (name.equals(CrossCheck.FACT)) {
      return;
    }
    String text =
        value instanceof Map<?, ?> map
            ? map.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", "))
            : value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(", "))
                : String.valueOf(value);
    lines.add("    " + name + ": " + text);
  }

  private static String state(BackupSummary backup) {
    return backup.state().name().toLowerCase(Locale.ROOT);
  }

  private String age(BackupSummary backup) {
    return Units.age(Duration.between(backup.created(), clock.instant()));
  }

  private String time(Instant instant) {
    return Units.dateTime(instant, clock.getZone());
  }

  private static String size(long bytes) {
    return bytes < 1024
        ? Units.size(bytes)
        : String.format(Locale.ROOT, "%s (%,d bytes)", Units.size(bytes), bytes);
  }
}
