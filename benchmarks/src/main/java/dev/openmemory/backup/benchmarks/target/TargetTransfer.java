package dev.openmemory.backup.benchmarks.target;

import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.benchmarks.process.ChildProcess;
import dev.openmemory.backup.benchmarks.process.Pump;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** A target of ours as a program that stores a file, or gives it back. */
public final class TargetTransfer {
  public static final ObjectName NAME = new ObjectName("object");
  private static final String UPLOAD = "upload";
  private static final String DOWNLOAD = "download";

  private TargetTransfer() {}

  /** What stores a file, in a JVM that is started for it, with its default heap. */
  public static List<String> upload(String target, String file) {
    return ChildProcess.command(List.of(), TargetTransfer.class, UPLOAD, target, file);
  }

  /** What brings it back, likewise. */
  public static List<String> download(String target, String file) {
    return ChildProcess.command(List.of(), TargetTransfer.class, DOWNLOAD, target, file);
  }

  /** Arguments: which way, URI of the target, file. */
  public static void main(String[] args) throws IOException {
    try (BackupTarget target = BackupTargets.open(args[1], Map.of())) {
      if (args[0].equals(UPLOAD)) {
        try (InputStream in = new FileInputStream(args[2])) {
          target.write(NAME, out -> Pump.copy(in, out), WriteOptions.CREATE_ONLY);
        }
      } else {
        try (InputStream in = target.read(NAME, 0);
            OutputStream out = new FileOutputStream(args[2])) {
          Pump.copy(in, out);
        }
      }
    }
  }
}
