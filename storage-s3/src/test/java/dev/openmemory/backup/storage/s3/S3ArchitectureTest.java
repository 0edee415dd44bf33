package dev.openmemory.backup.storage.s3;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The fences of docs/architecture.md, as far as they concern this module. */
class S3ArchitectureTest {
  private static final JavaClasses MODULE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.openmemory.backup.storage.s3");

  @Test
  void callersMeetTheProviderAlone() {
    classes()
        .that()
        .arePublic()
        .and()
        .areTopLevelClasses()
        .and()
        .resideOutsideOfPackage("..internal..")
        .should()
        .haveSimpleName("S3BackupTargetProvider")
        .check(MODULE);
  }

  @Test
  void askingForOptionsLoadsNoSdk() {
    noClasses()
        .that()
        .haveSimpleName("S3BackupTargetProvider")
        .or()
        .haveSimpleName("S3Options")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon..")
        .check(MODULE);
  }

  @Test
  void packagesDoNotDependOnEachOtherInCircles() {
    slices()
        .matching("dev.openmemory.backup.storage.s3.internal.(*)..")
        .should()
        .beFreeOfCycles()
        .check(MODULE);
  }

  @Test
  void theEngineOfBackupsIsKnownOnlyThroughTheSpi() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..backup.internal.[backup|catalog|lock|pause|prune|publish|restore|run|sync|transfer]..",
            "..backup.internal.plugin..",
            "..backup.internal.target..")
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("dev.openmemory.backup.source..")
        .check(MODULE);
  }

  @Test
  void threadsAreStartedOnlyForParts() {
    noClasses()
        .that()
        .doNotHaveSimpleName("MultipartUpload")
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java.util.concurrent.(Executors|.*ThreadPoolExecutor|ForkJoinPool|CompletableFuture)")
        .check(MODULE);
  }
}
