package dev.openmemory.backup.storage.s3;

import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.COMPLETE;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.PUT_PART;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.storage.s3.internal.part.PartPlan;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Uploads to stores that take few parts, so that few bytes make parts grow. */
class S3GrowingPartsTest extends OnFaultyStore {
  @Test
  void anObjectOfPartsOfSeveralSizesArrives() throws Exception {
    PartPlan plan = new PartPlan(PART, 4, 6, true);
    // Parts of 1, 1, 2, 2, 4 and 4 units.
    int length = 9 * PART + 1;
    reopen(plan);

    write(length);

    assertHolds(length);
    assertThat(
            store().requests(PUT_PART.visible()).stream().map(StoreRequest::bodyLength).distinct())
        .containsExactlyInAnyOrder((long) PART, 2L * PART, 3L * PART + 1);
  }

  @Test
  void anObjectThatFillsTheLastPartArrives() throws Exception {
    PartPlan plan = new PartPlan(PART, 2, 3, true);
    assertThat(plan.capacity()).isEqualTo(5L * PART);
    reopen(plan);

    write(5 * PART);

    assertHolds(5 * PART);
  }

  @Test
  void aByteMoreThanTheStoreTakesIsUnsupportedAndNamesTheLimit() throws Exception {
    PartPlan plan = new PartPlan(PART, 2, 3, true);
    reopen(plan);

    BackupException failure = assertFails(Kind.UNSUPPORTED, () -> write(5 * PART + 1));

    assertThat(failure).hasMessageContaining(5 * PART + " bytes that 3 parts");
    assertThat(store().requests(COMPLETE.visible())).isEmpty();
    assertThat(target().traits().maxObjectSize()).hasValue(5L * PART);
  }

  @Test
  void partsOfOneSizeAreForStoresThatWantThemSo() throws Exception {
    reopen(new PartPlan(PART, 3, 4, false));

    write(3 * PART + 1);

    assertHolds(3 * PART + 1);
    assertThat(store().requests(PUT_PART.visible()).stream().map(StoreRequest::bodyLength))
        .containsExactlyInAnyOrder((long) PART, (long) PART, (long) PART, 1L);
  }

  @Test
  void aWholePartIsStoredByOneRequestAndAByteMoreIsNot() throws Exception {
    reopen(Map.of());

    write(PART);

    assertHolds(PART);
    assertThat(store().requests(PUT_PART.visible())).isEmpty();
    target().delete(NAME);
    write(PART + 1);
    assertHolds(PART + 1);
    assertThat(store().requests(PUT_PART.visible())).hasSize(2);
  }
}
