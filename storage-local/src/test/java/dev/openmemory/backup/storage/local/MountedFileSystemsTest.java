package dev.openmemory.backup.storage.local;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testconditions.Mount;
import dev.openmemory.backup.testkit.BackupTargetContract;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The contract of targets on real file systems. */
@Tag("services")
class MountedFileSystemsTest {
  @TestInstance(Lifecycle.PER_CLASS)
  abstract static class OnDisk extends BackupTargetContract {
    private Mount mount;
    private Path disk;
    private int tests;

    abstract Mount mount(Path temporary, Path place) throws Exception;

    @BeforeAll
    final void mountOnce(@TempDir Path temporary) throws Exception {
      disk = Files.createDirectory(temporary.resolve("disk"));
      mount = mount(temporary, disk);
    }

    @AfterAll
    final void unmount() throws Exception {
      if (mount != null) {
        mount.close();
      }
    }

    @AfterEach
    final void nextFolder() {
      tests++;
    }

    @Override
    protected final BackupTarget open() {
      return new LocalBackupTarget(root());
    }

    @Override
    protected final boolean killWhileWriting(ObjectName name) throws Exception {
      LocalBackupTargetContractTest.leaveHidden(root().resolve(name.value()));
      return true;
    }

    private Path root() {
      return disk.resolve("backups-" + tests);
    }
  }

  @Nested
  class Tmpfs extends OnDisk {
    @Override
    Mount mount(Path temporary, Path place) throws Exception {
      return Mount.tmpfs(place, "size=64m");
    }
  }

  @Nested
  class Overlay extends OnDisk {
    @Override
    Mount mount(Path temporary, Path place) throws Exception {
      Path lower = Files.createDirectory(temporary.resolve("lower"));
      Path upper = Files.createDirectory(temporary.resolve("upper"));
      Path work = Files.createDirectory(temporary.resolve("work"));
      String options = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work;
      return Mount.by("overlay", place, "mount", "-t", "overlay", "-o", options, "none");
    }
  }

  @Nested
  class Ext4 extends OnDisk {
    @Override
    Mount mount(Path temporary, Path place) throws Exception {
      return Mount.image("ext4", temporary.resolve("image"), 64 << 20, place, "mkfs.ext4", "-q");
    }
  }

  @Nested
  class Xfs extends OnDisk {
    @Override
    Mount mount(Path temporary, Path place) throws Exception {
      return Mount.image("xfs", temporary.resolve("image"), 320 << 20, place, "mkfs.xfs", "-q");
    }
  }

  @Nested
  class Btrfs extends OnDisk {
    @Override
    Mount mount(Path temporary, Path place) throws Exception {
      return Mount.image("btrfs", temporary.resolve("image"), 128 << 20, place, "mkfs.btrfs", "-q");
    }
  }

  @Nested
  class Ntfs extends OnDisk {
    @Override
    Mount mount(Path temporary, Path place) throws Exception {
      String[] make = {"mkfs.ntfs", "-q", "-F", "-f"};
      return Mount.image("ntfs-3g", temporary.resolve("image"), 64 << 20, place, make);
    }
  }

  @Nested
  class ExFat extends OnDisk {
    @Override
    Mount mount(Path temporary, Path place) throws Exception {
      return Mount.image("exfat-fuse", temporary.resolve("image"), 64 << 20, place, "mkfs.exfat");
    }
  }

  @Nested
  class ChownDenied extends OnDisk {
    @Override
    Mount mount(Path temporary, Path place) throws Exception {
      Path real = Files.createDirectory(temporary.resolve("real"));
      return Mount.by("bindfs", place, "bindfs", "--chown-deny", "--chmod-deny", real.toString());
    }
  }

  @Nested
  class RcloneMount extends OnDisk {
    @Override
    Mount mount(Path temporary, Path place) throws Exception {
      Path real = Files.createDirectory(temporary.resolve("real"));
      return Mount.by(
          "rclone", place, "rclone", "mount", "--config", "", "--daemon", real.toString());
    }
  }
}
