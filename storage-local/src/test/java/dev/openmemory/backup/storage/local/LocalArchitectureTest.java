package dev.openmemory.backup.storage.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The fences of docs/architecture.md, as far as they concern this module. */
class LocalArchitectureTest {
  private static final JavaClasses MODULE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.openmemory.backup.storage.local");

  @Test
  void callersMeetTheProviderAlone() {
    classes()
        .that()
        .arePublic()
        .and()
        .areTopLevelClasses()
        .should()
        .haveSimpleName("LocalBackupTargetProvider")
        .check(MODULE);
  }

  @Test
  void theEngineOfBackupsIsKnownOnlyThroughTheSpi() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..backup.internal.[backup|catalog|lock|pause|prune|publish|restore|run|sync|transfer]..",
            "..backup.internal.[plugin|target]..",
            "..backup.source..")
        .check(MODULE);
  }

  @Test
  void threadsAreNotStarted() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java.util.concurrent.(Executors|.*ThreadPoolExecutor|ForkJoinPool|CompletableFuture)")
        .check(MODULE);
  }

  @Test
  void everyPackageIsNullMarked() {
    classes()
        .that()
        .haveSimpleName("package-info")
        .should()
        .beAnnotatedWith("org.jspecify.annotations.NullMarked")
        .check(MODULE);
  }
}
