package dev.openmemory.backup.storage.sftp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

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
        .should()
        .haveSimpleName("SftpBackupTargetProvider")
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
            "..backup.internal.engine..", "..backup.internal.plugin..", "..backup.source..")
        .check(MODULE);
  }
}
