package dev.openmemory.backup.docker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The fences of docs/architecture.md, as far as they concern this module. */
class DockerArchitectureTest {
  private static final String API = "dev.openmemory.backup.docker";
  private static final JavaClasses MODULE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(API);

  @Test
  void onlyThePackageOfTheEngineKnowsTheClientLibrary() {
    noClasses()
        .that()
        .resideOutsideOfPackage(API + ".internal.engine")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.github.dockerjava..")
        .check(MODULE);
  }

  @Test
  void theEngineOfBackupsIsKnownOnlyThroughTheSpi() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..backup.internal.[backup|catalog|lock|pause|prune|publish|restore|run|sync|transfer]..",
            "..backup.internal.plugin..")
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("dev.openmemory.backup.source..")
        .check(MODULE);
  }

  @Test
  void callersMeetNoFailureOfInputOrOutputButOurs() {
    methods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage(API)
        .and()
        .arePublic()
        .should()
        .notDeclareThrowableOfType(IOException.class)
        .check(MODULE);
  }

  @Test
  void packagesDoNotDependOnEachOtherInCircles() {
    slices().matching(API + ".internal.(*)..").should().beFreeOfCycles().check(MODULE);
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
