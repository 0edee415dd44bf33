package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.docker.Discovery.Finding;
import dev.openmemory.backup.docker.internal.engine.Container;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The containers of one installation.
 *
 * @param project of Compose; what it would be called when no container says so
 * @param all of them, whatever they do
 * @param apis the most certain and running ones first
 * @param store Qdrant's, unless it is elsewhere
 * @param storeIsNamed whether a person said which it is
 * @param storeElsewhere whether the API is set to a Qdrant that is none of these
 * @param why they are the ones
 */
record InstallationContainers(
    String project,
    List<Container> all,
    List<Container> apis,
    Optional<Container> store,
    boolean storeIsNamed,
    boolean storeElsewhere,
    Optional<Finding> why) {
  private static final Comparator<Container> BEST_FIRST =
      Comparator.<Container>comparingInt(c -> Role.certain(c).isPresent() ? 0 : 1)
          .thenComparingInt(c -> c.runs() || c.isPaused() ? 0 : 1)
          .thenComparing(Container::name);

  /** Copies the lists. */
  InstallationContainers {
    all = List.copyOf(all);
    apis = List.copyOf(apis);
  }

  /** All containers were removed. */
  static InstallationContainers none(String project) {
    return new InstallationContainers(
        project, List.of(), List.of(), Optional.empty(), false, false, Optional.empty());
  }

  /**
   * Gives the containers their parts.
   *
   * @param named Qdrant's container, when a person said which
   */
  static InstallationContainers of(
      String project, List<Container> all, Optional<Container> named, Optional<Finding> why) {
    List<Container> apis =
        inRole(all, Role.API).stream().filter(c -> named.filter(c::equals).isEmpty()).toList();
    Optional<Container> store = named.or(() -> inRole(all, Role.STORE).stream().findFirst());
    return new InstallationContainers(project, all, apis, store, named.isPresent(), false, why);
  }

  /** The same with the Qdrant at the address that the API is set to, unless a person said which. */
  InstallationContainers withStoreAt(StoreAddress address) {
    if (storeIsNamed) {
      return this;
    }
    List<Container> stores = inRole(all, Role.STORE);
    Optional<Container> meant = stores.stream().filter(address::isOf).findFirst();
    boolean elsewhere = meant.isEmpty() && (stores.isEmpty() || !address.mayBeAlias());
    return new InstallationContainers(
        project,
        all,
        apis,
        elsewhere ? Optional.empty() : meant.or(() -> stores.stream().findFirst()),
        false,
        elsewhere,
        why);
  }

  private static List<Container> inRole(List<Container> all, Role role) {
    return all.stream().filter(c -> Role.of(c) == role).sorted(BEST_FIRST).toList();
  }
}
