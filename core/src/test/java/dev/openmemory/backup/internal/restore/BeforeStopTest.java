package dev.openmemory.backup.internal.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.internal.process.OpenFiles.Holder;
import dev.openmemory.backup.spi.Writer;
import java.util.List;
import org.junit.jupiter.api.Test;

class BeforeStopTest {
  private static final List<Writer> WRITERS = List.of(new Writer("c0ffee", "api"));

  @Test
  void processesInContainersThatARestoreStopsDoNotCount() {
    Holder contained = new Holder(1, "uvicorn", "0::/docker-c0ffee.scope", true);
    Holder withTheHostsPids = new Holder(2, "uvicorn", "0::/docker-c0ffee.scope", false);
    Holder withoutAGroup = new Holder(3, "uvicorn", "0::/", true);
    Holder ofTheHost = new Holder(4, "uvicorn", "0::/user.slice", false);

    for (Holder stopped : List.of(contained, withTheHostsPids, withoutAGroup)) {
      assertThat(BeforeStop.isStopped(stopped, WRITERS)).as("%s", stopped).isTrue();
      assertThat(BeforeStop.isStopped(stopped, List.of())).as("%s", stopped).isFalse();
    }
    assertThat(BeforeStop.isStopped(ofTheHost, WRITERS)).isFalse();
  }
}
