package dev.openmemory.backup.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The fences of docs/architecture.md between modules, and the fences that several modules share.
 */
class FencesTest {
  private static final String ROOT = "dev.openmemory.backup.";
  private static final String DOCKER = ROOT + "docker";
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.openmemory.backup");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "internal.(**)",
        "cli.(**)",
        "age.internal.(*)..",
        "docker.internal.(*)..",
        "storage.s3.internal.(*)..",
        "storage.sftp.internal.(*).."
      })
  void packagesDoNotDependOnEachOtherInCircles(String packages) {
    slices().matching(ROOT + packages).should().beFreeOfCycles().check(ALL);
  }

  @Test
  void callersMeetOnlyTheProviderOfAStorageModule() {
    classes()
        .that()
        .resideInAPackage(ROOT + "storage.*")
        .and()
        .arePublic()
        .and()
        .areTopLevelClasses()
        .should()
        .haveSimpleNameEndingWith("BackupTargetProvider")
        .check(ALL);
  }

  @Test
  void plugInsKnowTheEngineOfBackupsOnlyThroughTheSpi() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + "storage..", ROOT + "age..", DOCKER + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "internal.[backup|catalog|crosscheck|drill|lock|migration|pause|prune]..",
            ROOT + "internal.[publish|restore|run|sync|transfer|undo]..",
            ROOT + "internal.plugin..",
            ROOT + "source..")
        .check(ALL);
    noClasses()
        .that()
        .resideInAPackage(ROOT + "storage..")
        .and()
        .doNotHaveSimpleName("SftpBackupTargetProvider")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "internal.target..")
        .check(ALL);
  }

  @Test
  void threadsAreStartedOnlyByCompressionDigestsParallelFilesTimeOutsAndPartsOfAnUpload() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.openmemory.backup",
            ROOT
                + "[archive|diff|drill|export|internal|migration|prune|source|spi|sync|targetcheck]..",
            "dev.openmemory.backup.[undo|verify]..",
            ROOT + "storage.[local|s3]..")
        .and()
        .resideOutsideOfPackages(
            ROOT + "internal.compress..", ROOT + "internal.parallel..", ROOT + "internal.watch..")
        .and()
        .doNotHaveSimpleName("MultipartUpload")
        .and()
        .doNotHaveSimpleName("Sha256Counter")
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java.util.concurrent.(Executors|.*ThreadPoolExecutor|ForkJoinPool|CompletableFuture)")
        .check(ALL);
  }

  @Test
  void askingForTheOptionsOfS3LoadsNoSdk() {
    noClasses()
        .that()
        .haveSimpleName("S3BackupTargetProvider")
        .or()
        .haveSimpleName("S3Options")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon..")
        .check(ALL);
  }

  @Test
  void callersMeetOnlyTheSchemeOfTheAgeModule() {
    classes()
        .that()
        .resideInAPackage(ROOT + "age")
        .and()
        .arePublic()
        .should()
        .haveSimpleName("AgeEncryptionScheme")
        .check(ALL);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "age.internal..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.exceptionfactory..", "org.bouncycastle..")
        .check(ALL);
  }

  @Test
  void onlyThePackageOfTheEngineKnowsTheClientLibraryOfDocker() {
    noClasses()
        .that()
        .resideInAPackage(DOCKER + "..")
        .and()
        .resideOutsideOfPackage(DOCKER + ".internal.engine")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.github.dockerjava..")
        .check(ALL);
  }

  @Test
  void callersOfTheDockerModuleMeetNoFailureOfInputOrOutputButOurs() {
    methods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage(DOCKER)
        .and()
        .arePublic()
        .should()
        .notDeclareThrowableOfType(IOException.class)
        .check(ALL);
  }
}
