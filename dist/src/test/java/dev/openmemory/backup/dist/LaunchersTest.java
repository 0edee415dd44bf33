package dev.openmemory.backup.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaunchersTest {
  @Test
  void theOneForWindowsGivesTheProgramWhatTheOneForUnixGivesIt() throws Exception {
    String unix = Files.readString(Path.of("../cli/bin/openmemory-backup"));
    String windows = Files.readString(Path.of("src/main/distribution/bin/openmemory-backup.cmd"));
    for (String given :
        List.of(
            "-XX:+UseSerialGC -Xms32m -Xmx512m",
            "--enable-native-access=ALL-UNNAMED",
            "-Dopenmemory.launcher=",
            "OPENMEMORY_BACKUP_JAVA_OPTS",
            "dev.openmemory.backup.cli.Main")) {
      assertThat(unix).contains(given);
      assertThat(windows).contains(given);
    }
    assertThat(windows.lines().count()).isEqualTo(windows.split("\r\n", -1).length - 1);
  }
}
