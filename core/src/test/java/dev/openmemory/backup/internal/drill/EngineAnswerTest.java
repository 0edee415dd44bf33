package dev.openmemory.backup.internal.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.spi.optional.VectorStore.Point;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the lines of the script mean. */
class EngineAnswerTest {
  @ParameterizedTest
  @CsvSource({
    "OSError,             ENOSPC, NO_SPACE",
    "OSError,             EDQUOT, NO_SPACE",
    "Exception,           ENOSPC, NO_SPACE",
    "PanicException,      EDQUOT, NO_SPACE",
    "PermissionError OSError, EACCES, DENIED",
    "Exception,           EROFS,  DENIED",
    "OSError,             EMFILE, FAILED",
    "Exception,           EMFILE, FAILED",
    "PanicException,      ENOMEM, FAILED",
    "Exception,           EIO,    FAILED",
    "Exception,           4711,   FAILED",
    "MemoryError Exception, '',   FAILED",
    "ImportError Exception, '',   FAILED",
    "ModuleNotFoundError ImportError Exception, '', FAILED",
    "AttributeError Exception, '', FAILED",
    "TypeError Exception, '',     FAILED",
    "KeyboardInterrupt,   '',     FAILED",
    "OSError Exception,   '',     FAILED",
    "'',                  '',     FAILED",
  })
  void anErrorOfThisHostSaysNothingOfTheData(String types, String errno, Kind kind)
      throws Exception {
    assertThat(failure(types, errno).ofThisHost()).contains(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "Exception BaseException, ''",
    "Exception BaseException, ENOENT",
    "Exception BaseException, EINVAL",
    "PanicException BaseException, ''",
    "FileNotFoundError OSError Exception, ENOENT",
    "ReadError TarError Exception, ''",
  })
  void anErrorThatDataCausesTooIsForTheControlToDecide(String types, String errno)
      throws Exception {
    assertThat(failure(types, errno).ofThisHost()).isEmpty();
  }

  private static EngineAnswer.Failure failure(String types, String errno) throws Exception {
    Map<String, Object> error =
        Map.of("types", List.of(types.split(" ")), "errno", errno, "text", "No space left");
    return (EngineAnswer.Failure)
        EngineAnswer.parse(
            new String(Json.write(Map.of("error", error)), StandardCharsets.UTF_8), "python3");
  }

  @Test
  void numbersAreIdsOfPointsButNotOfMemories() throws Exception {
    UUID id = UUID.fromString("00000000-0000-4000-8000-000000000001");
    assertThat(
            EngineAnswer.parse("{\"points\": [[7, null], [\"" + id + "\", \"alice\"]]}", "python3"))
        .isEqualTo(
            new EngineAnswer.Points(
                List.of(
                    new Point(Optional.empty(), Optional.empty(), Optional.empty()),
                    new Point(Optional.of(id), Optional.of("alice"), Optional.empty()))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Traceback (most recent call last):",
        "[]",
        "{}",
        "{\"count\": \"many\"}",
        "{\"points\": [7]}",
        "{\"points\": [[\"no id\", null]]}",
        "{\"points\": [[null, null]]}",
        "{\"examined\": {}}",
        "{\"error\": \"text alone\"}",
      })
  void whatTheScriptNeverPrintsIsNoVerdict(String line) {
    assertThatThrownBy(() -> EngineAnswer.parse(line, "python3"))
        .isInstanceOf(NoVerdict.class)
        .hasMessageStartingWith("open with the storage engine python3: its answer makes no sense");
  }
}
