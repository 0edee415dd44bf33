package dev.openmemory.backup.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.testconditions.Requires;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What tests of Docker rest on: that these stacks do what is said of them. */
@Tag("services")
class StackTest {
  @TempDir Path home;

  @BeforeEach
  void images() {
    Requires.that(StackImages.canBeMade(), "a Docker engine, busybox and sqlite3");
  }

  @ParameterizedTest
  @EnumSource(names = {"BOUND_API", "DATABASE_VOLUME"})
  void stacksWithLabelsKeepTheirPromises(Layout layout) throws Exception {
    try (DockerStack stack = DockerStack.labelled(layout)) {
      checkLifeOf(stack);
    }
  }

  private static void checkLifeOf(DockerStack stack) throws Exception {
    for (int i = 0; i < 3; i++) {
      stack.awaitWriting(3);
      assertThat(stack.contents()).matches(StackContents::isOneInstant);
    }
    ContainerState ui = stack.states().get(StackPlan.UI);

    stack.stopAll();
    StackContents stopped = stack.contents();
    assertThat(stopped).matches(StackContents::isOneInstant);
    stack.startAll();
    StackContents continued = stack.contents();
    assertThat(continued).matches(StackContents::isOneInstant);
    assertThat(continued.rows()).containsAll(stopped.rows());

    stack.destroyData();
    assertThat(stack.contents().rows()).isEmpty();
    assertThat(stack.contents().points()).isEmpty();
    stack.startAll();
    assertThat(stack.contents().rows()).doesNotContainAnyElementsOf(stopped.rows());
    assertThat(stack.states()).containsEntry(StackPlan.UI, ui);
  }

  @Test
  void theVolumeOfUpstreamsMistakeIsEmpty() {
    try (DockerStack stack = DockerStack.labelled(Layout.EMPTY_VOLUME)) {
      stack.awaitWriting(3);
      assertThat(Docker.run("exec", stack.storeContainer(), "ls", "-A", "/mem0/storage")).isEmpty();
      assertThat(Docker.run("exec", stack.storeContainer(), "ls", "-A", "/qdrant/storage"))
          .contains("collections");
    }
  }

  @Test
  void copiesFromTwoInstantsAreFoundOut() throws Exception {
    try (DockerStack stack = DockerStack.labelled(Layout.BOUND_API)) {
      StackContents before = stack.contents();
      stack.awaitWriting(3);
      StackContents after = stack.contents();
      assertThat(new StackContents(after.rows(), before.points()).isOneInstant()).isFalse();
      assertThat(new StackContents(before.rows(), after.points()).isOneInstant()).isFalse();
    }
  }

  @Test
  void theStoreAnswersAsQdrantDoes() throws Exception {
    try (DockerStack stack = DockerStack.labelled(Layout.BOUND_API)) {
      stack.stopWriters();
      int count = stack.contents().points().size();
      for (URI store : new URI[] {stack.storeAtItsAddress(), stack.storeAtItsPort()}) {
        assertThat(get(store.resolve("/"))).contains("\"version\":\"1.18.3\"");
        assertThat(get(store.resolve("/readyz"))).isEqualTo("all shards are ready");
        assertThat(get(store.resolve("/collections")))
            .contains("{\"collections\":[{\"name\":\"openmemory\"}]}");
        assertThat(get(store.resolve("/collections/openmemory")))
            .contains("\"points_count\":" + count, "\"update_queue\":{\"length\":0}");
        assertThat(exactCount(store)).contains("{\"count\":" + count + "}");
      }
    }
  }

  @Test
  void theStoreGivesUpAtOnceWhenItIsStopped() {
    try (DockerStack stack = DockerStack.labelled(Layout.BOUND_API)) {
      stack.stopAll();
      assertThat(Docker.inspect(stack.storeContainer(), "{{.State.ExitCode}}")).isEqualTo("143");
      assertThat(Docker.inspect(stack.apiContainer(), "{{.State.ExitCode}}")).isEqualTo("143");
    }
  }

  @Test
  void aSharedStackBeginsAgainWithNewDataInTheSameContainers() throws Exception {
    StackMaker maker = new OwnMaker();
    StackContents before;
    Map<String, ContainerState> states;
    try (DockerStack stack = DockerStack.shared(Layout.DATABASE_IN_LAYER, maker)) {
      stack.awaitWriting(3);
      before = stack.contents();
      states = stack.states();
      stack.destroyData();
      Files.createFile(stack.home().resolve("left"));
    }
    try (DockerStack stack = DockerStack.shared(Layout.DATABASE_IN_LAYER, maker)) {
      assertThat(stack.contents()).matches(StackContents::isOneInstant);
      assertThat(stack.contents().points()).doesNotContainAnyElementsOf(before.points());
      assertThat(stack.states()).containsEntry(StackPlan.UI, states.get(StackPlan.UI));
      assertThat(stack.home()).isEmptyDirectory();
      Docker.run("exec", stack.apiContainer(), "cat", "config.json");
    }
  }

  /** Its stacks rest for one test alone: classes that run beside it share those of others. */
  private record OwnMaker() implements StackMaker {
    @Override
    public void make(StackPlan plan) {
      new HandMade(true).make(plan);
    }
  }

  @Test
  void nothingIsLeftOfAClosedStack() {
    DockerStack stack = DockerStack.doomed(Layout.DATABASE_VOLUME, home);
    try (stack) {
      Docker.pause(stack.storeContainer());
      assertThat(stack.leftovers()).hasSize(6);
    }
    assertThat(stack.leftovers()).isEmpty();
  }

  private static String get(URI uri) throws Exception {
    return send(HttpRequest.newBuilder(uri));
  }

  private static String exactCount(URI store) throws Exception {
    return send(
        HttpRequest.newBuilder(store.resolve("/collections/openmemory/points/count"))
            .POST(HttpRequest.BodyPublishers.ofString("{\"exact\":true}")));
  }

  private static String send(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient()
        .send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
