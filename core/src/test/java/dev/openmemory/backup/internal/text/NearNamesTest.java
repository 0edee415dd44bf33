package dev.openmemory.backup.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearNamesTest {
  private static final List<String> PRESENT = List.of("monday", "tuesday", "wednesday", "tuesdays");

  @Test
  void slipsAreForgivenNearestFirst() {
    assertThat(NearNames.of("teusday", PRESENT)).containsExactly("tuesday");
    assertThat(NearNames.of("tuesdayy", PRESENT)).containsExactly("tuesday", "tuesdays");
  }

  @Test
  void aPartOfTheNameIsEnough() {
    assertThat(NearNames.of("wed", PRESENT)).containsExactly("wednesday");
    assertThat(NearNames.of("nes", PRESENT)).containsExactly("wednesday");
  }

  @Test
  void strangersAreNotOffered() {
    assertThat(NearNames.of("holiday-photos", PRESENT)).isEmpty();
  }
}
