package dev.openmemory.backup.it.docker;

import static dev.openmemory.backup.it.docker.StackPlan.API;
import static dev.openmemory.backup.it.docker.StackPlan.STORE;
import static dev.openmemory.backup.it.docker.StackPlan.UI;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A live installation in containers: a store, an API that writes a point and a row some fifteen
 * times a second, and a web interface that must not be touched. See {@link
 * StackContents#isOneInstant()} for what its data proves.
 */
final class DockerStack implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofMinutes(1);

  /** Stacks that wait for their next test, by layout and maker. */
  private static final Map<String, Queue<DockerStack>> RESTING = new ConcurrentHashMap<>();

  private final StackPlan plan;
  private final Map<String, String> containers = new TreeMap<>();
  private Runnable afterATest;

  private DockerStack(StackPlan plan) {
    this.plan = plan;
    this.afterATest = () -> Docker.sweep(plan.stackLabel());
  }

  /** Made by hand, with the labels that Compose sets. */
  static DockerStack labelled(Layout layout) {
    return shared(layout, new HandMade(true));
  }

  /** As {@link #labelled}, for a test after which it is of no use to others. */
  static DockerStack doomed(Layout layout, Path home) {
    return start(layout, home, new HandMade(true));
  }

  /** Made by hand, with nothing that says what belongs together but a network and names. */
  static DockerStack plain(Layout layout, Path home) {
    return start(layout, home, new HandMade(false));
  }

  /** Made by the real docker-compose from a file in the home. */
  static DockerStack composed(Layout layout) {
    return shared(layout, new Composed());
  }

  /** Containers of the maker that served another test, where such rest, with new data and home. */
  static DockerStack shared(Layout layout, StackMaker maker) {
    Queue<DockerStack> resting =
        RESTING.computeIfAbsent(layout + " " + maker, key -> new ConcurrentLinkedQueue<>());
    DockerStack stack = resting.poll();
    if (stack == null) {
      stack = start(layout, StackHomes.make(), maker);
      stack.afterATest = stack.restIn(resting);
    } else {
      stack.beginAgain();
    }
    return stack;
  }

  /** Without a writer, which would take time from the others. */
  private Runnable restIn(Queue<DockerStack> resting) {
    return () -> {
      pauseRunning();
      resting.add(this);
    };
  }

  private void beginAgain() {
    StackHomes.clear(plan.home(), plan.composeFile());
    startContainers();
    destroyDatabase();
    Docker.run("exec", storeContainer(), "/opt/stack/forget-points.sh");
    Docker.run("exec", apiContainer(), "/opt/stack/begin-again.sh");
    awaitWriting(1);
  }

  private static DockerStack start(Layout layout, Path home, StackMaker maker) {
    String project = "omb" + UUID.randomUUID().toString().substring(0, 8);
    DockerStack stack = new DockerStack(new StackPlan(project, layout, home.toAbsolutePath()));
    try {
      stack.prepareHome();
      maker.make(stack.plan);
      stack.findContainers();
      stack.startAll();
      return stack;
    } catch (RuntimeException | Error e) {
      stack.close();
      throw e;
    }
  }

  private void prepareHome() {
    try {
      Files.createDirectories(plan.home());
      if (plan.layout().bindsApi()) {
        Path api = Files.createDirectories(plan.home().resolve("api"));
        try (InputStream config =
            Objects.requireNonNull(
                DockerStack.class.getResourceAsStream("/installation/api/config.json"))) {
          Files.copy(config, api.resolve("config.json"));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path home() {
    return plan.home();
  }

  String project() {
    return plan.project();
  }

  String storeContainer() {
    return container(STORE);
  }

  String apiContainer() {
    return container(API);
  }

  String uiContainer() {
    return container(UI);
  }

  /** The volume that is mounted in the store, whether data is in it or not. */
  String storeVolume() {
    return project() + "_" + plan.layout().volumes().get(0);
  }

  /** As its neighbours reach the store, and the host. */
  URI storeAtItsAddress() {
    return URI.create(
        "http://"
            + Docker.inspect(
                storeContainer(), "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}")
            + ":6333");
  }

  /** By the port on the loopback interface; another one after each start. */
  URI storeAtItsPort() {
    return URI.create("http://" + Docker.run("port", storeContainer(), "6333/tcp"));
  }

  /** What is stored at this instant. What runs is paused meanwhile, and nothing else changes. */
  StackContents contents() throws IOException, SQLException {
    List<String> paused = pauseRunning();
    try (StackReader reader = new StackReader()) {
      return new StackContents(
          reader.rows(apiContainer(), plan.layout().databaseFolder()),
          reader.points(storeContainer()));
    } finally {
      if (!paused.isEmpty()) {
        Docker.run(Docker.command("unpause", paused));
      }
    }
  }

  private List<String> pauseRunning() {
    List<String> both = List.of(apiContainer(), storeContainer());
    List<ContainerState> states = ContainerState.ofEach(both);
    List<String> running =
        IntStream.range(0, both.size())
            .filter(i -> states.get(i).status().equals("running"))
            .mapToObj(both::get)
            .toList();
    if (!running.isEmpty()) {
      Docker.pause(running);
    }
    return running;
  }

  /** By service. */
  Map<String, ContainerState> states() {
    List<ContainerState> all =
        ContainerState.ofEach(StackPlan.SERVICES.stream().map(this::container).toList());
    Map<String, ContainerState> states = new TreeMap<>();
    for (int i = 0; i < all.size(); i++) {
      states.put(StackPlan.SERVICES.get(i), all.get(i));
    }
    return states;
  }

  /** Deletes database, config.json and all that the store holds; store and API are stopped then. */
  void destroyData() {
    startContainers();
    destroyDatabase();
    Docker.run(
        "exec",
        storeContainer(),
        "find",
        "/qdrant/storage",
        "-mindepth",
        "1",
        "-maxdepth",
        "1",
        "-exec",
        "rm",
        "-rf",
        "{}",
        "+");
    stopAll();
  }

  private void destroyDatabase() {
    Docker.run(
        "exec", apiContainer(), "/opt/stack/destroy-database.sh", plan.layout().databaseFolder());
  }

  /** Deletes points in the store, as an accident would, and gives their ids with dashes, sorted. */
  List<String> removeOldestPoints(int count) {
    String removed =
        Docker.run(
            "exec",
            storeContainer(),
            "sh",
            "-c",
            "cd /qdrant/storage/collections/openmemory/0/segments/points"
                + " && for id in $(ls -tr | head -"
                + count
                + "); do rm $id && echo $id; done");
    return removed
        .lines()
        .map(id -> id.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"))
        .sorted()
        .toList();
  }

  void stopWriters() {
    Docker.run("stop", apiContainer());
  }

  /** Everything but the web interface. */
  void stopAll() {
    Docker.run("stop", apiContainer(), storeContainer());
  }

  /** Returns when memories arrive again. */
  void startAll() {
    startContainers();
    awaitWriting(1);
  }

  private void startContainers() {
    // Beside each other: a start takes the engine about a second.
    states().entrySet().parallelStream()
        .filter(service -> !service.getValue().status().equals("running"))
        .forEach(
            service ->
                Docker.run(
                    service.getValue().isPaused() ? "unpause" : "start",
                    container(service.getKey())));
  }

  /** Returns when so many more rows are there. */
  void awaitWriting(int more) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    long first = -1;
    while (System.nanoTime() < deadline) {
      long now = countRows();
      first = first < 0 ? now : first;
      if (first >= 0 && now >= first + more) {
        return;
      }
      nap();
    }
    throw new AssertionError("no " + more + " new rows in " + DEADLINE + "\n" + logs());
  }

  /** The ids of rows that the API has confirmed since that {@link #uptime}. */
  Set<String> confirmedSince(double uptime) {
    return Docker.run("logs", apiContainer())
        .lines()
        .map(line -> line.split(" ", -1))
        .filter(words -> words[0].equals("stored") && Double.parseDouble(words[2]) >= uptime)
        .map(words -> words[1])
        .collect(Collectors.toSet());
  }

  /** Seconds since the start of this host, and of its containers' kernel. */
  static double uptime() {
    try {
      return Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Negative when there is no answer yet. */
  private long countRows() {
    Docker.Outcome outcome =
        Docker.attempt(
            "exec",
            apiContainer(),
            "sqlite3",
            "-readonly",
            plan.layout().databaseFolder() + "/openmemory.db",
            "SELECT count(*) FROM memories");
    return outcome.isSuccess() ? Long.parseLong(outcome.output()) : -1;
  }

  private static void nap() {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for rows", e);
    }
  }

  private String logs() {
    StringBuilder logs = new StringBuilder();
    for (String service : List.of(API, STORE)) {
      Docker.Outcome outcome = Docker.attempt("logs", "--tail", "20", container(service));
      logs.append(service).append(":\n").append(outcome.output()).append(outcome.errors());
    }
    return logs.toString();
  }

  private String container(String service) {
    return Objects.requireNonNull(containers.get(service), service);
  }

  /** Compose chooses the names itself. */
  private void findContainers() {
    Docker.run(
            "ps",
            "--all",
            "--filter",
            "label=" + plan.stackLabel(),
            "--format",
            "{{.Label \"" + StackPlan.SERVICE_LABEL + "\"}} {{.Names}}")
        .lines()
        .map(line -> line.split(" ", 2))
        .forEach(fields -> containers.put(fields[0], fields[1]));
  }

  /** Names of containers, volumes and networks of this stack that are still there. */
  List<String> leftovers() {
    String filter = "label=" + plan.stackLabel();
    return Stream.of(
            Docker.run("ps", "--all", "--quiet", "--filter", filter),
            Docker.run("volume", "ls", "--quiet", "--filter", filter),
            Docker.run("network", "ls", "--quiet", "--filter", filter))
        .flatMap(String::lines)
        .toList();
  }

  @Override
  public void close() {
    afterATest.run();
  }
}
