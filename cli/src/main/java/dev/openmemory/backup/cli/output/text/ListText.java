package dev.openmemory.backup.cli.output.text;

import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.cli.output.FactsText;
import dev.openmemory.backup.cli.output.ListFacts;
import dev.openmemory.backup.cli.output.Listing;
import dev.openmemory.backup.cli.output.Table;
import dev.openmemory.backup.cli.output.Units;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A {@link Listing} for people. */
final class ListText {
  private static final String UNKNOWN = "-";

  private final Clock clock;
  private final List<Column> columns;

  /** One column of the table; a new one is a new line in the constructor. */
  private record Column(String title, Function<BackupSummary, String> cell) {}

  ListText(Clock clock) {
    this.clock = clock;
    this.columns =
        List.of(
            new Column("NAME", b -> b.name().value()),
            new Column("STATE", ListText::state),
            new Column("CREATED", b -> Units.dateTime(b.created(), clock.getZone())),
            new Column("AGE", this::age),
            new Column("SIZE", b -> Units.size(b.storedBytes())),
            new Column("CAPTURE", ListText::capture),
            new Column("PROVEN", this::proven),
            new Column("PINNED", b -> b.pinned().isPresent() ? "yes" : UNKNOWN),
            new Column("COMPONENTS", ListText::components));
  }

  List<String> lines(Listing listing) {
    if (listing.present() == 0) {
      return List.of("No backups in " + TextRenderer.place(listing.target()));
    }
    if (listing.shown().isEmpty()) {
      return List.of(
          "None of the "
              + count(listing.present())
              + " in "
              + TextRenderer.place(listing.target())
              + " matches");
    }
    List<String> lines = new ArrayList<>();
    table(listing, lines);
    for (BackupSummary backup : listing.shown()) {
      String verdict = backup.state() == State.DAMAGED ? "damaged" : "not complete";
      backup
          .problem()
          .ifPresent(problem -> lines.add(backup.name() + " is " + verdict + ": " + problem));
      if (backup.suspicious()) {
        lines.add(backup.name() + " is suspicious: it is much smaller than the previous backup");
      }
    }
    if (listing.shown().stream().anyMatch(b -> b.state() == State.UNVERIFIED)) {
      lines.add("unverified: " + BackupText.UNVERIFIED);
    }
    lines.add(totals(listing));
    return lines;
  }

  private void table(Listing listing, List<String> lines) {
    Table table = new Table();
    table.row(columns.stream().map(Column::title).toArray(String[]::new));
    for (BackupSummary backup : listing.shown()) {
      table.row(columns.stream().map(c -> c.cell().apply(backup)).toArray(String[]::new));
    }
    List<String> rows = table.lines("");
    lines.add(rows.get(0));
    for (int i = 0; i < listing.shown().size(); i++) {
      lines.add(rows.get(i + 1));
      if (listing.inFull()) {
        details(listing.shown().get(i), lines);
      }
    }
  }

  private static void details(BackupSummary backup, List<String> lines) {
    backup.manifest().ifPresent(m -> facts(m, lines));
    lines.add("    files         " + String.join(", ", backup.files()));
  }

  private static void facts(Manifest manifest, List<String> lines) {
    lines.add("    installation  " + manifest.installationId());
    ListFacts.memories(manifest)
        .ifPresent(states -> lines.add("    memories      " + FactsText.memories(states)));
    ListFacts.points(manifest)
        .ifPresent(points -> lines.add("    points        " + pointsText(points)));
    if (!manifest.tags().isEmpty()) {
      lines.add("    tags          " + String.join(", ", new TreeSet<>(manifest.tags())));
    }
    lines.add("    made by       " + manifest.tool().name() + " " + manifest.tool().version());
    lines.add("    quiesce       " + manifest.quiesce());
  }

  private static String pointsText(Map<String, Long> points) {
    return points.entrySet().stream()
        .map(e -> e.getValue() + " in " + e.getKey())
        .collect(Collectors.joining(", "));
  }

  private static String totals(Listing listing) {
    int shown = listing.shown().size();
    String of = shown == listing.present() ? "" : " of " + listing.present();
    return (of.isEmpty() ? count(shown) : shown + of + " backups")
        + ", "
        + Units.size(listing.storedBytes())
        + ", in "
        + TextRenderer.place(listing.target());
  }

  private static String count(int backups) {
    return backups == 1 ? "1 backup" : backups + " backups";
  }

  private static String state(BackupSummary backup) {
    return backup.state().name().toLowerCase(Locale.ROOT);
  }

  private String age(BackupSummary backup) {
    return Units.age(Duration.between(backup.created(), clock.instant()));
  }

  private String proven(BackupSummary backup) {
    return backup.proof().map(proof -> Units.date(proof.time(), clock.getZone())).orElse(UNKNOWN);
  }

  private static String capture(BackupSummary backup) {
    return backup.manifest().map(ListFacts::captureTime).map(Units::elapsed).orElse(UNKNOWN);
  }

  private static String components(BackupSummary backup) {
    return backup
        .manifest()
        .map(m -> m.components().stream().map(Component::component).toList())
        .map(names -> String.join(", ", names))
        .orElseGet(() -> String.join(", ", backup.files()));
  }
}
