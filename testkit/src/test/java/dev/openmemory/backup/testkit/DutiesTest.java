package dev.openmemory.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers in the Javadoc of the SPI are those of the contracts. */
class DutiesTest {
  @ParameterizedTest
  @CsvSource({
    "BackupTarget.java, T, dev.openmemory.backup.testkit.BackupTargetContract",
    "BackupSource.java, S, dev.openmemory.backup.testkit.BackupSourceContract",
    "optional/ReportsSettings.java, C, dev.openmemory.backup.testkit.BackupSourceContract",
    "optional/ExposesDatabase.java, D, dev.openmemory.backup.testkit.BackupSourceContract",
    "optional/ReplacesFiles.java, R, dev.openmemory.backup.testkit.BackupSourceContract",
    "optional/ReportsEnvironment.java, E, dev.openmemory.backup.testkit.EnvironmentContract",
    "optional/ReportsVersion.java, N, dev.openmemory.backup.testkit.VersionContract",
    "optional/VectorStore.java, V, dev.openmemory.backup.testkit.VectorStoreContract",
    "encryption/EncryptionScheme.java, X, dev.openmemory.backup.testkit.EncryptionContract"
  })
  void eachDutyHasATestAndEachTestADuty(String file, String letter, Class<?> contract)
      throws IOException {
    Set<String> stated = stated(file, letter);

    assertThat(stated).as("duties stated in %s", file).isNotEmpty();
    assertThat(tested(contract))
        .filteredOn(duty -> duty.startsWith(letter))
        .containsExactlyElementsOf(stated);
  }

  private static Set<String> stated(String file, String letter) throws IOException {
    Path spi =
        Path.of(System.getProperty("openmemory.root"))
            .resolve("core/src/main/java/dev/openmemory/backup/spi");
    return Pattern.compile("<b>(" + letter + "\\d+)</b>")
        .matcher(Files.readString(spi.resolve(file)))
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> tested(Class<?> contract) {
    Set<String> duties = new TreeSet<>();
    for (Class<?> at = contract; at != Object.class; at = at.getSuperclass()) {
      for (Method method : at.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Test.class)) {
          Duty duty = method.getAnnotation(Duty.class);
          assertThat(duty).as("duty of %s", method.getName()).isNotNull();
          duties.add(duty.value());
        }
      }
    }
    return duties;
  }
}
