package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.config.ConfigDocument;
import dev.openmemory.backup.internal.config.EnvironmentFile;
import dev.openmemory.backup.internal.embedding.Embedder;
import dev.openmemory.backup.internal.embedding.EmbedderSettings;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.qdrant.DenseVector;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.internal.qdrant.server.ApiKey;
import dev.openmemory.backup.internal.qdrant.server.WholePoints;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sqlite.StoredSettings;
import dev.openmemory.backup.memories.NewVectors;
import dev.openmemory.backup.memories.NewVectorsReport;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * Has vectors made by the embedder that OpenMemory asks.
 *
 * @param tables of the installation
 * @param points of the installation
 */
record NewPoints(Present present, Tables tables, WholePoints points, NewVectors wanted) {
  private static final String OPERATION = "make new vectors";

  /** What the embedder is going to be asked; it is not asked for that. */
  Task task(Plan.Unmade unmade) throws IOException {
    return new Task(this, settings(), points.dense(), unmade);
  }

  private EmbedderSettings settings() throws IOException {
    Map<String, String> ofFile = environmentFile();
    Optional<ApiKey> key =
        wanted.keyFile().isPresent()
            ? Optional.of(ApiKey.in(wanted.keyFile().get()))
            : Optional.empty();
    return EmbedderSettings.of(
        embedder(),
        new EmbedderSettings.Given(
            wanted.address(),
            key,
            name ->
                Optional.ofNullable(wanted.variables().get(name))
                    .filter(value -> !value.isBlank())
                    .or(() -> Optional.ofNullable(ofFile.get(name)))));
  }

  /** What the web interface has set counts before the file. */
  private JsonNode embedder() throws IOException {
    Optional<JsonNode> stored = StoredSettings.in(tables.file()).flatMap(ConfigDocument::embedder);
    Optional<JsonNode> found =
        stored.isPresent() ? stored : present.configuration().flatMap(ConfigDocument::embedder);
    return found.orElseThrow(
        () ->
            Kind.NOT_FOUND.failure(
                OPERATION,
                "",
                "neither the database nor config.json of OpenMemory names its embedder"));
  }

  private Map<String, String> environmentFile() throws IOException {
    Optional<Path> file =
        present
            .parts()
            .find(Component.CONFIG)
            .map(OpenPart::part)
            .map(part -> part.options().get("path"))
            .map(path -> Path.of(path).resolveSibling(".env"))
            .filter(Files::isRegularFile);
    return file.isPresent() ? EnvironmentFile.read(file.get()).values() : Map.of();
  }

  /** Changes with the points that need a vector, and what makes the vectors. */
  record Task(NewPoints of, EmbedderSettings settings, DenseVector vector, Plan.Unmade unmade) {
    NewVectorsReport report() {
      return new NewVectorsReport(
          settings.providerName(),
          settings.model(),
          settings.base(),
          unmade.ids().size(),
          unmade.characters());
    }

    /** The same changes with all vectors; nothing else is changed. */
    ChangeFile complete(ChangeFile changes) throws IOException {
      Run run = of.present.run();
      run.enter(Phase.PREPARE, "new vectors");
      Path file = run.context().scratch().resolve("changes-with-vectors.jsonl");
      Embedder.Pace pace = Embedder.Pace.usual(run.context().cancellation(), run.clock());
      try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
          Embedder embedder = new Embedder(settings, pace, run.context().cancellation())) {
        out.write(changes.head().line() + "\n");
        changes.each(
            page -> {
              for (Change change : complete(page, embedder)) {
                out.write(Json.line(change.toJson()) + "\n");
              }
            });
      } catch (IOException e) {
        throw FileFailure.of(OPERATION, file, e);
      }
      return new ChangeFile(file);
    }

    private List<Change> complete(List<Change> page, Embedder embedder) throws IOException {
      Set<UUID> ids = unmade.ids();
      List<String> texts =
          page.stream()
              .filter(change -> ids.contains(change.id()))
              .map(change -> NewPoint.text(change.pointAfter().orElseThrow()))
              .toList();
      List<Change> completed = new ArrayList<>();
      List<List<Float>> vectors = new ArrayList<>();
      for (int from = 0; from < texts.size(); from += Embedder.MOST_TEXTS) {
        int to = Math.min(texts.size(), from + Embedder.MOST_TEXTS);
        vectors.addAll(embedder.vectors(texts.subList(from, to), vector.dimensions()));
      }
      int next = 0;
      for (Change change : page) {
        completed.add(
            ids.contains(change.id()) ? with(change, vector.of(vectors.get(next++))) : change);
      }
      return completed;
    }

    private static Change with(Change change, Object made) {
      WholePoint point = change.pointAfter().orElseThrow();
      return new Change(
          change.id(),
          change.needs(),
          change.rowsBefore(),
          change.rowsAfter(),
          change.pointBefore(),
          Optional.of(new WholePoint(point.id(), point.payload(), Optional.of(made))));
    }
  }
}
