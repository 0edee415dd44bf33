package dev.openmemory.backup.internal.embedding;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The vectors that an embedder answered with.
 *
 * @param texts for which it was asked
 * @param dimensions that each has to have
 */
record EmbedderAnswer(EmbedderSettings settings, int texts, int dimensions) {

  /**
   * The vectors in the order of the texts.
   *
   * @throws BackupException of kind {@code CORRUPT} when they are not what was asked for, {@code
   *     INCONSISTENT} when they have other dimensions
   */
  List<List<Float>> vectors(byte[] body) throws BackupException {
    Map<String, @Nullable Object> answer;
    try {
      answer = Json.readObject(body, settings.base());
    } catch (BackupException e) {
      throw corrupt("does not answer in JSON, as an embedder does: " + e.fact());
    }
    List<@Nullable Object> found =
        settings.provider() == Provider.OPENAI
            ? byIndex(list(answer.get("data")))
            : List.copyOf(list(answer.get("embeddings")));
    if (found.size() != texts) {
      throw corrupt("answered " + texts + " texts with " + found.size() + " vectors");
    }
    List<List<Float>> vectors = new ArrayList<>();
    for (Object each : found) {
      vectors.add(vector(list(each)));
    }
    return vectors;
  }

  private List<?> list(@Nullable Object json) throws BackupException {
    if (json instanceof List<?> list) {
      return list;
    }
    throw corrupt("answers without a list of vectors");
  }

  private List<@Nullable Object> byIndex(List<?> data) throws BackupException {
    List<@Nullable Object> sorted =
        new ArrayList<>(Collections.<@Nullable Object>nCopies(data.size(), null));
    for (Object each : data) {
      boolean placed =
          each instanceof Map<?, ?> item
              && item.get("index") instanceof Integer index
              && index >= 0
              && index < sorted.size()
              && sorted.set(index, item.get("embedding")) == null;
      if (!placed) {
        throw corrupt("answers with vectors that do not say to which text each belongs");
      }
    }
    return sorted;
  }

  private List<Float> vector(List<?> numbers) throws BackupException {
    if (numbers.size() != dimensions) {
      throw Kind.INCONSISTENT.failure(
          EmbedderSettings.OPERATION,
          settings.base(),
          "the model "
              + settings.model()
              + " answers with "
              + numbers.size()
              + " dimensions, and the collection takes "
              + dimensions);
    }
    List<Float> vector = new ArrayList<>(dimensions);
    boolean nothing = true;
    for (Object each : numbers) {
      float number = each instanceof Number n ? n.floatValue() : Float.NaN;
      if (!Float.isFinite(number)) {
        throw corrupt("answers with a vector that holds something else than numbers");
      }
      nothing &= number == 0;
      vector.add(number);
    }
    if (nothing) {
      throw corrupt("answers with a vector of zeros only");
    }
    return vector;
  }

  private BackupException corrupt(String fact) {
    return Kind.CORRUPT.failure(
        EmbedderSettings.OPERATION, settings.base(), fact + "; the model is " + settings.model());
  }
}
