package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.advice.UnknownBackupException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NearNamesTest {
  private static final List<String> PRESENT = List.of("monday", "tuesday", "wednesday", "tuesdays");

  @Test
  void slipsAreForgivenNearestFirst() {
    assertThat(UnknownBackupException.nearest("teusday", PRESENT)).containsExactly("tuesday");
    assertThat(UnknownBackupException.nearest("tuesdayy", PRESENT))
        .containsExactly("tuesday", "tuesdays");
  }

  @Test
  void aBeginningIsEnough() {
    assertThat(UnknownBackupException.nearest("wed", PRESENT)).containsExactly("wednesday");
  }

  @Test
  void strangersAreNotOffered() {
    assertThat(UnknownBackupException.nearest("holiday-photos", PRESENT)).isEmpty();
  }
}
