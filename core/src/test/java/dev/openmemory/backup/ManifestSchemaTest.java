package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.sample.StoredObjects;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
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
    StoredObjects stored = new StoredObjects(new InMemoryBackupTarget());
    stored.create(sample, "first");
    String manifest = stored.text("first/manifest.json");

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
