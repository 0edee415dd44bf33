package dev.openmemory.backup.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationIdTest {
  @TempDir Path temp;
  private Path home;
  private String id;

  @BeforeEach
  void backUpOnce() throws IOException {
    home = Files.createDirectory(temp.resolve("production"));
    id = InstallationId.of(home, "machine").value();
  }

  private Path copy() throws IOException {
    Path copy = temp.resolve("staging");
    try (Stream<Path> all = Files.walk(home)) {
      for (Path path : all.toList()) {
        Files.copy(path, copy.resolve(home.relativize(path)));
      }
    }
    return copy;
  }

  private void keeps(Path at, String machine) {
    InstallationId again = InstallationId.of(at, machine);
    assertThat(again.value()).isEqualTo(id);
    assertThat(again.copied()).isEmpty();
  }

  @Test
  void itStaysAsLongAsThePlaceDoes() {
    keeps(home, "machine");
    keeps(home, "");
    keeps(home, "machine");
  }

  @Test
  void aCopyGetsOneOfItsOwnAndSaysSoOnce() throws IOException {
    Path copy = copy();

    InstallationId own = InstallationId.of(copy, "machine");

    assertThat(own.value()).isNotEqualTo(id);
    assertThat(own.copied().orElseThrow().code()).isEqualTo("installation-copied");
    assertThat(own.copied().orElseThrow().message())
        .contains(home.toRealPath().toString(), copy.toRealPath().toString(), id);
    assertThat(InstallationId.of(copy, "machine"))
        .isEqualTo(new InstallationId(own.value(), Optional.empty()));
    keeps(home, "machine");
  }

  @Test
  void aCopyOnAnotherHostGetsOneOfItsOwnUnderTheSamePath() {
    InstallationId own = InstallationId.of(home, "another machine");

    assertThat(own.value()).isNotEqualTo(id);
    assertThat(own.copied().orElseThrow().message()).contains("on another host");
  }

  @Test
  void aHomeThatMovesOrIsSeenByAnotherPathKeepsIt() throws IOException {
    keeps(Files.createSymbolicLink(temp.resolve("link"), home), "machine");
    keeps(Files.move(home, temp.resolve("moved")), "machine");
  }

  @Test
  void aHomeOfAnOlderVersionKeepsIt() throws IOException {
    Files.delete(home.resolve(".openmemory-backup/installation-place"));

    keeps(home, "machine");
    assertThat(InstallationId.of(copy(), "machine").value()).isNotEqualTo(id);
  }

  @Test
  void aNotedPlaceThatIsNoPathHereCostsNoId() throws IOException {
    Path place = home.resolve(".openmemory-backup/installation-place");
    for (byte[] noPath : List.of("machine\n/a\0b\n".getBytes(UTF_8), new byte[] {(byte) 0xff})) {
      Files.write(place, noPath);

      keeps(home, "machine");
      assertThat(place).content().contains(home.toRealPath().toString());
    }
  }
}
