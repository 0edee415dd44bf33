package dev.openmemory.backup.storage.s3;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testkit.BackupTargetContract;
import java.net.URI;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every target must do, on a store that speaks S3: a bucket of its own for each test. */
@ExtendWith(AwsKeys.class)
abstract class S3TargetContract extends BackupTargetContract {
  private static final String PREFIX = "some/prefix";

  private @Nullable String bucket;

  /** The store, the same for all tests of the class. */
  abstract S3Server server();

  @Override
  protected final BackupTarget open() throws Exception {
    return server().target(location());
  }

  @Override
  protected final List<String> secrets() {
    return List.of(AwsKeys.SECRET);
  }

  @Override
  protected final boolean killWhileWriting(ObjectName name) throws Exception {
    Predicate<StoreRequest> last = StoreRequest.Kind.COMPLETE.visible();
    return EndedRun.write(server(), location(), name, last, EndedRun.UNHEARD);
  }

  private URI location() {
    return URI.create("s3://" + bucket() + "/" + PREFIX);
  }

  private String bucket() {
    if (bucket == null) {
      bucket = server().createBucket();
    }
    return bucket;
  }
}
