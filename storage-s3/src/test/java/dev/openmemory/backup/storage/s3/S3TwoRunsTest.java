package dev.openmemory.backup.storage.s3;

import dev.openmemory.backup.testkit.TwoRunsContract;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("services")
@ExtendWith(AwsKeys.class)
class S3TwoRunsTest extends TwoRunsContract {
  private @Nullable String bucket;

  S3Server server() throws Exception {
    return S3ProxyServer.shared();
  }

  @Override
  protected final String location() throws Exception {
    if (bucket == null) {
      bucket = server().createBucket();
    }
    return "s3://" + bucket + "/some/prefix";
  }

  @Override
  protected final Map<String, String> options() throws Exception {
    return server().options().values();
  }

  @Override
  protected final Map<String, String> environment() {
    return AwsKeys.environment();
  }
}
