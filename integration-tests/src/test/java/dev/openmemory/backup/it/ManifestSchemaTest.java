package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestSchemaTest {
  @TempDir Path temp;

  @Test
  void manifestOfARealBackupIsValidByThePublishedSchema() throws IOException {
    Schema schema = publishedSchema();
    SampleInstallation sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    try (BackupTarget target = BackupTargets.open(temp.resolve("backups"))) {
      Backups.in(target).create(sample.installation(), BackupRequest.named("first"));
    }
    String manifest = Files.readString(temp.resolve("backups/first/manifest.json"));

    assertThat(schema.validate(manifest, InputFormat.JSON)).isEmpty();
    assertThat(schema.validate(manifest.replace("\"sha256\"", "\"sha-256\""), InputFormat.JSON))
        .isNotEmpty();
  }

  private static Schema publishedSchema() throws IOException {
    Path file = Path.of(System.getProperty("openmemory.root"), "docs", "manifest.schema.json");
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(Files.readString(file));
  }
}
