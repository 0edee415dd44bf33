package dev.openmemory.backup.storage.sftp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The fences of docs/architecture.md, as far as they concern this module. */
class SftpArchitectureTest {
  private static final JavaClasses MODULE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.openmemory.backup.storage.sftp");

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
        .haveSimpleName("SftpBackupTargetProvider")
        .check(MODULE);
  }

  @Test
  void packagesDoNotDependOnEachOtherInCircles() {
    slices()
        .matching("dev.openmemory.backup.storage.sftp.internal.(*)..")
        .should()
        .beFreeOfCycles()
        .check(MODULE);
  }

  @Test
  void theEngineOfBackupsIsKnownOnlyThroughTheSpi() {
    noClasses()
        .that()
        .doNotHaveSimpleName("SftpBackupTargetProvider")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..backup.internal.target..")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..backup.internal.[backup|catalog|lock|pause|prune|publish|restore|run|sync|transfer]..",
            "..backup.internal.plugin..",
            "..backup.source..")
        .check(MODULE);
  }
}
