package dev.openmemory.backup.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnitsTest {
  @Test
  void sizesHaveBinaryUnitsAndOneDecimal() {
    assertThat(Units.size(0)).isEqualTo("0 B");
    assertThat(Units.size(1023)).isEqualTo("1023 B");
    assertThat(Units.size(1024)).isEqualTo("1.0 KiB");
    assertThat(Units.size(1_098_796)).isEqualTo("1.0 MiB");
    assertThat(Units.size((1L << 20) - 1)).isEqualTo("1.0 MiB");
    assertThat(Units.size(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
  }

  @Test
  void durationsAreAsShortAsTheyCanBe() {
    assertThat(Units.elapsed(Duration.ofMillis(1234))).isEqualTo("1.2 s");
    assertThat(Units.elapsed(Duration.ofSeconds(125))).isEqualTo("2:05");
    assertThat(Units.elapsed(Duration.ofSeconds(3725))).isEqualTo("1:02:05");
    assertThat(Units.age(Duration.ofSeconds(3))).isEqualTo("now");
    assertThat(Units.age(Duration.ofHours(50))).isEqualTo("2 d");
  }
}
