package dev.openmemory.backup.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.archive.ArchiveFormat;
import dev.openmemory.backup.archive.ImportRequest;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.sync.SyncRequest;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each damage of a stored file is noticed by verify, restore, sync and import. */
class DamagedBackupTest extends CanaryFixture {
  private static final BackupName SMALL = new BackupName("small");
  private static final String FILE = "config.json.age";
  private static final Damage[] ONE_BIT = {Damage.FLIPPED};

  /** What happens to a file at a place in it. */
  private enum Damage {
    FLIPPED {
      @Override
      byte[] of(byte[] whole, int at) {
        byte[] changed = whole.clone();
        changed[at] ^= (byte) (1 << (at % 8));
        return changed;
      }
    },
    CUT {
      @Override
      byte[] of(byte[] whole, int at) {
        return Arrays.copyOf(whole, at);
      }
    },
    REMOVED {
      @Override
      byte[] of(byte[] whole, int at) {
        return joined(Arrays.copyOf(whole, at), Arrays.copyOfRange(whole, at + 1, whole.length));
      }
    },
    REPEATED {
      @Override
      byte[] of(byte[] whole, int at) {
        return joined(Arrays.copyOf(whole, at + 1), Arrays.copyOfRange(whole, at, whole.length));
      }
    },
    SWAPPED {
      @Override
      byte[] of(byte[] whole, int at) {
        byte[] changed = whole.clone();
        int other = (at + 1) % whole.length;
        changed[at] = whole[other];
        changed[other] = whole[at];
        return changed;
      }
    },
    APPENDED {
      @Override
      byte[] of(byte[] whole, int at) {
        return joined(whole, Arrays.copyOf(whole, at + 1));
      }
    };

    abstract byte[] of(byte[] whole, int at);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @BeforeEach
  void backUpSmall() throws Exception {
    keyless()
        .withEncryption(AgeFiles.to(key))
        .create(
            Installation.at(home),
            BackupRequest.named(SMALL.value())
                .withOnly(Set.of(Component.CONFIG))
                .withQuiesce(Quiesce.NONE));
    keyless().delete(FIRST);
  }

  @Test
  void damageOfEachByteIsNoticedByVerifyWithoutTheKey() throws Exception {
    assertIsWhole();
    byte[] whole = stored(FILE);
    for (int at = 0; at < whole.length; at++) {
      for (Damage damage : at % 9 == 0 ? Damage.values() : ONE_BIT) {
        byte[] changed = damage.of(whole, at);
        if (!Arrays.equals(changed, whole)) {
          replace(FILE, changed);
          assertThat(keyless().verify(SMALL).ok()).as(what(FILE, at, damage)).isFalse();
        }
      }
    }
  }

  @Test
  void damageIsNoticedByAllThatReadsAStoredFile() throws Exception {
    assertIsWhole();
    assertIsNoticedByAll(FILE, 17);
    assertIsNoticedByAll("details.json.age", 307);
    assertIsWhole();
  }

  /** One damage at each of some bytes, another one at the next. */
  private void assertIsNoticedByAll(String file, int step) throws IOException {
    byte[] whole = stored(file);
    for (int at = 0; at < whole.length; at += step) {
      Damage damage = Damage.values()[at / step % Damage.values().length];
      byte[] changed = damage.of(whole, at);
      if (!Arrays.equals(changed, whole)) {
        replace(file, changed);
        assertIsNoticed(what(file, at, damage));
      }
    }
    replace(file, whole);
  }

  private static String what(String file, int at, Damage damage) {
    return file + ", byte " + at + " " + damage;
  }

  @Test
  void anArchiveThatIsDamagedAnywhereBringsTheSameBytesOrNothing() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    keyless().exportArchive(SMALL, ArchiveFormat.TAR, out);
    byte[] archive = out.toByteArray();
    byte[] content = stored(FILE);
    int start = positionOf(content, archive);
    assertThat(isImported(archive, "the whole")).isTrue();

    for (int at = start; at < start + content.length; at++) {
      String what = what("archive", at, Damage.FLIPPED);
      assertThat(isImported(Damage.FLIPPED.of(archive, at), what)).as(what).isFalse();
    }
    // Times and owners in its headers mean nothing for a backup.
    for (int at = 0; at < archive.length; at += 211) {
      Damage damage = Damage.values()[at / 211 % Damage.values().length];
      isImported(damage.of(archive, at), what("archive", at, damage));
    }
  }

  /** Whether the same bytes are there afterwards; if not, no backup may be. */
  private boolean isImported(byte[] archive, String what) throws IOException {
    InMemoryBackupTarget there = new InMemoryBackupTarget();
    try {
      Backups.in(there).importArchive(new ByteArrayInputStream(archive), ImportRequest.STANDARD);
    } catch (BackupException e) {
      assertHasNoBackup(there, what);
      return false;
    }
    assertThat(contents(there)).as(what).isEqualTo(contents(target));
    return true;
  }

  /** A digest of each object. */
  private static Map<ObjectName, UUID> contents(BackupTarget there) throws IOException {
    Map<ObjectName, UUID> all = new HashMap<>();
    for (ObjectInfo object : there.list("")) {
      // A manifest that is changed and still readable is found by its signature only.
      if (object.name().value().endsWith(Manifest.FILE_NAME)) {
        continue;
      }
      try (InputStream in = there.read(object.name(), 0)) {
        all.put(object.name(), UUID.nameUUIDFromBytes(in.readAllBytes()));
      }
    }
    return all;
  }

  private static int positionOf(byte[] part, byte[] whole) {
    return new String(whole, StandardCharsets.ISO_8859_1)
        .indexOf(new String(part, StandardCharsets.ISO_8859_1));
  }

  private void assertIsWhole() throws IOException {
    assertThat(keyless().verify(SMALL).ok()).isTrue();
    assertThat(withKey().verify(SMALL).ok()).isTrue();
  }

  private void assertIsNoticed(String what) throws IOException {
    assertThat(withKey().verify(SMALL).ok()).as(what).isFalse();
    Path elsewhere = temp.resolve("elsewhere");
    assertIsCorrupt(
        what,
        () -> withKey().restore(SMALL, Installation.inFolder(elsewhere), RestoreRequest.STANDARD));
    assertThat(elsewhere.resolve("api/config.json")).as(what).doesNotExist();
    BackupTarget copy = elsewhere();
    assertThat(keyless().sync(copy, SyncRequest.STANDARD).ok()).as(what).isFalse();
    assertHasNoBackup(copy, what);
  }

  private static BackupTarget elsewhere() {
    return new ForwardingBackupTarget(new InMemoryBackupTarget()) {
      @Override
      public String location() {
        return "memory:elsewhere";
      }
    };
  }

  private static void assertHasNoBackup(BackupTarget there, String what) throws IOException {
    assertThat(Backups.in(there).list())
        .as(what)
        .noneMatch(found -> found.state() == State.COMPLETE);
  }

  private static void assertIsCorrupt(String what, ThrowingCallable work) {
    BackupException failure = catchThrowableOfType(BackupException.class, work);
    assertThat(failure).as(what).isNotNull();
    assertThat(failure.kind()).as("%s: %s", what, failure).isEqualTo(Kind.CORRUPT);
  }

  private byte[] stored(String file) throws IOException {
    try (InputStream in = target.read(SMALL.file(file), 0)) {
      return in.readAllBytes();
    }
  }

  private void replace(String file, byte[] bytes) throws IOException {
    target.write(SMALL.file(file), out -> out.write(bytes), WriteOptions.REPLACE);
  }
}
