package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Installation.Snapshots;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.archive.ImportRequest;
import dev.openmemory.backup.diff.DiffRequest;
import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.export.ExportFormat;
import dev.openmemory.backup.export.ExportRequest;
import dev.openmemory.backup.memories.MemoryQuery;
import dev.openmemory.backup.memories.MemoryRepairRequest;
import dev.openmemory.backup.memories.MemoryRestoreRequest;
import dev.openmemory.backup.memories.NewVectors;
import dev.openmemory.backup.prune.PruneRequest;
import dev.openmemory.backup.prune.RetentionPolicy;
import dev.openmemory.backup.sync.SyncRequest;
import dev.openmemory.backup.targetcheck.TargetCheckRequest;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All requests have one shape, so that a new member breaks no caller. */
class RequestsTest {
  /** What a caller always has to say; the other members begin as most callers want them. */
  private static final Set<Type> REQUIRED = Set.of(ExportFormat.class, RetentionPolicy.class);

  private static final Map<Type, Object> SAMPLES =
      Map.ofEntries(
          Map.entry(String.class, "sample"),
          Map.entry(BackupName.class, new BackupName("sample")),
          Map.entry(URI.class, URI.create("http://sample:6333")),
          Map.entry(Path.class, Path.of("sample")),
          Map.entry(boolean.class, true),
          Map.entry(int.class, 7),
          Map.entry(long.class, 7L),
          Map.entry(Duration.class, Duration.ofSeconds(7)),
          Map.entry(Quiesce.class, Quiesce.STOP),
          Map.entry(MemoryQuery.class, MemoryQuery.ALL.withUser("sample")),
          Map.entry(NewVectors.class, NewVectors.ofSettings()),
          Map.entry(DrillRequest.class, DrillRequest.STANDARD.withPatience(Duration.ofSeconds(7))),
          Map.entry(Snapshots.class, Snapshots.of(URI.create("http://sample:6333"))),
          Map.entry(DrillRequest.Server.class, new DrillRequest.Server("x", Map.of(), true)));

  static Stream<Record> requests() {
    return Stream.of(
        BackupRequest.STANDARD,
        RestoreRequest.STANDARD,
        ImportRequest.STANDARD,
        DiffRequest.STANDARD,
        DrillRequest.STANDARD,
        MemoryRestoreRequest.ALL,
        MemoryRepairRequest.STANDARD,
        ExportRequest.of(ExportFormat.OPENMEMORY),
        PruneRequest.by(RetentionPolicy.in(ZoneOffset.UTC)),
        SyncRequest.STANDARD,
        TargetCheckRequest.STANDARD,
        Snapshots.of(URI.create("http://localhost:6333")),
        DockerOptions.NONE);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void eachMemberHasAMethodThatChangesItAlone(Record request) throws Exception {
    Set<String> changed = new TreeSet<>();
    for (Method method : request.getClass().getMethods()) {
      if (method.getReturnType() == request.getClass()
          && !Modifier.isStatic(method.getModifiers())) {
        List<String> differing = differing(request, (Record) invoke(method, request));
        assertThat(differing).as("changed by %s", method).hasSize(1);
        changed.addAll(differing);
      }
    }
    assertThat(changed)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(request.getClass().getRecordComponents())
                .filter(member -> !REQUIRED.contains(member.getType()))
                .map(RecordComponent::getName)
                .toList());
  }

  private static Object invoke(Method method, Object request) throws Exception {
    Object[] arguments =
        Arrays.stream(method.getGenericParameterTypes()).map(RequestsTest::sample).toArray();
    return method.invoke(request, arguments);
  }

  private static Object sample(Type type) {
    if (type instanceof ParameterizedType many) {
      Object one = sample(many.getActualTypeArguments()[0]);
      return many.getRawType() == Set.class ? Set.of(one) : List.of(one);
    }
    Object sample = SAMPLES.get(type);
    assertThat(sample).as("a sample of %s", type).isNotNull();
    return sample;
  }

  private static List<String> differing(Record before, Record after) throws Exception {
    List<String> names = new ArrayList<>();
    for (RecordComponent member : before.getClass().getRecordComponents()) {
      Method accessor = member.getAccessor();
      if (!accessor.invoke(before).equals(accessor.invoke(after))) {
        names.add(member.getName());
      }
    }
    return names;
  }
}
