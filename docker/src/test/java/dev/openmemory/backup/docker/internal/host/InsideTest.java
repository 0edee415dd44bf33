package dev.openmemory.backup.docker.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.Mount;
import dev.openmemory.backup.docker.internal.engine.Mount.Kind;
import dev.openmemory.backup.docker.internal.host.HostPaths.Mounted;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A process in a container, by tables of mounts that were recorded in containers. */
class InsideTest {
  private static final String ID =
      "c86c0325c9c1f38b3b2d1d5178962c65e7af0247e16c534c719149802f898bda";
  private static final Mount HOME = bind("/srv/open memory", "/openmemory");
  private static final Mount SOCKET = bind("/var/run/docker.sock", "/var/run/docker.sock");
  private static final Mount VECTORS =
      new Mount(
          Kind.VOLUME, "om_vectors", "/var/lib/docker/volumes/om_vectors/_data", "/vectors", true);

  private static final List<String> DOCKER =
      List.of(
          "75 51 0:40 / / rw,relatime master:2 - overlay overlay rw,lowerdir=/x:/y,upperdir=/z",
          "81 80 0:29 /docker/" + ID + " /sys/fs/cgroup/cpu ro,relatime - cgroup cgroup rw,cpu",
          "92 75 254:0 /var/lib/docker/volumes/om_vectors/_data /vectors rw master:1 - ext4 /dev/vda rw",
          "93 75 254:0 /srv/open\\040memory /openmemory rw,relatime - ext4 /dev/vda rw",
          "94 75 254:0 /var/lib/docker/containers/"
              + ID
              + "/resolv.conf /etc/resolv.conf rw - ext4 /dev/vda rw",
          "96 75 254:0 /var/lib/docker/containers/"
              + ID
              + "/hosts /etc/hosts rw - ext4 /dev/vda rw",
          "97 75 254:0 /run/docker.sock /run/docker.sock rw,relatime - ext4 /dev/vda rw");

  private static final List<String> PODMAN =
      List.of(
          "612 598 0:60 /containers/storage/overlay-containers/"
              + ID
              + "/userdata/resolv.conf /etc/resolv.conf rw - tmpfs tmpfs rw",
          "613 598 254:0 /srv/open\\040memory /openmemory rw,relatime - ext4 /dev/vda rw");

  private static Mount bind(String source, String destination) {
    return new Mount(Kind.BIND, "", source, destination, true);
  }

  private static Container container(String id, Map<String, String> addresses, Mount... mounts) {
    return new Container(
        id,
        "backup",
        "openmemory-backup",
        "sha256:1",
        "running",
        Map.of(),
        Map.of(),
        "/",
        List.of(mounts),
        Map.of(6333, new Container.Published("0.0.0.0", 6333)),
        addresses,
        false);
  }

  private static Optional<Container> found(List<String> table, Container... containers)
      throws IOException {
    return new OwnContainer(table, path -> path.replaceFirst("^/var/run/", "/run/"))
        .among(id -> List.of(containers).stream().filter(c -> c.id().equals(id)).findFirst());
  }

  @Test
  void theOwnContainerIsFoundByTheFilesThatTheEngineMountsIntoIt() throws IOException {
    Container own = container(ID, Map.of(), HOME, SOCKET, VECTORS);
    assertThat(found(DOCKER, own)).contains(own);
    Container ofPodman = container(ID, Map.of(), HOME);
    assertThat(found(PODMAN, ofPodman)).contains(ofPodman);
  }

  @Test
  void aContainerOfAnotherEngineAndOneThatLendsItsNetworkAreNotTheOwn() throws IOException {
    assertThat(found(DOCKER)).isEmpty();
    assertThat(found(DOCKER, container(ID, Map.of(), bind("/srv/q", "/qdrant/storage")))).isEmpty();
    assertThat(found(DOCKER, container(ID, Map.of()))).isEmpty();
    assertThat(found(List.of("28 1 254:0 / / rw - ext4 /dev/vda rw"))).isEmpty();
  }

  @Test
  void aPathOfTheHostIsFoundThroughTheMountThatShowsIt() {
    HostPaths paths = new Mounted(container(ID, Map.of(), HOME, SOCKET, VECTORS));

    assertThat(paths.here("/srv/open memory")).contains(Path.of("/openmemory"));
    assertThat(paths.here("/srv/open memory/api/openmemory.db"))
        .contains(Path.of("/openmemory/api/openmemory.db"));
    assertThat(paths.here("/var/lib/docker/volumes/om_vectors/_data/aliases"))
        .contains(Path.of("/vectors/aliases"));
    assertThat(paths.here("/srv/open memory 2/api")).isEmpty();
    assertThat(paths.here("/srv")).isEmpty();
    assertThat(paths.onHost(Path.of("/openmemory/api"))).contains("/srv/open memory/api");
    assertThat(paths.onHost(Path.of("/tmp"))).isEmpty();
  }

  @Test
  void whatAnotherMountCoversIsNotTakenForIt() {
    Mount readOnly = new Mount(Kind.BIND, "", "/srv/open memory", "/seen", false);
    HostPaths covered =
        new Mounted(container(ID, Map.of(), HOME, bind("/elsewhere", "/openmemory/api")));
    assertThat(covered.here("/srv/open memory/api/openmemory.db")).isEmpty();
    assertThat(covered.here("/srv/open memory/other")).contains(Path.of("/openmemory/other"));

    HostPaths twice = new Mounted(container(ID, Map.of(), readOnly, HOME));
    assertThat(twice.here("/srv/open memory/api")).contains(Path.of("/openmemory/api"));
    HostPaths all = new Mounted(container(ID, Map.of(), bind("/", "/host")));
    assertThat(all.here("/srv/api")).contains(Path.of("/host/srv/api"));
    assertThat(all.onHost(Path.of("/host/srv/api"))).contains("/srv/api");
  }

  @Test
  void qdrantIsAskedInANetworkThatIsSharedOrThroughItsPortOfTheHost() {
    Container qdrant = container("q", Map.of("front", "172.18.0.2", "back", "172.19.0.2"));
    assertThat(StoreUrls.of(qdrant, "localhost", inside(Map.of("back", "172.19.0.9"))))
        .containsExactly(URI.create("http://172.19.0.2:6333"));
    assertThat(StoreUrls.of(qdrant, "localhost", inside(Map.of("bridge", "172.17.0.9")))).isEmpty();
    assertThat(StoreUrls.of(qdrant, "localhost", inside(Map.of("host", ""))))
        .contains(URI.create("http://localhost:6333"));
    assertThat(StoreUrls.of(qdrant, "localhost", new HostPaths.Apart(false)))
        .containsExactly(URI.create("http://localhost:6333"));
  }

  private static HostPaths inside(Map<String, String> addresses) {
    return new Mounted(container(ID, addresses, HOME));
  }
}
