package dev.openmemory.backup.cli.notify;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Why a notification is sent. */
enum Occasion {
  FAILURE,
  RECOVERY,
  WEEKLY,
  TEST;

  /** What is sent unless the settings say otherwise. */
  static final Set<Occasion> USUAL = Set.copyOf(EnumSet.of(FAILURE, RECOVERY));

  private static final List<Occasion> CHOICES = List.of(FAILURE, RECOVERY, WEEKLY);

  /** As in the settings and in messages for programs. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What {@code notify-on} can name. */
  static List<String> choices() {
    return CHOICES.stream().map(Occasion::text).toList();
  }

  static Optional<Occasion> ofChoice(String text) {
    return Arrays.stream(values())
        .filter(occasion -> CHOICES.contains(occasion) && occasion.text().equalsIgnoreCase(text))
        .findFirst();
  }
}
