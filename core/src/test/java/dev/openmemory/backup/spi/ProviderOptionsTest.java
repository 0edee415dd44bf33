package dev.openmemory.backup.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProviderOptionsTest {
  @Test
  void sizesHaveUnitsOfPowersOf1024() throws BackupException {
    assertThat(options("0").size("x", 1)).isZero();
    assertThat(options("4711").size("x", 1)).isEqualTo(4711);
    assertThat(options("8KiB").size("x", 1)).isEqualTo(8192);
    assertThat(options("8MiB").size("x", 1)).isEqualTo(8_388_608);
    assertThat(options("3GiB").size("x", 1)).isEqualTo(3_221_225_472L);
  }

  @Test
  void whatIsNoSizeIsNamed() {
    for (String text : List.of("", "8MB", "8 MiB", "-1", "1.5GiB", "MiB", "9999999999")) {
      assertThatThrownBy(() -> options(text).size("x", 1))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("'x' is not a size such as 8MiB: " + text);
    }
  }

  @Test
  void whatIsNoNumberIsNamed() {
    for (String text : List.of("", "-1", "1.5", "four", "9999999999")) {
      assertThatThrownBy(() -> options(text).number("x", 1))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("'x' is not a whole number: " + text);
    }
  }

  @Test
  void whatIsNotSetIsAsOtherwise() throws BackupException {
    assertThat(options("7").number("x", 1)).isEqualTo(7);
    assertThat(options("7").number("y", 1)).isEqualTo(1);
    assertThat(options("7").size("y", 2)).isEqualTo(2);
  }

  private static ProviderOptions options(String text) {
    return new ProviderOptions("tests", Map.of("x", text));
  }
}
