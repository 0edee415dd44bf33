package dev.openmemory.backup.docker.internal.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.docker.DockerOptions;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConcernTest {
  private static final Path HOME = Path.of("/srv/om");

  @Test
  void whatMayBePartOfAnOpenMemoryMatters() {
    assertThat(concern(DockerOptions.NONE, FakeContainer.store("p", "/elsewhere"))).isTrue();
    assertThat(concern(DockerOptions.NONE, FakeContainer.named("q", "qdrant/qdrant"))).isTrue();
    assertThat(concern(DockerOptions.NONE, own("p", "/srv/om"))).isTrue();
    assertThat(concern(DockerOptions.NONE.withProject("p"), own("p", "/elsewhere"))).isTrue();
    FakeContainer named = FakeContainer.named("vectors", "own");
    assertThat(concern(DockerOptions.NONE.withContainer("vectors"), named)).isTrue();
    assertThat(concern(DockerOptions.NONE.withContainer("12345678"), named)).isTrue();
  }

  @Test
  void aStrangerDoesNotMatter() {
    assertThat(concern(DockerOptions.NONE, own("p", "/elsewhere"))).isFalse();
    assertThat(concern(DockerOptions.NONE.withContainer("x"), own("p", "/elsewhere"))).isFalse();
    assertThat(concern(DockerOptions.NONE, FakeContainer.named("web", "nginx"))).isFalse();
  }

  private static FakeContainer own(String project, String folder) {
    return FakeContainer.named("web", "own").service(project, "web", folder);
  }

  private static boolean concern(DockerOptions options, FakeContainer container) {
    return new Concern(Optional.of(HOME.toString()), options).test(container.made());
  }
}
