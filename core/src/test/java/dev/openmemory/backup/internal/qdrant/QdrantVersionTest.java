package dev.openmemory.backup.internal.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QdrantVersionTest {
  @Test
  void snapshotsAreForTheSameMinorVersionOfThisPatchOrANewerOne() {
    assertThat(takes("1.18.3", "1.18.3")).isTrue();
    assertThat(takes("1.18.10", "1.18.3")).isTrue();
    assertThat(takes("1.18.2", "1.18.3")).isFalse();
    assertThat(takes("1.19.3", "1.18.3")).isFalse();
    assertThat(takes("1.17.9", "1.18.3")).isFalse();
    assertThat(takes("2.18.3", "1.18.3")).isFalse();
  }

  @Test
  void filesAreForTheSameMinorVersionOrTheNext() {
    assertThat(reads("1.18.3", "1.18.3")).isTrue();
    assertThat(reads("1.18.0", "1.18.3")).isTrue();
    assertThat(reads("1.19.0", "1.18.3")).isTrue();
    assertThat(reads("1.20.0", "1.18.3")).isFalse();
    assertThat(reads("1.17.9", "1.18.3")).isFalse();
    assertThat(reads("2.18.3", "1.18.3")).isFalse();
  }

  @Test
  void whatIsNoVersionIsNone() {
    assertThat(version("v1.18.3")).isEqualTo(new QdrantVersion(1, 18, 3));
    assertThat(version("1.18.3-dev+abc")).isEqualTo(new QdrantVersion(1, 18, 3));
    for (String text :
        new String[] {"", "1.18", "latest", "1.x.3", "1.18.12345678901", "1.18.3\n"}) {
      assertThat(QdrantVersion.parse(text)).as(text).isEmpty();
    }
  }

  private static boolean takes(String running, String made) {
    return version(running).takesSnapshotsOf(version(made));
  }

  private static boolean reads(String running, String made) {
    return version(running).readsFilesOf(version(made));
  }

  private static QdrantVersion version(String text) {
    return QdrantVersion.parse(text).orElseThrow();
  }
}
