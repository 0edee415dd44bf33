package dev.openmemory.backup.storage.s3.internal.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PartPlanTest {
  private static final long MIB = 1L << 20;
  private static final long TIB = 1L << 40;

  /** Every plan that options can make, at the boundaries of each of them. */
  static Stream<PartPlan> plans() {
    List<PartPlan> plans = new ArrayList<>();
    for (long part :
        List.of(
            5 * MIB,
            5 * MIB + 1,
            7 * MIB,
            8 * MIB,
            16 * MIB,
            63 * MIB,
            64 * MIB,
            100 * MIB,
            511 * MIB,
            512 * MIB,
            512 * MIB + 1,
            1024 * MIB - 1,
            1024 * MIB)) {
      for (int units : List.of(2, 3, 4, 5, 8, 17, 65)) {
        for (int most : List.of(1, 2, 3, 4, 7, 8, 1_000, 10_000)) {
          plans.add(new PartPlan(part, units, most, true));
          plans.add(new PartPlan(part, units, most, false));
        }
      }
    }
    return plans.stream();
  }

  @Test
  void theCapacityIsTheSumOfAllParts() {
    assertThat(plans())
        .allSatisfy(
            plan -> {
              long sum = 0;
              for (int number = 1; number <= plan.maxParts(); number++) {
                sum += plan.sizeOf(number);
              }
              assertThat(plan.capacity()).isEqualTo(sum);
            });
  }

  @Test
  void eachPartIsOneThatStoresTakeAndFitsIntoTheMemory() {
    assertThat(plans())
        .allSatisfy(
            plan -> {
              int before = 1;
              for (int number = 1; number <= plan.maxParts(); number++) {
                int units = plan.unitsOf(number);
                if (units < before
                    || units > 2 * before
                    || units > plan.units()
                    || plan.sizeOf(number) != units * plan.firstPart()
                    || plan.sizeOf(number) < PartPlan.SMALLEST_PART
                    || plan.sizeOf(number) > PartPlan.LARGEST_PART) {
                  throw new AssertionError("part " + number + " of " + plan);
                }
                before = units;
              }
            });
  }

  @Test
  void partsThatMustNotGrowDoNot() {
    assertThat(plans().filter(plan -> !plan.growing()))
        .isNotEmpty()
        .allSatisfy(
            plan -> {
              assertThat(plan.sizeOf(plan.maxParts())).isEqualTo((int) plan.firstPart());
              assertThat(plan.capacity()).isEqualTo(plan.firstPart() * plan.maxParts());
            });
  }

  /**
   * Object sizes at which a part is just full, and one byte around it: the plan never runs short.
   */
  @ParameterizedTest
  @MethodSource("largeSizes")
  void anObjectOfAnySizeUpToTheCapacityHasAPlaceForItsLastByte(long size) {
    PartPlan plan = new PartPlan(225 * MIB, 4, 10_000, true);
    long before = 0;
    int number = 1;
    while (before + plan.sizeOf(number) < size) {
      before += plan.sizeOf(number);
      number++;
    }

    assertThat(number).isLessThanOrEqualTo(plan.maxParts());
    assertThat(size - before).isBetween(1L, (long) plan.sizeOf(number));
  }

  static Stream<Long> largeSizes() {
    return Stream.of(225 * MIB, 450 * MIB, 3333 * 225 * MIB, TIB, 5 * TIB)
        .flatMap(size -> Stream.of(size - 1, size, size + 1));
  }

  @ParameterizedTest
  @CsvSource({
    // What the documentation promises: part size in MiB, parallelism, GiB that fit at least.
    "5, 2, 73",
    "8, 4, 182",
    "16, 4, 364",
    "64, 4, 1458",
    "64, 16, 3875",
    "128, 16, 4687",
    // For 5 TiB, Amazon's largest object: the smallest part size, and the smallest memory.
    "225, 3, 5127",
    "350, 1, 5126",
  })
  void theCapacityIsAsDocumented(long part, int parallelism, long gib) {
    PartPlan plan = new PartPlan(part * MIB, parallelism + 1, 10_000, true);

    assertThat(plan.capacity() >> 30).isEqualTo(gib);
  }

  @Test
  void aPlanThatNoStoreTakesIsAProgrammingError() {
    assertThatThrownBy(() -> new PartPlan(0, 2, 10_000, true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PartPlan(1024 * MIB + 1, 2, 10_000, true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PartPlan(5 * MIB, 1, 10_000, true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PartPlan(5 * MIB, 2, 0, true))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
