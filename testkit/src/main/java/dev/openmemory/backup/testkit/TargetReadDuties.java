package dev.openmemory.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** T4 to T7: what the store shows. */
abstract class TargetReadDuties extends TargetWriteDuties {

  @Test
  @Duty("T4")
  final void everySizeIsReadBackByteForByte() throws Exception {
    int buffer = beyondBuffers() - 1;
    for (int size : List.of(0, 1, 2, 8191, 8192, 8193, buffer - 1, buffer, buffer + 1)) {
      ObjectName name = new ObjectName("sizes/" + size);
      byte[] bytes = bytes(size);
      assertThat(write(name, bytes).size()).isEqualTo(size);
      assertHolds(name, bytes);
    }
  }

  @Test
  @Duty("T4")
  final void bytesWrittenOneByOneAndInPartsOfArraysArrive() throws Exception {
    byte[] bytes = bytes(5000);
    Content crumbs =
        out -> {
          for (int i = 0; i < 1000; i++) {
            out.write(bytes[i]);
          }
          out.write(bytes, 1000, 0);
          out.write(bytes, 1000, 4000);
        };

    target().write(NAME, crumbs, WriteOptions.CREATE_ONLY);

    assertHolds(NAME, bytes);
  }

  @Test
  @Duty("T4")
  final void readsBeginAtAnyOffset() throws Exception {
    byte[] bytes = bytes(beyondBuffers());
    write(NAME, bytes);

    for (int offset : List.of(0, 1, 8192, bytes.length / 2, bytes.length - 1, bytes.length)) {
      assertThat(read(target(), NAME, offset))
          .isEqualTo(Arrays.copyOfRange(bytes, offset, bytes.length));
    }
  }

  @Test
  @Duty("T4")
  final void anOffsetOutsideOfTheObjectIsInvalid() throws Exception {
    write(NAME, bytes(10));

    assertFails(Kind.INVALID, () -> target().read(NAME, 11).close());
    assertFails(Kind.INVALID, () -> target().read(NAME, -1).close());
  }

  @Test
  @Duty("T5")
  final void aMissingObjectIsNotFoundOrEmptyOrNoError() throws Exception {
    assertAbsent(NAME);
    target().delete(NAME);

    write(OTHER, bytes(1));

    assertAbsent(NAME);
    target().delete(NAME);
    assertThat(names("")).containsExactly(OTHER.value());
  }

  @Test
  @Duty("T10")
  final void aDeleteThatTheStoreRefusesIsDeniedAndTheObjectStays() throws Exception {
    byte[] bytes = bytes(1000);
    write(NAME, bytes);
    assumeTrue(refuseDeletes(), "no refusal can be staged");

    assertFails(Kind.DENIED, () -> target().delete(NAME));

    assertHolds(NAME, bytes);
    write(OTHER, bytes);
    assertHolds(OTHER, bytes);
  }

  @Test
  @Duty("T5")
  final void theFolderOfAnObjectIsNoObject() throws Exception {
    write(NAME, bytes(1));
    ObjectName folder = new ObjectName("backup-1");

    assertAbsent(folder);
    target().delete(folder);

    assertThat(names("")).containsExactly(NAME.value());
  }

  @Test
  @Duty("T6")
  final void listsAreSortedByNameWhateverTheSeparators() throws Exception {
    List<String> sorted = List.of("Z", "a-b", "a.b", "a/b", "a/b-c/d", "a/b.c", "a0", "ab", "b");
    List<String> shuffled = new ArrayList<>(sorted);
    Collections.shuffle(shuffled, new Random(1));
    for (String name : shuffled) {
      write(new ObjectName(name), bytes(1));
    }

    assertThat(names("")).containsExactlyElementsOf(sorted);
  }

  @Test
  @Duty("T6")
  final void prefixesAreTextAndNotFolders() throws Exception {
    for (String name : List.of("a/1", "a/2", "ab/1", "b/a/1")) {
      write(new ObjectName(name), bytes(1));
    }

    assertThat(names("a")).containsExactly("a/1", "a/2", "ab/1");
    assertThat(names("a/")).containsExactly("a/1", "a/2");
    assertThat(names("a/1")).containsExactly("a/1");
    assertThat(names("b/a")).containsExactly("b/a/1");
    for (String none : List.of("a/1/", "a/12", "/", "/a", ".", "../", "./a", "c", "A")) {
      assertThat(names(none)).as("list of '%s'", none).isEmpty();
    }
  }

  @Test
  @Duty("T6")
  final void foldersAreListedWithoutWhatIsBesideThemOrDeeper() throws Exception {
    for (String name : List.of("a", "a-b/1", "a-b/c/1", "a-b/c/2", "a-b/d", "b/1", "c/d/1")) {
      write(new ObjectName(name), bytes(1));
    }

    assertThat(foldersOf("")).containsExactly("a-b/1", "a-b/d", "b/1");
    assertThat(foldersOf("a-b/")).containsExactly("a-b/1", "a-b/d");
    assertThat(foldersOf("b")).containsExactly("b/1");
    assertThat(foldersOf("c/d/")).isEmpty();
    assertThat(names(target().listFolders("", "1"::equals)))
        .containsExactly("a-b/1", "a-b/d", "b/1");
    assertThat(names(target().listFolders("", "d"::equals))).containsExactly("a-b/1", "a-b/d");
    assertThat(target().listFolders("", "c"::equals)).isEmpty();
  }

  private List<String> foldersOf(String prefix) throws Exception {
    return names(target().listFolders(prefix));
  }

  private static List<String> names(List<ObjectInfo> objects) {
    return objects.stream().map(object -> object.name().value()).toList();
  }

  @Test
  @Duty("T6")
  final void sizesAndNamesInAListAreThoseOfStat() throws Exception {
    write(NAME, bytes(123));
    write(OTHER, bytes(0));

    for (ObjectInfo listed : target().list("")) {
      assertThat(target().stat(listed.name())).contains(listed);
    }
  }

  @Test
  @Duty("T6")
  final void aNameOfSixtyFourSegmentsAndOneOfTheLongestSegmentAreNamesLikeOthers()
      throws Exception {
    ObjectName deep = new ObjectName(String.join("/", Collections.nCopies(64, "s")));
    ObjectName wide = new ObjectName("w/" + "w".repeat(128));
    byte[] bytes = bytes(10);

    write(deep, bytes);
    write(wide, bytes);

    assertHolds(deep, bytes);
    assertHolds(wide, bytes);
    assertThat(names("")).containsExactly(deep.value(), wide.value());
  }

  @Test
  @Duty("T7")
  final void whatIsDeletedIsGoneAndCanBeWrittenAgain() throws Exception {
    write(NAME, bytes(10));
    target().delete(NAME);
    assertAbsent(NAME);
    byte[] again = bytes(20);

    write(NAME, again);

    assertHolds(NAME, again);
  }

  @Test
  @Duty("T7")
  final void anotherTargetOfTheStoreSeesEachChangeAtOnce() throws Exception {
    BackupTarget another = openAnother();
    byte[] bytes = bytes(10);

    write(NAME, bytes);
    assertThat(read(another, NAME, 0)).isEqualTo(bytes);
    assertThat(another.list("backup")).hasSize(1);

    another.delete(NAME);
    assertAbsent(NAME);
  }
}
