package dev.openmemory.backup.internal.publish;

import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.catalog.CheckedInputStream;
import dev.openmemory.backup.spi.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalLong;

/** What one destination has stored, on its way to another one. */
record StoredCopy(BackupDestination source, ObjectName object, Digest stored) implements Content {
  @Override
  public void writeTo(OutputStream out) throws IOException {
    String place = source.location() + "/" + object;
    try (InputStream in = new CheckedInputStream(source.target().read(object, 0), stored, place)) {
      in.transferTo(out);
    }
  }

  @Override
  public boolean repeatable() {
    return true;
  }

  @Override
  public Optional<Digest> digest() {
    return Optional.of(stored);
  }

  @Override
  public OptionalLong sizeHint() {
    return OptionalLong.of(stored.size());
  }
}
